import { pino } from 'pino'
import { defaultLimits, type Limits } from '../src/core/definition/limits.ts'
import { type Definition, type ObjectId, objectId } from '../src/core/definition/pipeline-object.ts'
import type { Notification } from '../src/engine/actions/act.ts'
import { systemChance } from '../src/engine/chance.ts'
import { createEngine, type RunningEngine } from '../src/engine/create-engine.ts'
import type { Task } from '../src/engine/engine.ts'
import type { World } from '../src/engine/performers.ts'
import type { CheckResult } from '../src/preconditions/precondition-check.ts'
import type { PipelineId } from '../src/store/rows.ts'
import { openSqliteStore } from '../src/store/sqlite/open-sqlite-store.ts'
import type { Store } from '../src/store/store.ts'
import { TestClock } from './test-clock.ts'
import { TestMachines } from './test-machines.ts'

/** 2026-01-01T00:00:00Z, at which the clock of a test stands at first. */
export const startOfTest = Date.UTC(2026, 0, 1)

/** How often a test looks whether commands have been performed, before it takes them for waiting. */
const settleRoundsMax = 10

/** An engine on a database in memory, with a clock of its own, and the world around it in the hands of the test. */
export class TestEngine {
  readonly clock = new TestClock(startOfTest)
  readonly machines = new TestMachines()
  readonly notifications: Notification[] = []
  /** What has gone wrong inside the engine: the lines of its log that report errors. */
  readonly errors: string[] = []
  /** What checks of preconditions find, or why they find nothing. */
  checkResult: CheckResult | Error = { kind: 'met' }
  /** Why notifications cannot be sent. */
  publishError: Error | undefined
  /** What happens when a notification has been sent. */
  onPublished: () => void = () => undefined
  /** How often the engine has written. */
  commitCount = 0
  /** Why nothing can be written. */
  diskError: Error | undefined
  /** Whose limits hold from the next {@link restart} on. */
  limits: Limits = defaultLimits
  /** How long finished runs are kept from the next {@link restart} on, in milliseconds. */
  keepRunsMs: number | undefined
  readonly store: Store
  #engine: RunningEngine

  private constructor(store: Store) {
    this.store = store
    this.#engine = this.#createEngine()
  }

  /** Starts an engine on a database in memory, or on the one in `file`. */
  static async start(file = ':memory:'): Promise<TestEngine> {
    const test = new TestEngine(await openSqliteStore({ file }))
    await test.engine.start()
    return test
  }

  get engine(): RunningEngine {
    return this.#engine
  }

  async stop(): Promise<void> {
    await this.engine.stop()
    await this.store.close()
  }

  /** Stops the engine and starts another one on the same store, as a server does that is started again. */
  async restart(): Promise<void> {
    await this.engine.stop()
    this.#engine = this.#createEngine()
    await this.engine.start()
    await this.settle()
  }

  #createEngine(): RunningEngine {
    const world: World = {
      provider: this.machines,
      checkPrecondition: async () => {
        if (this.checkResult instanceof Error) throw this.checkResult
        return this.checkResult
      },
      publisher: {
        publish: async (notification) => {
          if (this.publishError !== undefined) throw this.publishError
          this.notifications.push(notification)
          this.onPublished()
        },
      },
    }
    const defaults = { retryDelayMs: 600_000, recheckDelayMs: 10_000 }
    const log = pino({ level: 'error' }, { write: (line) => void this.errors.push(line) })
    const store: Store = {
      ...this.store,
      transaction: async (work) => {
        if (this.diskError !== undefined) throw this.diskError
        this.commitCount += 1
        return await this.store.transaction(work)
      },
    }
    const parts = { store, clock: this.clock, chance: systemChance, world }
    return createEngine({ ...parts, limits: this.limits, defaults, keepRunsMs: this.keepRunsMs, log })
  }

  /** Creates a pipeline with a definition, and activates it. */
  async activate(definition: Definition): Promise<PipelineId> {
    const pipelineId = await this.put(definition)
    await this.engine.activatePipeline({ pipelineId, parameterValues: [], startAt: undefined })
    await this.settle()
    return pipelineId
  }

  /** Creates a pipeline with a definition that has no errors. */
  async put(definition: Definition): Promise<PipelineId> {
    const pipelineId = await this.engine.createPipeline({
      name: 'test',
      uniqueId: crypto.randomUUID(),
      description: undefined,
      tags: [],
      caller: { userId: 'user', accountId: 'account' },
    })
    const problems = await this.engine.putPipelineDefinition({ pipelineId, definition })
    const errors = problems.filter(({ severity }) => severity !== 'warning')
    if (errors.length > 0) throw new Error(JSON.stringify(errors))
    return pipelineId
  }

  /** Waits until the engine has done everything that can be done at this time; commands that wait for something cannot be. */
  async settle(): Promise<void> {
    let oldest: number | undefined
    for (let quiet = 0, rounds = 0; quiet < 3 && rounds < settleRoundsMax; quiet += 1, rounds += 1) {
      for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve))
      const [timerAt, [command]] = await Promise.all([
        this.store.reads.nextTimerAt(),
        this.store.reads.listOutbox(0, 1),
      ])
      const hasDueTimer = timerAt !== undefined && timerAt <= this.clock.now()
      if (hasDueTimer || command?.sequence !== oldest) rounds = 0
      if (hasDueTimer || command !== undefined) quiet = -1
      oldest = command?.sequence
    }
  }

  /** Lets time pass, and what is due happen. */
  async pass(durationMs: number): Promise<void> {
    this.clock.advance(durationMs)
    await this.settle()
  }

  /** Takes a task if there is one. */
  async poll(workerGroup: string): Promise<Task | undefined> {
    const signal = new AbortController().signal
    return await this.engine.pollForTask({ workerGroup, hostname: 'test', waitMs: 0, signal })
  }

  /** Takes the task that must be there. */
  async take(workerGroup: string): Promise<Task> {
    const task = await this.poll(workerGroup)
    if (task === undefined) throw new Error(`No task for ${workerGroup}.`)
    return task
  }

  /** Reports the result of a task. */
  async finish(task: Task, taskStatus: 'FINISHED' | 'FAILED' | 'FALSE' = 'FINISHED'): Promise<void> {
    await this.engine.setTaskStatus({
      taskId: task.taskId,
      taskStatus,
      errorId: undefined,
      errorMessage: taskStatus === 'FAILED' ? 'it failed' : undefined,
      errorStackTrace: undefined,
    })
    await this.settle()
  }

  /** The status words of all instances, by id. */
  async statuses(pipelineId: PipelineId): Promise<Record<string, string>> {
    const { items } = await this.engine.queryObjects({
      pipelineId,
      sphere: 'INSTANCE',
      selectors: [],
      marker: undefined,
      limit: 1000,
    })
    const words: Record<string, string> = {}
    for (const id of items) words[id] = await this.field(pipelineId, id, '@status')
    return words
  }

  /** One field of one object; the empty string if it has none. */
  async field(pipelineId: PipelineId, id: string | ObjectId, key: string): Promise<string> {
    const [object] = await this.engine.describeObjects({
      pipelineId,
      objectIds: [objectId(id)],
      expressions: 'verbatim',
    })
    const value = object?.fields.find((field) => field.key === key)?.value
    return value === undefined ? '' : value.kind === 'string' ? value.text : value.target
  }

  /** The state word of a pipeline. */
  async state(pipelineId: PipelineId): Promise<string> {
    const row = await this.store.reads.findPipeline(pipelineId)
    return row?.state ?? ''
  }
}
