import { execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Command } from '../activities/activity.ts'
import { CommandLauncher } from './command-launcher.ts'
import { type ProcessSpawner, startProcessSpawner } from './process-spawner.ts'

const isLinux = process.platform === 'linux'

const { signal } = new AbortController()

let folder: string
let spawner: ProcessSpawner
let launcher: CommandLauncher

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-launcher-'))
  spawner = startProcessSpawner({ commandFolder: folder, environment: { PATH: process.env.PATH }, token: randomUUID() })
  launcher = new CommandLauncher(spawner, folder)
})

afterEach(async () => {
  await launcher.stop()
  await spawner.stop()
  await rm(folder, { recursive: true })
})

const shell = (text: string, parts: Partial<Command> = {}): Command => ({
  program: { kind: 'shell', text },
  arguments: [],
  environment: {},
  ...parts,
})

async function run(command: Command) {
  const { status, stdoutFile, stderrFile } = await launcher.launch(command, signal)
  return { status, stdout: await readFile(stdoutFile, 'utf8'), stderr: await readFile(stderrFile, 'utf8') }
}

/** Whether a process is there and has not ended; one that nobody waited for stays as a zombie. */
async function isAlive(processId: number): Promise<boolean> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', `${processId}`]).catch(() => ({
    stdout: '',
  }))
  return stdout !== '' && !stdout.startsWith('Z')
}

test('tells what a command printed and how it ended', async () => {
  expect(await run(shell('echo out; echo err >&2; exit 3'))).toEqual({
    status: 3,
    stdout: 'out\n',
    stderr: 'err\n',
  })
  expect(await run(shell('kill -KILL $$'))).toMatchObject({ status: 137 })
})

test('a command that kills its own group is over like any other', async () => {
  expect(await run(shell('kill -KILL -$$'))).toMatchObject({ status: 137 })
  expect(await run(shell('kill 0; sleep 1000'))).toMatchObject({ status: 143 })
})

test('no signal is ignored in a command, and $$ is its own', async () => {
  const { stdout } = await run(shell('sh -c "kill -INT \\$\\$; kill -HUP \\$\\$"; echo $? $$ $BASHPID'))
  const [status, own, real] = stdout.trim().split(' ')
  expect(status).toBe('130')
  expect(own).toBe(real)
})

test('a spawner that is killed fails the commands, which are killed as well', async () => {
  const lost = new Promise<void>((resolve) => spawner.onLost(resolve))
  const running = launcher.launch(
    shell(`echo $$ > ${folder}/id; ps -o ppid= -p $PPID > ${folder}/spawner; sleep 1000`),
    signal,
  )
  const refusal = expect(running).rejects.toMatchObject({ errorId: 'TaskRunnerFault' })
  await vi.waitUntil(async () => /\d/.test(await readFile(join(folder, 'spawner'), 'utf8').catch(() => '')))
  process.kill(Number(await readFile(join(folder, 'spawner'), 'utf8')), 'SIGKILL')
  await refusal
  await lost
  const id = Number(await readFile(join(folder, 'id'), 'utf8'))
  await expect.poll(() => isAlive(id), { timeout: 5_000 }).toBe(false)
  await expect(launcher.launch(shell('true'), signal)).rejects.toMatchObject({ errorId: 'TaskRunnerFault' })
})

test('arguments and variables arrive unchanged', async () => {
  const odd = `it's "odd" $HOME \\ \`x\`\nü`
  const command = shell('printf "%s|" "$1" "$2" "$#" "$ODD"', { arguments: [odd, ''], environment: { ODD: odd } })
  expect((await run(command)).stdout).toBe(`${odd}||2|${odd}|`)
})

test('a file is executed with its interpreter, found in PATH', async () => {
  const command = {
    program: { kind: 'file', path: 'printf' },
    arguments: ['%s-%s', 'a', 'b'],
    environment: {},
  } as const
  expect((await run(command)).stdout).toBe('a-b')
  const missing = { program: { kind: 'file', path: 'no-such-command' }, arguments: [], environment: {} } as const
  expect(await run(missing)).toMatchObject({
    status: 127,
    stderr: expect.stringContaining('no-such-command: not found'),
  })
})

test('standard input is empty', async () => {
  expect((await run(shell('cat; echo end'))).stdout).toBe('end\n')
})

test('commands run at once', async () => {
  const runs = Array.from({ length: 6 }, (_, index) => run(shell(`echo ${index}`)))
  expect((await Promise.all(runs)).map(({ stdout }) => stdout)).toEqual(['0\n', '1\n', '2\n', '3\n', '4\n', '5\n'])
})

test('what a command leaves in its group is killed when it ends', async () => {
  const { stdout } = await run(shell('sleep 1000 & echo $!'))
  await expect.poll(() => isAlive(Number(stdout)), { timeout: 5_000 }).toBe(false)
})

test('what a command starts in another session is killed soon after', async ({ skip }) => {
  skip(!isLinux, 'Only Linux shows the environments of processes.')
  const { stdout } = await run(
    shell(`setsid sleep 1000 & while ! pgrep -s $! >${folder}/id; do :; done; cat ${folder}/id`),
  )
  await expect.poll(() => isAlive(Number(stdout)), { timeout: 5_000 }).toBe(false)
})

test('a command that is told to stop may clean up, and its children as well', async () => {
  const controller = new AbortController()
  const text = `trap 'echo parent > ${folder}/parent; exit' TERM
    sh -c 'trap "sleep 0.2; echo child > ${folder}/child; exit" TERM; touch ${folder}/ready; while :; do sleep 0.01; done' &
    wait`
  const running = launcher.launch(shell(text), controller.signal)
  await vi.waitUntil(() => existsSync(join(folder, 'ready')))
  controller.abort(new Error('told to stop'))
  await expect(running).rejects.toThrow('told to stop')
  expect(await readFile(join(folder, 'parent'), 'utf8')).toBe('parent\n')
  expect(await readFile(join(folder, 'child'), 'utf8')).toBe('child\n')
})

test('a command that does not want to stop is killed', { timeout: 10_000 }, async () => {
  const controller = new AbortController()
  const running = launcher.launch(
    shell(`trap '' TERM; echo $$ > ${folder}/id; while :; do sleep 0.01; done`),
    controller.signal,
  )
  await vi.waitUntil(() => existsSync(join(folder, 'id')))
  controller.abort(new Error('told to stop'))
  await expect(running).rejects.toThrow('told to stop')
  expect(await isAlive(Number(await readFile(join(folder, 'id'), 'utf8')))).toBe(false)
})

test('nothing is left of a task runner that is killed, whatever it was doing', { timeout: 60_000 }, async ({
  skip,
}) => {
  skip(!isLinux, 'Only Linux shows the environments of processes.')
  for (const moment of [
    'spawner starts',
    'commands begin',
    'commands run',
    'spawner starts',
    'commands begin',
    'commands run',
  ]) {
    const token = randomUUID()
    const runner = spawn(process.execPath, ['--input-type=module', '-e', killedProgram(token)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    expect(await lineIn(runner.stdout, moment)).toBe(moment)
    runner.kill('SIGKILL')
    await expect.poll(() => processesWith(token), { timeout: 5_000 }).toEqual([])
  }
})

/** The line, once it has been printed; the end of the output is no line. */
async function lineIn(output: Readable, wanted: string): Promise<string | undefined> {
  for await (const line of createInterface(output)) if (line === wanted) return line
  return undefined
}

/** A task runner with three commands, each of which starts processes that do not want to end. */
const killedProgram = (token: string) => `
  import { mkdirSync, watch } from 'node:fs'
  import { CommandLauncher } from '${import.meta.dirname}/command-launcher.ts'
  import { startProcessSpawner } from '${import.meta.dirname}/process-spawner.ts'
  watch('${folder}', (_event, file) => file === 'running-${token}' && console.log('commands run'))
  const environment = { PATH: process.env.PATH }
  const spawner = startProcessSpawner({ commandFolder: '/', environment, token: '${token}' })
  console.log('spawner starts')
  mkdirSync('${folder}/${token}')
  const launcher = new CommandLauncher(spawner, '${folder}/${token}')
  const text = 'trap "" TERM HUP; setsid sleep 1000 & sleep 1000 & touch ${folder}/running-${token}; sleep 1000; sleep 1000'
  const command = { program: { kind: 'shell', text }, arguments: [], environment: {} }
  for (let count = 0; count < 3; count++) void launcher.launch(command, new AbortController().signal)
  console.log('commands begin')`

/** The processes that have a word in their environment. */
async function processesWith(word: string): Promise<readonly string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const environments = await Promise.all(ids.map((id) => readFile(`/proc/${id}/environ`, 'utf8').catch(() => '')))
  return ids.filter((_, index) => environments[index]?.includes(word))
}
