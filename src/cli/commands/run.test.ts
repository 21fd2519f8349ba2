import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { CommandLine } from '../../../test/command-line.ts'
import { credentials, TestService } from '../../../test/test-service.ts'
import { instant } from '../../core/instant.ts'
import { createHttpTransport, type HttpTransport } from '../../transport/http-transport.ts'
import { createClient } from '../../wire/client.ts'
import { runCommand } from './run.ts'
import { statusCommand } from './status.ts'

const DEFINITION = {
  objects: [
    { id: 'Default', scheduleType: 'ondemand', failureAndRerunMode: 'none' },
    { id: 'First', type: 'ShellCommandActivity', command: 'echo #{myText}', workerGroup: 'wg', maximumRetries: '0' },
    { id: 'Second', type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', dependsOn: { ref: 'First' } },
  ],
  parameters: [{ id: 'myText', type: 'String' }],
}

let folder: string
let file: string
let service: TestService
let transport: HttpTransport

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-run-'))
  file = join(folder, 'greeting.json')
})

afterAll(() => rm(folder, { recursive: true }))

beforeEach(async () => {
  await writeFile(file, JSON.stringify(DEFINITION))
  service = await TestService.start()
  transport = createHttpTransport()
})

afterEach(async () => {
  transport.close()
  await service.stop()
})

/** A command line that is connected to the service. */
function commandLine(): CommandLine {
  const now = () => instant(Date.now())
  const client = createClient({
    transport: transport.send,
    endpoint: service.url,
    region: 'us-east-1',
    credentials,
    now,
  })
  return new CommandLine({ client })
}

/** Runs a file while a task runner ends each task with the next of these results. */
async function run(args: readonly string[], results: readonly ('FINISHED' | 'FAILED')[] = []): Promise<CommandLine> {
  const line = commandLine()
  const command = runCommand(line.context).exitOverride().parseAsync(args, { from: 'user' })
  for (const result of results) await service.engine.finish(await nextTask(), result)
  await command
  return line
}

async function nextTask() {
  const signal = new AbortController().signal
  const task = await service.engine.engine.pollForTask({ workerGroup: 'wg', hostname: 'test', waitMs: 60_000, signal })
  if (task === undefined) throw new Error('There is no task.')
  return task
}

async function status(...args: string[]): Promise<CommandLine> {
  const line = commandLine()
  await statusCommand(line.context).parseAsync(args, { from: 'user' })
  return line
}

const pipelineIdIn = ({ errors }: CommandLine): string => /df-\w+/.exec(errors)?.[0] ?? ''

test('a file is run to its end, each change is a line, and the status is 0', async () => {
  const line = await run([file, '--parameter', 'myText=hello'], ['FINISHED', 'FINISHED'])
  expect(line.status).toBe(0)
  expect(line.errors).toContain('is finished')
  const changes = line.output
    .trim()
    .split('\n')
    .map((text) => text.split('  ').slice(1).join(' '))
  expect(changes).toContain('@First_2026-01-01T00:00:00 FINISHED')
  expect(changes.at(-1)).toBe('@Second_2026-01-01T00:00:00 FINISHED')
})

test('a run ends with status 1 when something failed and the rest waits for it', async () => {
  const line = await run([file, '--parameter', 'myText=hello'], ['FAILED'])
  expect(line.status).toBe(1)
  expect(line.errors).toContain('@First_2026-01-01T00:00:00 FAILED: it failed')
  expect(line.errors).toContain('1 more wait for what failed')
})

test('a definition with errors becomes no pipeline', async () => {
  await writeFile(file, JSON.stringify({ objects: [{ id: 'Work', type: 'ShellComandActivity' }] }))
  const line = await run([file])
  expect([line.status, line.errors]).toEqual([1, expect.stringContaining('greeting.json:1:')])
  expect((await status()).errors).toContain('There are no pipelines')
})

test('a parameter that needs a value and gets none is an error before anything is created', async () => {
  const line = await run([file])
  expect([line.status, line.errors]).toEqual([1, expect.stringContaining("'myText' has no value")])
})

test('a file that holds no definition has status 2', async () => {
  await writeFile(file, '{ "objects": ')
  expect((await run([file])).status).toBe(2)
  await expect(run([join(folder, 'none.json')])).rejects.toThrow(/^There is no file .*none\.json\.$/)
  await expect(run([file, '--parameter', 'myText'])).rejects.toThrow('--parameter myParameter=value')
})

const TEMPLATE = `Resources:
  Other: { Type: "AWS::DataPipeline::Pipeline", Properties: { Name: other, PipelineObjects: [] } }
  Nightly:
    Type: AWS::DataPipeline::Pipeline
    Properties:
      Name: nightly
      PipelineObjects:
        - { Id: Default, Name: Default, Fields: [{ Key: scheduleType, StringValue: ondemand }] }
        - Id: First
          Name: First
          Fields:
            - { Key: type, StringValue: ShellCommandActivity }
            - { Key: command, StringValue: "true" }
            - { Key: workerGroup, StringValue: !Ref Group }
`

test('one pipeline of a template is run under its own name', async () => {
  await writeFile(file, TEMPLATE)
  const options = ['--template-value', 'Group=wg', '--pipeline', 'nightly']
  const line = await run([file, ...options], ['FINISHED'])
  expect([line.status, line.errors]).toEqual([0, expect.stringMatching(/df-\w+ \(nightly\) is active/)])
})

test('status lists pipelines, and tells what the instances of one wait for', async () => {
  const pipelineId = pipelineIdIn(await run([file, '--parameter', 'myText=hello'], ['FAILED']))
  expect((await status()).output).toMatch(new RegExp(`^${pipelineId}  SCHEDULED +ERROR +greeting\n$`))
  const { output } = await status(pipelineId)
  expect(output).toContain('1 FAILED, 1 WAITING_ON_DEPENDENCIES')
  expect(output).toContain('@First_2026-01-01T00:00:00 FAILED: it failed')
  expect(output).toContain('@Second_2026-01-01T00:00:00 waits for @First_2026-01-01T00:00:00')
})
