import { describe, expect, it } from 'vitest'
import { errorOf, useService } from '../test-service.ts'

const service = useService()

async function takeTask() {
  const pipelineId = await service.current.activate()
  const { taskObject } = await service.current.client.pollForTask({ workerGroup: 'wg' })
  return { pipelineId, taskId: String(taskObject?.taskId), attemptId: String(taskObject?.attemptId) }
}

describe('serialization', () => {
  it('answers whether to stop, and nothing else', async () => {
    const { taskId } = await takeTask()
    const answer = await service.current.call('ReportTaskProgress', { taskId })
    expect(answer).toMatchObject({ status: 200, body: '{"canceled":false}' })
  })
})

describe('validation', () => {
  it('refuses a call without taskId', async () => {
    const answer = await service.current.call('ReportTaskProgress', {})
    expect(errorOf(answer).message).toMatch(/^1 validation error detected: Value null at 'taskId'/)
  })

  it('refuses a taskId of 2049 characters', async () => {
    const answer = await service.current.call('ReportTaskProgress', { taskId: 'x'.repeat(2049) })
    expect(errorOf(answer).message).toMatch(/Member must have length less than or equal to 2048$/)
  })
})

describe('behaviour', () => {
  it('shows reported fields on the attempt', async () => {
    const { pipelineId, taskId, attemptId } = await takeTask()
    const fields = [{ key: 'percentComplete', stringValue: '50' }]
    await service.current.client.reportTaskProgress({ taskId, fields })
    expect(await service.current.objectField(pipelineId, attemptId, 'percentComplete')).toBe('50')
  })

  it('tells the runner to stop when the task has been cancelled', async () => {
    const { pipelineId, taskId, attemptId } = await takeTask()
    const instanceId = attemptId.replace(/_Attempt=1$/, '')
    await service.current.client.setStatus({ pipelineId, objectIds: [instanceId], status: 'TRY_CANCEL' })
    await service.current.engine.settle()
    expect((await service.current.client.reportTaskProgress({ taskId })).canceled).toBe(true)
  })

  it('tells the runner to stop when it has been silent for so long that the task is no longer its own', async () => {
    const { taskId } = await takeTask()
    await service.current.engine.pass(3_600_000)
    expect((await service.current.client.reportTaskProgress({ taskId })).canceled).toBe(true)
  })

  it('knows no task of a made-up id', async () => {
    const report = service.current.client.reportTaskProgress({ taskId: 'made-up' })
    await expect(report).rejects.toMatchObject({ name: 'TaskNotFoundException' })
  })
})
