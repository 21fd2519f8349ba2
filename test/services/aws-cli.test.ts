import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { credentials, TestService, unknownPipelineId } from '../test-service.ts'

const run = promisify(execFile)

/** A definition file such as people keep, with parameters and their values. */
const definitionFile = {
  objects: [
    { id: 'Default', scheduleType: 'ondemand', failureAndRerunMode: 'CASCADE', pipelineLogUri: 's3://logs/' },
    {
      id: 'Work',
      name: 'The work',
      type: 'ShellCommandActivity',
      command: 'echo #{myText}',
      scriptArgument: ['b', 'a'],
      workerGroup: 'wg',
    },
    { id: 'Later', type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', dependsOn: { ref: 'Work' } },
  ],
  parameters: [{ id: 'myText', type: 'String', default: 'hello' }],
  values: { myText: 'world' },
}

let service: TestService
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-aws-cli-'))
  await writeFile(join(folder, 'definition.json'), JSON.stringify(definitionFile))
  await writeFile(
    join(folder, 'broken.json'),
    JSON.stringify({ objects: [{ id: 'Work', type: 'ShellCommandActivity' }] }),
  )
  service = await TestService.start()
})

afterAll(async () => {
  await service.stop()
  await rm(folder, { recursive: true })
})

/** Runs one command of `aws datapipeline` and returns what it prints. */
async function aws(command: string, ...args: string[]): Promise<string> {
  const environment = {
    PATH: process.env.PATH,
    HOME: folder,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: service.url,
    AWS_MAX_ATTEMPTS: '1',
  }
  const { stdout } = await run('aws', ['datapipeline', command, ...args], { env: environment, cwd: folder })
  return stdout
}

const awsJson = async (command: string, ...args: string[]) => JSON.parse(await aws(command, ...args))

/** Creates a pipeline through the CLI. */
async function create(): Promise<string> {
  const { pipelineId } = await awsJson('create-pipeline', '--name', 'cli', '--unique-id', crypto.randomUUID())
  return pipelineId
}

/** Creates a pipeline with the definition file through the CLI, and activates it. */
async function activate(): Promise<string> {
  const pipelineId = await create()
  const id = ['--pipeline-id', pipelineId]
  await aws('put-pipeline-definition', ...id, '--pipeline-definition', 'file://definition.json')
  await aws('activate-pipeline', ...id)
  await service.engine.settle()
  return pipelineId
}

describe('the AWS CLI', () => {
  it('creates, tags, describes and lists pipelines', async () => {
    const tags = ['--tags', 'key=team,value=data', 'key=stage,value=']
    const creation = ['--name', 'cli', '--unique-id', 'token', '--description', 'from the CLI']
    const { pipelineId } = await awsJson('create-pipeline', ...creation, ...tags)
    expect(await awsJson('create-pipeline', '--name', 'cli', '--unique-id', 'token')).toEqual({ pipelineId })

    await aws('add-tags', '--pipeline-id', pipelineId, '--tags', 'key=owner,value=me')
    await aws('remove-tags', '--pipeline-id', pipelineId, '--tag-keys', 'team')
    const { pipelineDescriptionList } = await awsJson('describe-pipelines', '--pipeline-ids', pipelineId)
    expect(pipelineDescriptionList).toMatchObject([
      {
        pipelineId,
        name: 'cli',
        description: 'from the CLI',
        tags: [
          { key: 'stage', value: '' },
          { key: 'owner', value: 'me' },
        ],
      },
    ])
    expect((await awsJson('list-pipelines')).pipelineIdList).toContainEqual({ id: pipelineId, name: 'cli' })
  })

  it('puts a definition file and gets it back', async () => {
    const pipelineId = await create()
    const id = ['--pipeline-id', pipelineId]
    const put = await awsJson('put-pipeline-definition', ...id, '--pipeline-definition', 'file://definition.json')
    expect(put).toMatchObject({ errored: false, validationErrors: [] })

    const { objects, parameters, values } = await awsJson('get-pipeline-definition', ...id)
    const named = definitionFile.objects.map((each) => ({ name: each.id, ...each }))
    expect({ objects, parameters, values }).toEqual({ ...definitionFile, objects: named })
  })

  it('takes values of parameters on the command line', async () => {
    const pipelineId = await create()
    const id = ['--pipeline-id', pipelineId]
    const values = ['--parameter-values', 'myText=there']
    await aws('put-pipeline-definition', ...id, '--pipeline-definition', 'file://definition.json', ...values)
    const { values: stored } = await awsJson('get-pipeline-definition', ...id, '--pipeline-version', 'latest')
    expect(stored).toEqual({ myText: 'there' })
  })

  it('shows what is wrong with a definition', async () => {
    const pipelineId = await create()
    const definition = ['--pipeline-definition', 'file://broken.json']
    const put = await awsJson('put-pipeline-definition', '--pipeline-id', pipelineId, ...definition)
    expect(put).toMatchObject({ errored: true, validationErrors: [{ id: 'Work' }] })

    const fields = [{ key: 'type', stringValue: 'ShellCommandActivity' }]
    const objects = ['--pipeline-objects', JSON.stringify([{ id: 'Work', name: 'Work', fields }])]
    const validation = await awsJson('validate-pipeline-definition', '--pipeline-id', pipelineId, ...objects)
    expect(validation.validationErrors).toEqual(put.validationErrors)
    const activation = aws('activate-pipeline', '--pipeline-id', pipelineId)
    await expect(activation).rejects.toThrow('(InvalidRequestException) when calling the ActivatePipeline operation')
  })

  it('lists runs, and selects them by status and time', async () => {
    const pipelineId = await activate()
    const interval = ['--start-interval', '2025-12-31T00:00:00,2026-01-02T00:00:00']
    const rows = await aws('list-runs', '--pipeline-id', pipelineId, ...interval)
    expect(rows).toMatch(/ Work +2026-01-01T00:00:00 +WAITING_FOR_RUNNER/)
    expect(rows).toContain('@Later_2026-01-01T00:00:00')

    const runs = ['list-runs', '--output', 'json', '--pipeline-id', pipelineId, ...interval, '--status'] as const
    expect(await awsJson(...runs, 'waiting_for_runner')).toHaveLength(1)
    expect(await awsJson(...runs, 'failed,cancelled')).toEqual([])
  })

  it('queries and describes objects, and evaluates expressions', async () => {
    const pipelineId = await activate()
    const id = ['--pipeline-id', pipelineId]
    const selector = { fieldName: '@componentParent', operator: { type: 'REF_EQ', values: ['Work'] } }
    const query = ['--objects-query', JSON.stringify({ selectors: [selector] })]
    const { ids } = await awsJson('query-objects', ...id, '--sphere', 'INSTANCE', ...query)
    expect(ids).toEqual(['@Work_2026-01-01T00:00:00'])

    const described = await awsJson('describe-objects', ...id, '--object-ids', ...ids, '--evaluate-expressions')
    expect(described.pipelineObjects[0].fields).toContainEqual({ key: 'command', stringValue: 'echo world' })
    const expression = ['--object-id', ids[0], '--expression', 'on #{format(@scheduledStartTime,"YYYY-MM-dd")}']
    expect(await awsJson('evaluate-expression', ...id, ...expression)).toEqual({ evaluatedExpression: 'on 2026-01-01' })
  })

  it('works as a task runner', async () => {
    await activate()
    const { taskObject } = await awsJson('poll-for-task', '--worker-group', 'wg', '--hostname', 'laptop')
    const task = ['--task-id', taskObject.taskId]
    expect(await awsJson('report-task-progress', ...task)).toEqual({ canceled: false })
    expect(await aws('set-task-status', ...task, '--task-status', 'FINISHED')).toBe('')
    const heartbeat = await awsJson('report-task-runner-heartbeat', '--taskrunner-id', 'laptop')
    expect(heartbeat).toEqual({ terminate: false })
  })

  it('sets the status of objects', async () => {
    const pipelineId = await activate()
    const id = ['--pipeline-id', pipelineId]
    const instance = ['--object-ids', '@Work_2026-01-01T00:00:00']
    await aws('set-status', ...id, ...instance, '--status', 'TRY_CANCEL')
    await service.engine.settle()
    await aws('set-status', ...id, ...instance, '--status', 'MARK_FINISHED')
    const status = await service.objectField(pipelineId, '@Work_2026-01-01T00:00:00', '@status')
    expect(status).toBe('FINISHED')
  })

  it('deactivates and deletes a pipeline', async () => {
    const pipelineId = await activate()
    await aws('deactivate-pipeline', '--pipeline-id', pipelineId, '--no-cancel-active')
    await service.engine.settle()
    expect(await service.pipelineField(pipelineId, '@pipelineState')).toBe('INACTIVE')
    await aws('delete-pipeline', '--pipeline-id', pipelineId)
    await service.engine.settle()
    const description = aws('describe-pipelines', '--pipeline-ids', pipelineId)
    await expect(description).rejects.toThrow('(PipelineDeletedException) when calling the DescribePipelines operation')
  })

  it('names the exception and says what it is about', async () => {
    const deletion = aws('delete-pipeline', '--pipeline-id', unknownPipelineId)
    await expect(deletion).rejects.toThrow(
      /An error occurred \(PipelineNotFoundException\) when calling the DeletePipeline operation: .*df-00000000/,
    )
  })
})
