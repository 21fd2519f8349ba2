import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MachineRequest } from '../resource-provider.ts'
import { LocalProvider } from './local-provider.ts'
import { processBirth } from './process-birth.ts'

/** A stand-in for the task runner: its worker group says how it behaves. */
const PROGRAM = `
  import { spawn } from 'node:child_process'
  import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
  import { parseArgs } from 'node:util'
  const options = { workerGroup: { type: 'string' }, 'ready-file': { type: 'string' }, config: { type: 'string' } }
  const { values } = parseArgs({ strict: false, options })
  const isFirst = readFileSync(process.env.COUNTER, 'utf8') === ''
  appendFileSync(process.env.COUNTER, 'x')
  const ready = () => {
    writeFileSync('pid', String(process.pid))
    renameSync('pid', values['ready-file'])
  }
  const child = (code) => spawn(process.execPath, ['-e', code], { detached: true, stdio: 'ignore' })
  switch (values.workerGroup) {
    case 'fails': console.log('no such region'); process.exit(3)
    case 'killed once': if (isFirst) process.kill(process.pid, 'SIGKILL'); break
    case 'killed always': process.kill(process.pid, 'SIGKILL'); break
    case 'ignores SIGTERM': process.on('SIGTERM', () => 0); break
    case 'has children': {
      const { pid } = child("process.on('SIGTERM', () => 0); setInterval(() => 0, 1e6)")
      writeFileSync('child', String(pid))
    }
  }
  if (values.workerGroup !== 'never') ready()
  setInterval(() => 0, 1e6)
`

let folder: string
let providers: LocalProvider[]
let lost: [machineId: string, reason: string][]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-machines-'))
  await writeFile(join(folder, 'program.mjs'), PROGRAM)
  await writeFile(join(folder, 'counter'), '')
  providers = []
  lost = []
})

afterEach(async () => {
  await Promise.all(providers.map((provider) => provider.stop()))
  await newProvider().adopt(new Set())
  await rm(folder, { recursive: true })
})

function newProvider(endpoint = 'http://127.0.0.1:8040'): LocalProvider {
  const provider = new LocalProvider({
    machinesFolder: join(folder, 'machines'),
    program: [process.execPath, join(folder, 'program.mjs')],
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    environment: { PATH: process.env.PATH ?? '', COUNTER: join(folder, 'counter') },
  })
  provider.onLost((machineId, reason) => lost.push([machineId, reason]))
  providers.push(provider)
  return provider
}

const request = (workerGroup: string, machineId = 'm-1'): MachineRequest => ({
  machineId,
  pipelineId: 'df-1',
  instanceId: '@MyServer_2026-01-01T00:00:00',
  resourceType: 'Ec2Resource',
  workerGroup,
  fields: new Map(),
})

const inMachine = (name: string, machineId = 'm-1') => join(folder, 'machines', machineId, name)

/** The process id in a file. Never 0, which stands for the process group of the test itself where signals are sent. */
async function pidIn(name: string, machineId = 'm-1'): Promise<number> {
  const pid = Number(await readFile(inMachine(name, machineId), 'utf8'))
  if (!(pid > 0)) throw new Error(`There is no process id in ${name} of ${machineId}.`)
  return pid
}

const isAlive = async (pid: number) => (await processBirth(pid)) !== undefined

/** Resolves when a process has ended: the system tells only its parent. */
async function hasEnded(pid: number): Promise<void> {
  while (await isAlive(pid));
}

/** Resolves when a machine has been reported lost. */
async function lossOf(provider: LocalProvider): Promise<[string, string]> {
  return new Promise((resolve) => provider.onLost((machineId, reason) => resolve([machineId, reason])))
}

test('a machine is up when its task runner says so, and is made once however often it is asked for', async () => {
  const provider = newProvider()
  const machines = await Promise.all([provider.create(request('plain')), provider.create(request('plain'))])
  expect([...machines, await provider.create(request('plain'))]).toEqual(Array(3).fill({ resourceId: 'm-1' }))
  expect(await isAlive(await pidIn('ready'))).toBe(true)
  expect(await readFile(join(folder, 'counter'), 'utf8')).toBe('x')
})

test('only its owner can read the access key of a machine', async () => {
  await newProvider().create(request('plain'))
  expect((await stat(inMachine('credentials.json'))).mode & 0o777).toBe(0o600)
  expect((await stat(inMachine(''))).mode & 0o777).toBe(0o700)
})

test('a machine that ends before it is up fails with the last that it said', async () => {
  const creation = newProvider().create(request('fails'))
  await expect(creation).rejects.toThrow('before it was up, with status 3. Its last output: no such region')
  expect(lost).toEqual([])
})

test('a machine that is killed while it starts is started again, but not for ever', async () => {
  const provider = newProvider()
  await provider.create(request('killed once'))
  expect(await readFile(join(folder, 'counter'), 'utf8')).toBe('xx')
  await expect(provider.create(request('killed always', 'm-2'))).rejects.toThrow('by SIGKILL')
  expect(await readFile(join(folder, 'counter'), 'utf8')).toBe('xxxxx')
})

test('nothing is left of a machine that was terminated: no process, no child of one, no folder', async () => {
  const provider = newProvider()
  await provider.create(request('has children'))
  const pids = [await pidIn('ready'), await pidIn('work/child')]
  await Promise.all([provider.terminate('m-1'), provider.terminate('m-1')])
  expect(await Promise.all(pids.map(isAlive))).toEqual([false, false])
  expect(existsSync(inMachine(''))).toBe(false)
  expect(lost).toEqual([])
})

test('a machine that is terminated while it starts is not made any more', async () => {
  const provider = newProvider()
  const creation = provider.create(request('never'))
  const refusal = expect(creation).rejects.toThrow('while it started')
  await provider.terminate('m-1')
  await refusal
  await expect(provider.create(request('plain'))).rejects.toThrow('terminated')
  expect(existsSync(inMachine(''))).toBe(false)
})

test('a machine that never was is already gone', async () => {
  await newProvider().terminate('m-9')
  expect(lost).toEqual([])
})

test('a machine that ends by itself is lost, with its children', async () => {
  const provider = newProvider()
  const loss = lossOf(provider)
  await provider.create(request('has children'))
  const child = await pidIn('work/child')
  process.kill(await pidIn('ready'), 'SIGKILL')
  expect(await loss).toEqual(['m-1', 'The machine ended by itself, by SIGKILL.'])
  expect(await isAlive(child)).toBe(false)
})

test('a machine outlives its server, and the next server watches it again and destroys those it does not want', async () => {
  const first = newProvider()
  await Promise.all([first.create(request('plain')), first.create(request('plain', 'm-2'))])
  const [wanted, unwanted] = [await pidIn('ready'), await pidIn('ready', 'm-2')]
  await first.stop()
  expect(await isAlive(wanted)).toBe(true)

  const second = newProvider()
  const loss = lossOf(second)
  await second.adopt(new Set(['m-1']))
  expect(await Promise.all([wanted, unwanted].map(isAlive))).toEqual([true, false])
  expect(await second.create(request('plain'))).toEqual({ resourceId: 'm-1' })
  process.kill(wanted, 'SIGKILL')
  expect((await loss)[0]).toBe('m-1')
})

test('a server that stops gives up the machines that start, and the next one gets them', async () => {
  const first = newProvider()
  const creations = ['m-1', 'm-2', 'm-3', 'm-4', 'm-5', 'm-6'].map((id) => first.create(request('never', id)))
  const refusals = Promise.all(creations.map((creation) => expect(creation).rejects.toThrow('The server stops')))
  await first.stop()
  await refusals
  await first.endAll()
  const second = newProvider()
  await second.adopt(new Set(['m-1']))
  expect(await second.create(request('plain'))).toEqual({ resourceId: 'm-1' })
  expect(lost).toEqual([])
})

test('no machine is left when all are ended, but the next server knows of those that were up', async () => {
  const first = newProvider()
  await first.create(request('has children'))
  const pids = [await pidIn('ready'), await pidIn('work/child')]
  await first.stop()
  await first.endAll()
  expect(await Promise.all(pids.map(isAlive))).toEqual([false, false])
  await newProvider().adopt(new Set(['m-1']))
  expect(lost).toEqual([['m-1', 'The machine ended while the server was down.']])
})

test('a machine that ended while there was no server is lost', async () => {
  const first = newProvider()
  await first.create(request('plain'))
  await first.stop()
  const pid = await pidIn('ready')
  process.kill(pid, 'SIGKILL')
  await hasEnded(pid)
  await newProvider().adopt(new Set(['m-1']))
  expect(lost).toEqual([['m-1', 'The machine ended while the server was down.']])
})

// Less than the time that a machine has to end by itself.
test('a machine that polls the endpoint of an earlier server is killed at once and lost', {
  timeout: 8_000,
}, async () => {
  const first = newProvider('http://127.0.0.1:1')
  await first.create(request('ignores SIGTERM'))
  const pid = await pidIn('ready')
  await first.stop()
  await newProvider().adopt(new Set(['m-1']))
  expect(lost.map(([machineId]) => machineId)).toEqual(['m-1'])
  expect(await isAlive(pid)).toBe(false)
})

test('a process that has the recycled id of a machine is left alone', async () => {
  const first = newProvider()
  await first.create(request('plain'))
  const pid = await pidIn('ready')
  await first.stop()
  process.kill(pid, 'SIGKILL')
  await hasEnded(pid)
  const path = inMachine('machine.json')
  const record = { ...JSON.parse(await readFile(path, 'utf8')), process: { pid: process.pid, birth: 'another' } }
  await writeFile(path, JSON.stringify(record))
  await newProvider().adopt(new Set())
  expect(existsSync(inMachine(''))).toBe(false)
})
