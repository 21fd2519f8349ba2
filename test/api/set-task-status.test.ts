import { describe, expect, it } from 'vitest'
import { errorOf, useService } from '../test-service.ts'

const service = useService()

async function takeTask() {
  const pipelineId = await service.current.activate()
  const { taskObject } = await service.current.client.pollForTask({ workerGroup: 'wg' })
  return { pipelineId, taskId: String(taskObject?.taskId), attemptId: String(taskObject?.attemptId) }
}

describe('serialization', () => {
  it('answers with an empty structure', async () => {
    const { taskId } = await takeTask()
    const answer = await service.current.call('SetTaskStatus', { taskId, taskStatus: 'FINISHED' })
    expect(answer).toMatchObject({ status: 200, body: '{}' })
  })
})

describe('validation', () => {
  it('refuses a status that the model does not have', async () => {
    const answer = await service.current.call('SetTaskStatus', { taskId: 't', taskStatus: 'DONE' })
    expect(errorOf(answer).message).toBe(
      "1 validation error detected: Value 'DONE' at 'taskStatus' failed to satisfy constraint: Member must satisfy enum value set: [FINISHED, FAILED, FALSE]",
    )
  })

  it('keeps error ids that begin with Service_ to the service', async () => {
    const { taskId } = await takeTask()
    const report = service.current.client.setTaskStatus({ taskId, taskStatus: 'FAILED', errorId: 'Service_Down' })
    await expect(report).rejects.toMatchObject({ name: 'InvalidRequestException' })
  })
})

describe('behaviour', () => {
  it('finishes the instance', async () => {
    const { pipelineId, taskId, attemptId } = await takeTask()
    await service.current.client.setTaskStatus({ taskId, taskStatus: 'FINISHED' })
    await service.current.engine.settle()
    expect(await service.current.objectField(pipelineId, attemptId, '@status')).toBe('FINISHED')
    expect(await service.current.pipelineField(pipelineId, '@healthStatus')).toBe('HEALTHY')
  })

  it('keeps what the runner says of a failure on the attempt', async () => {
    const { pipelineId, taskId, attemptId } = await takeTask()
    const error = { errorId: 'ExitCode', errorMessage: 'exit code 3', errorStackTrace: 'line 1' }
    await service.current.client.setTaskStatus({ taskId, taskStatus: 'FAILED', ...error })
    await service.current.engine.settle()
    for (const [key, text] of Object.entries({ '@status': 'FAILED', ...error })) {
      expect(await service.current.objectField(pipelineId, attemptId, key)).toBe(text)
    }
  })

  it('changes nothing the second time', async () => {
    const { pipelineId, taskId, attemptId } = await takeTask()
    await service.current.client.setTaskStatus({ taskId, taskStatus: 'FINISHED' })
    await service.current.client.setTaskStatus({ taskId, taskStatus: 'FAILED' })
    await service.current.engine.settle()
    expect(await service.current.objectField(pipelineId, attemptId, '@status')).toBe('FINISHED')
  })

  it('knows no task of a made-up id', async () => {
    const report = service.current.client.setTaskStatus({ taskId: 'made-up', taskStatus: 'FINISHED' })
    await expect(report).rejects.toMatchObject({ name: 'TaskNotFoundException' })
  })
})
