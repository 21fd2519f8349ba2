import type { Input } from '../../src/wire/inputs.ts'
import type { TaskObject } from '../../src/wire/outputs.ts'
import type { Agenda } from './agenda.ts'
import type { Network } from './network.ts'
import type { Rates } from './scenario.ts'
import { SeededChance } from './seeded-chance.ts'

const minuteMs = 60_000

/** What a task runner does between two polls that brought nothing, in milliseconds: the first pause, and the longest. */
const pauseMs = { first: 7 * minuteMs, longest: 60 * minuteMs } as const

/** What a task runner is made of. */
export type RunnerParts = {
  readonly agenda: Agenda
  readonly network: Network
  readonly seed: number
  readonly workerGroup: string
  readonly hostname: string
  readonly rates: () => Rates
  /** Told of each word that a runner says about a task. */
  onWord(taskId: string, word: string): void
}

/** How a runner treats one task. */
type Treatment = {
  readonly workMs: number
  readonly reportEveryMs: number
  readonly silence: 'none' | 'fromStart' | 'within'
  readonly isStubborn: boolean
  readonly taskStatus: Input<'SetTaskStatus'>['taskStatus']
}

/** A client of the task protocol that works through what it is given, more or less honestly. */
export class TaskRunner {
  readonly #parts: RunnerParts
  #isStopped = false

  constructor(parts: RunnerParts) {
    this.#parts = parts
  }

  /** Polls and works until it is stopped. */
  async run(): Promise<void> {
    const { agenda, network, workerGroup, hostname } = this.#parts
    let nextPauseMs: number = pauseMs.first
    while (!this.#isStopped) {
      const outcome = await network.call('PollForTask', { workerGroup, hostname })
      const task = outcome.kind === 'answer' ? outcome.output?.taskObject : undefined
      if (this.#isStopped) return
      if (task === undefined) {
        if (await this.#mustEnd()) return
        await agenda.pass(nextPauseMs)
        nextPauseMs = Math.min(2 * nextPauseMs, pauseMs.longest)
      } else {
        nextPauseMs = pauseMs.first
        await this.#work(task)
      }
    }
  }

  /** The runner is gone, with whatever it does. */
  stop(): void {
    this.#isStopped = true
  }

  /** Whether the service says that nothing is to come for this runner. */
  async #mustEnd(): Promise<boolean> {
    const { network, workerGroup, hostname } = this.#parts
    const input = { taskrunnerId: hostname, workerGroup, hostname }
    const outcome = await network.call('ReportTaskRunnerHeartbeat', input)
    return outcome.kind === 'answer' && outcome.output?.terminate === true
  }

  async #work(task: TaskObject): Promise<void> {
    const { agenda } = this.#parts
    const taskId = task.taskId ?? ''
    const treatment = this.#treatmentOf(task)
    if (treatment.silence === 'fromStart') {
      await agenda.pass(40 * minuteMs)
    } else {
      for (let passedMs = 0; passedMs < treatment.workMs; passedMs += treatment.reportEveryMs) {
        if (this.#isStopped) return
        const isCanceled = await this.#report(taskId)
        if (isCanceled && !treatment.isStubborn) return
        await agenda.pass(Math.min(treatment.reportEveryMs, treatment.workMs - passedMs))
      }
      if (treatment.silence === 'within') await agenda.pass(25 * minuteMs)
    }
    if (this.#isStopped) return
    await this.#finish(taskId, treatment.taskStatus)
  }

  async #report(taskId: string): Promise<boolean> {
    const outcome = await this.#parts.network.insist('ReportTaskProgress', {
      taskId,
      fields: [{ key: 'attemptStatus', stringValue: 'at work' }],
    })
    return outcome.kind === 'answer' && outcome.output?.canceled === true
  }

  async #finish(taskId: string, taskStatus: Treatment['taskStatus']): Promise<void> {
    this.#parts.onWord(taskId, taskStatus)
    const error = taskStatus === 'FAILED' ? { errorId: 'Failed', errorMessage: taskId } : {}
    await this.#parts.network.insist('SetTaskStatus', { taskId, taskStatus, ...error })
  }

  #treatmentOf(task: TaskObject): Treatment {
    const rates = this.#parts.rates()
    const chance = new SeededChance(this.#parts.seed, 'task', task.taskId ?? '')
    const silence = chance.happens(rates.runnerSilent) ? chance.pick(['fromStart', 'within'] as const) : 'none'
    return {
      workMs: chance.pick([1000, 1000, minuteMs, 7 * minuteMs, 28 * minuteMs]),
      reportEveryMs: chance.pick([4 * minuteMs, 9 * minuteMs, 12 * minuteMs]),
      silence,
      isStubborn: chance.happens(rates.runnerStubborn),
      taskStatus: chance.happens(rates.taskFails) ? 'FAILED' : chance.happens(rates.taskFalse) ? 'FALSE' : 'FINISHED',
    }
  }
}
