import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { DataPipeline } from '@aws-sdk/client-data-pipeline'
import { ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { processesThatMention } from '../services/processes.ts'

const MILLRACE = join(import.meta.dirname, '../../src/bin/millrace.js')

let folder: string
let data: string
const children: ChildProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-server-'))
  data = join(folder, 'data')
})

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  while ((await leftProcesses()).length > 0);
  await rm(folder, { recursive: true, maxRetries: 5 })
})

const leftProcesses = async () => (await processesThatMention(folder)).map(({ commandLine }) => commandLine)

/** Runs a command of Millrace in an environment without keys or endpoints. */
function millrace(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [MILLRACE, ...args], {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  return child
}

/** Runs a command to its end. */
async function outcome(child: ChildProcess) {
  const [output, errors, [status]] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
    once(child, 'exit'),
  ])
  return { output, errors, status }
}

/** Starts a server and returns it with what it tells its user to export, when it is ready. */
async function startServer(...args: string[]) {
  const server = millrace('server', '--data', data, '--port', '0', '--s3-port', '0', ...args)
  let output = ''
  server.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk
  })
  while (!output.includes('Ctrl-C')) await once(server.stdout ?? server, 'data')
  const exports = Object.fromEntries(
    [...output.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  )
  return { server, output, exports }
}

/** What the AWS SDKs make of the variables that a user exports. */
function clientConfig(exports: Record<string, string>, endpoint: string | undefined) {
  const credentials = {
    accessKeyId: exports.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: exports.AWS_SECRET_ACCESS_KEY ?? '',
  }
  return { endpoint: endpoint ?? '', region: exports.AWS_REGION ?? '', credentials, maxAttempts: 1 }
}

const definition = (command: string) =>
  JSON.stringify({
    objects: [
      { id: 'Default', scheduleType: 'ondemand', pipelineLogUri: 's3://logs/' },
      { id: 'Work', type: 'ShellCommandActivity', command, workerGroup: 'millrace', maximumRetries: '0' },
    ],
  })

test('what a server prints makes AWS’s own SDK talk to it, with one key for both endpoints', async () => {
  const { output, exports } = await startServer()
  const pipelines = new DataPipeline(clientConfig(exports, exports.AWS_ENDPOINT_URL_DATA_PIPELINE))
  const s3 = new S3Client(clientConfig(exports, exports.AWS_ENDPOINT_URL_S3))
  const { pipelineId } = await pipelines.createPipeline({ name: 'logs', uniqueId: 'logs' })
  await s3.send(new PutObjectCommand({ Bucket: 'weblogs', Key: 'a', Body: 'x' }))
  expect(pipelineId).toMatch(/^df-/)
  expect((await s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual(['weblogs'])
  expect(output).toContain(`Data          ${data}`)
  pipelines.destroy()
  s3.destroy()
})

test('only its owner can read what a server keeps', async () => {
  await startServer()
  const modeOf = async (path: string) => (await stat(join(data, path))).mode & 0o777
  expect([await modeOf(''), await modeOf('credentials.json')]).toEqual([0o700, 0o600])
})

test('a pipeline runs on the server’s own task runner, and its logs can be read', { timeout: 60_000 }, async () => {
  await startServer()
  await writeFile(join(folder, 'greeting.json'), definition('echo hello from $(pwd); echo trouble >&2'))
  const run = await outcome(millrace('run', 'greeting.json', '--data', data))
  expect([run.status, run.errors]).toEqual([0, expect.stringContaining('is finished')])
  const pipelineId = /df-\w+/.exec(run.errors)?.[0] ?? ''
  const logs = await outcome(millrace('logs', pipelineId, 'Work', '--data', data))
  expect(logs.output).toContain('hello from ')
  expect(logs.output).toContain('StdError.gz <==\ntrouble\n')
  const status = await outcome(millrace('status', '--data', data))
  expect(status.output).toMatch(/FINISHED +HEALTHY +greeting/)
})

test('a command on a computer without the AWS CLI finds aws s3', { timeout: 60_000 }, async () => {
  await startServer()
  const command = 'echo hi | aws s3 cp - s3://greetings/hi.txt && aws s3 ls s3://greetings/'
  await writeFile(join(folder, 'copy.json'), definition(command))
  const { status, errors } = await outcome(millrace('run', 'copy.json', '--data', data))
  expect([status, errors]).toEqual([0, expect.any(String)])
  expect(await readFile(join(data, 's3/greetings/hi.txt'), 'utf8')).toBe('hi\n')
})

test('a run that fails has status 1 and says why', { timeout: 60_000 }, async () => {
  await startServer()
  await writeFile(join(folder, 'broken.json'), definition('echo no disk >&2; exit 3'))
  const { status, errors } = await outcome(millrace('run', 'broken.json', '--data', data))
  expect([status, errors]).toEqual([1, expect.stringMatching(/@Work_\S+ FAILED: .*3/)])
})

test('a data folder has one server at a time, and a killed one does not block the next', async () => {
  const { server } = await startServer()
  const second = await outcome(millrace('server', '--data', data, '--port', '0', '--s3-port', '0'))
  expect(second).toMatchObject({ status: 2, errors: expect.stringContaining(`Another server runs on ${data}`) })
  server.kill('SIGKILL')
  await once(server, 'exit')
  const { exports } = await startServer()
  expect(exports.AWS_ACCESS_KEY_ID).toMatch(/^AKIA/)
})

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'a task that runs when its server ends by %s goes on at the next start, as the same attempt',
  { timeout: 60_000 },
  async (signal) => {
    const { server } = await startServer()
    const begun = join(folder, 'begun')
    await writeFile(join(folder, 'long.json'), definition(`[ -e ${begun} ] || { touch ${begun}; sleep 1000; }`))
    millrace('run', 'long.json', '--data', data)
    while (!existsSync(begun)) await stat(folder)
    server.kill(signal)
    await once(server, 'exit')
    const next = await startServer()
    const pipelines = new DataPipeline(clientConfig(next.exports, next.exports.AWS_ENDPOINT_URL_DATA_PIPELINE))
    const { pipelineIdList } = await pipelines.listPipelines({})
    const pipelineId = pipelineIdList?.[0]?.id ?? ''
    const stateOf = async () => {
      const { pipelineDescriptionList } = await pipelines.describePipelines({ pipelineIds: [pipelineId] })
      return pipelineDescriptionList?.[0]?.fields?.find(({ key }) => key === '@pipelineState')?.stringValue
    }
    while ((await stateOf()) !== 'FINISHED');
    const attempts = await pipelines.queryObjects({ pipelineId, sphere: 'ATTEMPT' })
    expect(attempts.ids).toEqual([expect.stringMatching(/_Attempt=1$/)])
    pipelines.destroy()
  },
)

test('the key stays the same from one start to the next', async () => {
  const first = await startServer()
  first.server.kill('SIGTERM')
  await once(first.server, 'exit')
  const second = await startServer()
  expect(second.exports.AWS_SECRET_ACCESS_KEY).toBe(first.exports.AWS_SECRET_ACCESS_KEY)
})

test('a server that is told to stop leaves no process, and says with its status that all is well', async () => {
  const { server } = await startServer('--worker-group', 'one', '--worker-group', 'two')
  server.kill('SIGTERM')
  expect(await once(server, 'exit')).toEqual([0, null])
  expect(await leftProcesses()).toEqual([])
})

test('a task runner does not outlive its server, however that ends', async () => {
  const { server } = await startServer()
  const exit = once(server, 'exit')
  server.kill('SIGKILL')
  while ((await leftProcesses()).length > 0);
  expect(await exit).toEqual([null, 'SIGKILL'])
})

test('a port that is taken is named before anything is started', async () => {
  const { exports } = await startServer()
  const { port } = new URL(exports.AWS_ENDPOINT_URL_S3 ?? '')
  const other = await outcome(millrace('server', '--data', join(folder, 'other'), '--port', port))
  expect(other).toMatchObject({
    status: 2,
    output: '',
    errors: expect.stringContaining(`Port ${port} of 127.0.0.1 is in use`),
  })
})

test.each([
  [['server', '--port', 'http'], '--port'],
  [['server', '--colour'], "unknown option '--colour'"],
  [['task-runner'], '--workerGroup'],
  [['run'], "missing required argument 'file'"],
  [['stauts'], 'Did you mean status?'],
  [['status'], 'No server runs on'],
])('%j is refused with what is wrong', async (args, message) => {
  const { status, errors } = await outcome(millrace(...args, ...(args[0] === 'status' ? ['--data', data] : [])))
  expect([status, errors]).toEqual([2, expect.stringContaining(message)])
})
