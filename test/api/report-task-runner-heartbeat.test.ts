import { describe, expect, it } from 'vitest'
import { errorOf, useService } from '../test-service.ts'

const service = useService()

describe('serialization', () => {
  it('answers whether to terminate, and nothing else', async () => {
    const answer = await service.current.call('ReportTaskRunnerHeartbeat', { taskrunnerId: 'r1' })
    expect(answer).toMatchObject({ status: 200, body: '{"terminate":false}' })
  })
})

describe('validation', () => {
  it('refuses a call without taskrunnerId', async () => {
    const answer = await service.current.call('ReportTaskRunnerHeartbeat', { workerGroup: 'wg' })
    expect(errorOf(answer).message).toMatch(/^1 validation error detected: Value null at 'taskrunnerId'/)
  })
})

describe('behaviour', () => {
  it('lets the runner of a worker group of its own go on', async () => {
    const heartbeat = { taskrunnerId: 'r1', workerGroup: 'wg', hostname: 'h' }
    expect((await service.current.client.reportTaskRunnerHeartbeat(heartbeat)).terminate).toBe(false)
  })

  it('ends the runner of a resource that is not there any more', async () => {
    const pipelineId = await service.current.create()
    const workerGroup = `resource:${pipelineId}_@Machine_2026-01-01T00:00:00`
    const heartbeat = { taskrunnerId: 'r1', workerGroup }
    expect((await service.current.client.reportTaskRunnerHeartbeat(heartbeat)).terminate).toBe(true)
  })
})
