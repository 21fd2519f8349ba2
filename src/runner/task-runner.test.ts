import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { object, ref } from '../../test/builders.ts'
import { s3Uri, startS3, type TestS3 } from '../../test/s3.ts'
import { type ScriptedService, startScriptedService } from '../../test/scripted-service.ts'
import { getObject } from '../datanodes/s3/get-object.ts'
import type { RunnerSettings } from './runner-settings.ts'
import { createTaskRunner, type TaskRunner } from './task-runner.ts'

let s3: TestS3
let service: ScriptedService
let folder: string
let runner: TaskRunner

beforeAll(async () => {
  s3 = await startS3()
})

afterAll(() => s3.stop())

beforeEach(async () => {
  service = await startScriptedService()
  folder = await mkdtemp(join(tmpdir(), 'millrace-runner-'))
  runner = createTaskRunner(settings())
  await runner.start()
})

afterEach(async () => {
  await runner.stop()
  await service.stop()
  await rm(folder, { recursive: true })
})

const settings = (parts: Partial<RunnerSettings> = {}): RunnerSettings => ({
  workerGroup: 'wg-1',
  endpoint: service.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'the-secret-key' },
  taskrunnerId: 'runner-1',
  hostname: 'host',
  tasks: 2,
  outputFolder: folder,
  logUri: undefined,
  readyFile: undefined,
  unreachableMsMax: undefined,
  proxyUrl: undefined,
  s3: s3.settings,
  environment: { PATH: process.env.PATH },
  ...parts,
})

type Fields = Parameters<typeof object>[1]

/** An attempt with the fields that the service adds. */
const attempt = (fields: Fields) =>
  object('@Shell_2026-01-01T00:00:00_Attempt=1', {
    type: 'ShellCommandActivity',
    '@componentParent': ref('Shell'),
    '@instanceParent': ref('@Shell_2026-01-01T00:00:00'),
    ...fields,
  })

const run = (fields: Fields, ...others: ReturnType<typeof object>[]) =>
  service.result(service.offer([attempt(fields), ...others]))

const inFolder = (name: string) => readFile(join(folder, name), 'utf8')

const logs = 'df-0123456ABCDEFGHIJKL/Shell/@Shell_2026-01-01T00:00:00/@Shell_2026-01-01T00:00:00_Attempt=1/'

async function unzipped(uri: string): Promise<string> {
  const body = await getObject(s3.client, s3Uri(uri), new AbortController().signal)
  return gunzipSync(await buffer(body)).toString()
}

test('a command is run and reported as finished', async () => {
  expect(await run({ command: 'echo done > done' })).toEqual({ taskId: 'task-1', taskStatus: 'FINISHED' })
  expect(await inFolder('done')).toBe('done\n')
})

test('a failure tells why, in characters that the service takes', async () => {
  expect(await run({ command: "printf '\\033[31mno such table \\377' >&2; exit 2" })).toEqual({
    taskId: 'task-1',
    taskStatus: 'FAILED',
    errorId: 'CommandFailed',
    errorMessage: 'The command exited with status 2. Its StdError ends with:\n\uFFFD[31mno such table \uFFFD',
  })
})

test('a type that the runner does not know fails with what is missing', async () => {
  expect(await run({ type: 'HiveActivity' })).toMatchObject({
    errorId: 'Unsupported',
    errorMessage:
      "This task runner cannot run the type 'HiveActivity'. HiveActivity needs Hive, which it does not have. " +
      'It runs ShellCommandActivity, CopyActivity, EmrActivity.',
  })
})

test('a precondition that does not hold is FALSE, with the reason', async () => {
  const type = 'ShellCommandPrecondition'
  expect(await run({ type, command: 'exit 1' })).toEqual({
    taskId: 'task-1',
    taskStatus: 'FALSE',
    errorMessage: 'The command exited with status 1 and printed nothing.',
  })
  expect(await run({ type, command: 'exit 0' })).toEqual({ taskId: 'task-2', taskStatus: 'FINISHED' })
  const node = object('Node', { type: 'S3DataNode', filePath: 's3://bucket/none' })
  expect(await run({ type: 'Exists', node: ref('Node') }, node)).toMatchObject({ taskStatus: 'FALSE' })
})

test('tasks run at once, more than there are polls', async () => {
  const together = 'touch $0-$1; until [ $(ls | grep -c together) = 5 ]; do sleep 0.01; done'
  const ids = Array.from({ length: 5 }, (_, index) =>
    service.offer([attempt({ command: together.replace('$0', 'together'), scriptArgument: `${index}` })]),
  )
  const results = await Promise.all(ids.map((id) => service.result(id)))
  expect(results.map(({ taskStatus }) => taskStatus)).toEqual(Array(5).fill('FINISHED'))
})

test('a long task is acknowledged, and shows its runtime fields', async () => {
  const step = 'command-runner.jar,sh,-c,until [ -e go ]; do sleep 0.01; done; rm go'
  const taskId = service.offer([attempt({ type: 'EmrActivity', step, pipelineLogUri: 's3://bucket/emr' })])
  await vi.waitUntil(() => service.progress.length > 0, { timeout: 5_000 })
  expect(service.progress[0]).toEqual({
    taskId,
    fields: [{ key: 'emrStepLog', stringValue: `s3://bucket/emr/${logs}steps/` }],
  })
  await run({ command: 'touch go' })
  expect(await service.result(taskId)).toMatchObject({ taskStatus: 'FINISHED' })
})

test('a task that is cancelled stops at once, and nothing more is said of it', async () => {
  service.script.canceled = true
  service.offer([attempt({ command: 'trap "touch stopped; exit" TERM; touch begun; while :; do sleep 0.01; done' })])
  await vi.waitUntil(() => existsSync(join(folder, 'stopped')), { timeout: 5_000 })
  service.script.canceled = false
  await run({ command: 'true' })
  expect(service.results).toHaveLength(1)
})

test('a service that restarts finds the task going on, and gets its result', async () => {
  const taskId = service.offer([attempt({ command: 'touch begun; until [ -e go ]; do sleep 0.01; done; touch ended' })])
  await vi.waitUntil(() => existsSync(join(folder, 'begun')))
  await service.pause()
  await writeFile(join(folder, 'go'), '')
  await vi.waitUntil(() => existsSync(join(folder, 'ended')))
  await service.resume()
  expect(await service.result(taskId)).toMatchObject({ taskStatus: 'FINISHED' })
  expect(await run({ command: 'true' })).toMatchObject({ taskStatus: 'FINISHED' })
})

test('a result that nobody wants is dropped, and the runner goes on', async () => {
  service.script.refusal = { operation: 'SetTaskStatus', exception: 'TaskNotFoundException', status: 400 }
  service.offer([attempt({ command: 'touch ran' })])
  await vi.waitUntil(() => existsSync(join(folder, 'ran')))
  await expect.poll(() => runnerLog()).toContain('the result FINISHED is unwanted')
  service.script.refusal = undefined
  expect(await run({ command: 'true' })).toMatchObject({ taskStatus: 'FINISHED' })
})

test('a runner that is throttled waits and comes back', async () => {
  service.script.refusal = { operation: 'SetTaskStatus', exception: 'ThrottlingException', status: 400 }
  const taskId = service.offer([attempt({ command: 'touch ran' })])
  await vi.waitUntil(() => existsSync(join(folder, 'ran')))
  service.script.refusal = undefined
  expect(await service.result(taskId)).toMatchObject({ taskStatus: 'FINISHED' })
})

test('a task without its attempt fails', async () => {
  const result = await service.result(service.offer([]))
  expect(result).toMatchObject({ taskStatus: 'FAILED', errorId: 'InvalidField' })
})

test('logs are put where the original puts them, without empty ones and without secrets', async () => {
  const database = object('Database', { '*password': 'hunter2' })
  await run(
    {
      command: 'echo connecting with $1; echo the-secret-key >&2; exit 1',
      scriptArgument: 'hunter2',
      database: ref('Database'),
      pipelineLogUri: 's3://bucket/logs/',
    },
    database,
  )
  await runner.stop()
  expect(await s3.keys(`s3://bucket/logs/${logs}`)).toEqual(
    ['Activity.log.gz', 'StdError.gz', 'StdOutput.gz'].map((name) => `logs/${logs}${name}`),
  )
  expect(await unzipped(`s3://bucket/logs/${logs}StdOutput.gz`)).toBe('connecting with *********\n')
  expect(await unzipped(`s3://bucket/logs/${logs}StdError.gz`)).toBe('*********\n')
  const activityLog = await unzipped(`s3://bucket/logs/${logs}Activity.log.gz`)
  expect(activityLog).toMatch(
    /^\d\d \w{3} \d{4} \d\d:\d\d:\d\d,\d{3} \[INFO\] \(TaskRunnerService-wg-1\) df-0123456ABCDEFGHIJKL millrace: Executing /,
  )
  expect(activityLog).toContain('ShellCommandActivity ended with FAILED: The command exited with status 1')
  expect(activityLog).not.toContain('the-secret-key')
})

test('nothing but Activity.log is put for a command that prints nothing', async () => {
  await run({ command: 'true', pipelineLogUri: 's3://bucket/silent' })
  await runner.stop()
  expect(await s3.keys('s3://bucket/silent')).toEqual([`silent/${logs}Activity.log.gz`])
})

test('steps of an EmrActivity have logs of their own', async () => {
  await run({
    type: 'EmrActivity',
    preStepCommand: 'echo before',
    step: ['command-runner.jar,echo,one', 'command-runner.jar,echo,two'],
    pipelineLogUri: 's3://bucket/steps',
  })
  await runner.stop()
  expect(await unzipped(`s3://bucket/steps/${logs}StdOutput.gz`)).toBe('before\none\ntwo\n')
  expect(await unzipped(`s3://bucket/steps/${logs}steps/2/StdOutput.gz`)).toBe('two\n')
})

test('a runner that is stopped ends its tasks, says so, and leaves no files', async () => {
  const taskId = service.offer([attempt({ command: 'touch begun; sleep 1000' })])
  await vi.waitUntil(() => existsSync(join(folder, 'begun')))
  await runner.stop()
  expect(await service.result(taskId)).toMatchObject({
    taskStatus: 'FAILED',
    errorId: 'TaskRunnerStopped',
    errorMessage: 'The task runner was stopped while the attempt ran.',
  })
  expect(await readdir(join(folder, 'tmp'))).toEqual([])
})

test('a runner tells that it is there, and ends when the service wants it to', async () => {
  await vi.waitUntil(() => service.heartbeats.length > 0)
  expect(service.heartbeats[0]).toEqual({ taskrunnerId: 'runner-1', workerGroup: 'wg-1', hostname: 'host' })
  service.script.terminate = true
  const other = createTaskRunner(settings({ taskrunnerId: 'runner-2', workerGroup: 'wg-2' }))
  await other.start()
  await expect(other.unwanted).resolves.toBeUndefined()
  await other.stop()
})

test('a runner that nobody would miss ends when the service is out of reach for too long', async () => {
  await runner.stop()
  await service.pause()
  const other = createTaskRunner(settings({ unreachableMsMax: 100 }))
  await other.start()
  await expect(other.unwanted).resolves.toBeUndefined()
  await other.stop()
})

test('the runner’s own log is put to S3 when it ends', async () => {
  const other = createTaskRunner(settings({ logUri: 's3://bucket/runner' }))
  await other.start()
  await other.stop()
  const [key] = await s3.keys('s3://bucket/runner/')
  expect(key).toMatch(/^runner\/TaskRunner\.\d{4}-\d\d-\d\d-\d\d\.gz$/)
  expect(await unzipped(`s3://bucket/${key}`)).toContain('Polling for wg-1')
})

test('a ready file is there once the runner polls', async () => {
  const readyFile = join(folder, 'ready')
  const other = createTaskRunner(settings({ readyFile }))
  await other.start()
  expect(existsSync(readyFile)).toBe(true)
  await other.stop()
})

test('stopping twice, or before the start, does no harm', async () => {
  await Promise.all([runner.stop(), runner.stop()])
  await expect(createTaskRunner(settings()).stop()).resolves.toBeUndefined()
})

async function runnerLog(): Promise<string> {
  const names = await readdir(join(folder, 'logs'))
  return (await Promise.all(names.map((name) => inFolder(join('logs', name))))).join('')
}
