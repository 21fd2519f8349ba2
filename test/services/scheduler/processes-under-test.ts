import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '../../../src/bin/connection.ts'
import type { Connection } from '../../../src/cli/command-context.ts'
import { freePorts, host, untilReady } from '../server-start.ts'

const MILLRACE = join(import.meta.dirname, '../../../src/bin/millrace.js')

/** The worker group of the task runners. */
export const workerGroup = 'scheduler'

/** The real processes of a Data Pipeline: one server, whose clock can be set wrong, and task runners of their own. */
export class ProcessesUnderTest {
  readonly folder: string
  readonly #ports: readonly string[]
  readonly #runnerCount: number
  #server: ChildProcess | undefined
  #connection: Connection | undefined
  #runners: ChildProcess[] = []

  private constructor(folder: string, { ports, runnerCount }: { ports: readonly string[]; runnerCount: number }) {
    this.folder = folder
    this.#ports = ports
    this.#runnerCount = runnerCount
  }

  static async start(runnerCount: number): Promise<ProcessesUnderTest> {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-scheduler-'))
    const processes = new ProcessesUnderTest(folder, { ports: await freePorts(), runnerCount })
    processes.skewClock(0)
    await processes.startServer()
    await processes.startRunners()
    return processes
  }

  get client(): Connection['client'] {
    if (this.#connection === undefined) throw new Error('The server does not run.')
    return this.#connection.client
  }

  get server(): ChildProcess | undefined {
    return this.#server
  }

  get runners(): readonly ChildProcess[] {
    return this.#runners
  }

  /** Sets the server's clock wrong by so much from the true time, at once. */
  skewClock(offsetMs: number): void {
    const seconds = (offsetMs / 1000).toFixed(3)
    writeFileSync(join(this.folder, 'clock'), offsetMs < 0 ? seconds : `+${seconds}`)
  }

  async killServer(): Promise<void> {
    await kill(this.#server)
    this.#server = undefined
    this.#connection?.close()
    this.#connection = undefined
  }

  async startServer(): Promise<void> {
    const data = join(this.folder, 'data')
    const args = [MILLRACE, 'server', '--data', data, ...this.#ports, '--until-input-ends', '--retry-delay', '1s']
    const clock = {
      LD_PRELOAD: fakeTime(),
      FAKETIME_TIMESTAMP_FILE: join(this.folder, 'clock'),
      FAKETIME_NO_CACHE: '1',
      // Only the time of day is wrong: no clock of a real machine stops or runs backwards.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    }
    const server = spawn(process.execPath, args, {
      env: { ...process.env, ...clock },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    await untilReady(server)
    this.#server = server
    this.#connection = await connect({ data }, {})
  }

  async killRunner(index: number): Promise<void> {
    await kill(this.#runners[index])
  }

  /** Starts the task runners that do not run. */
  async startRunners(): Promise<void> {
    const alive = this.#runners.filter(isRunning)
    const missing = Array.from({ length: this.#runnerCount - alive.length }, () => this.#startRunner())
    this.#runners = [...alive, ...missing]
  }

  /** Lets everything end that is there, and removes what it has written. */
  async stop(): Promise<void> {
    this.#connection?.close()
    for (const child of [...this.#runners, this.#server].filter((each) => each !== undefined)) {
      if (!isRunning(child)) continue
      child.kill('SIGCONT')
      child.stdin?.end()
      await once(child, 'exit')
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }

  #startRunner(): ChildProcess {
    const [, port] = this.#ports
    const endpoint = ['--endpoint', `http://${host}:${port}`, '--config', join(this.folder, 'data', 'credentials.json')]
    const args = ['task-runner', `--workerGroup=${workerGroup}`, ...endpoint, '--tasks', '4', '--until-input-ends']
    return spawn(process.execPath, [MILLRACE, ...args, '--output', join(this.folder, 'output')], {
      stdio: ['pipe', 'ignore', 'ignore'],
    })
  }
}

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null

async function kill(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || !isRunning(child)) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

/** The library that gives a process a clock of its own. */
function fakeTime(): string {
  const [library] = globSync('/usr/lib/*/faketime/libfaketime.so.1')
  if (library === undefined) throw new Error('libfaketime is missing: apt-get install libfaketime')
  return library
}
