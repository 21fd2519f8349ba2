import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { credentials, useService } from '../test-service.ts'

const run = promisify(execFile)
const service = useService()
const script = join(import.meta.dirname, 'boto3-session.py')

it('every operation answers boto3 as AWS does', async () => {
  const { accessKeyId, secretAccessKey } = credentials
  const { stdout } = await run('python3', [script, service.current.url, accessKeyId, secretAccessKey])

  const validation = { validationErrors: [], validationWarnings: expect.any(Array), errored: false }
  expect(JSON.parse(stdout)).toEqual({
    AddTags: {},
    RemoveTags: {},
    ValidatePipelineDefinition: validation,
    PutPipelineDefinition: validation,
    GetPipelineDefinition: true,
    ActivatePipeline: {},
    DescribePipelines: [{ key: 'b', value: '2' }],
    ListPipelines: ['boto3'],
    PollForTask: '@Work_2026-01-01T00:00:00_Attempt=1',
    ReportTaskProgress: { canceled: false },
    ReportTaskRunnerHeartbeat: { terminate: false },
    SetTaskStatus: {},
    QueryObjects: ['@Work_2026-01-01T00:00:00'],
    DescribeObjects: expect.arrayContaining(['echo wörld', 'FINISHED']),
    EvaluateExpression: { evaluatedExpression: '2026-01-01T00:00:00' },
    SetStatus: {},
    DeactivatePipeline: {},
    DeletePipeline: {},
    invalid: ['InvalidRequestException', 400],
    unknownTask: ['TaskNotFoundException', 400],
    unknownPipeline: ['PipelineNotFoundException', 400],
  })
})
