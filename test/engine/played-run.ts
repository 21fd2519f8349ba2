import type { Definition, ObjectId } from '../../src/core/definition/pipeline-object.ts'
import { objectId } from '../../src/core/definition/pipeline-object.ts'
import { formatInstant, type Instant, instant } from '../../src/core/instant.ts'
import { parseAttemptId } from '../../src/core/lifecycle/component.ts'
import { statusOf } from '../../src/core/lifecycle/instance.ts'
import type { Simulation } from '../../src/core/simulation/simulate.ts'
import type { Task } from '../../src/engine/engine.ts'
import type { PipelineId } from '../../src/store/rows.ts'
import { startOfTest, TestEngine } from '../test-engine.ts'

/** How a run is played on the engine: what a scenario says to the simulation. */
export type Play = {
  readonly to: Instant
  readonly taskMs: number
  readonly workerGroups: readonly string[]
  /** Whether the work on an attempt fails. */
  fails(instanceId: ObjectId, attemptNumber: number): boolean
  /** Until when no precondition of S3 holds. */
  readonly missingUntil: Instant
}

/** Plays a definition on the real engine, with runners that are always there, and tells what has become of each instance. */
export async function playedTrace(definition: Definition, play: Play): Promise<readonly string[]> {
  const test = await TestEngine.start()
  try {
    const played = new PlayedRun(test, play)
    const pipelineId = await played.play(definition)
    if (test.errors.length > 0) throw new Error(test.errors.join('\n'))
    return await traceOf(test, pipelineId)
  } finally {
    await test.stop()
  }
}

/** The same lines of a simulation. */
export const simulatedTrace = ({ instances }: Simulation): readonly string[] =>
  instances
    .map(({ instance, attempts }) => {
      const tries = attempts.map(({ number, status, startedAt, endedAt }) =>
        [number, status, timeText(startedAt), timeText(endedAt)].join(' '),
      )
      const end = instance.state.kind === 'ended' ? instance.state.endedAt : undefined
      const line = [instance.id, statusOf(instance), timeText(instance.startedAt), timeText(end), ...tries]
      return line.join(' | ')
    })
    .toSorted()

async function traceOf({ store, engine }: TestEngine, pipelineId: PipelineId): Promise<readonly string[]> {
  const { items } = await engine.queryObjects({
    pipelineId,
    sphere: 'INSTANCE',
    selectors: [],
    marker: undefined,
    limit: 1000,
  })
  const lines = items.map(async (id) => {
    const row = await store.reads.findInstance(pipelineId, objectId(id))
    if (row === undefined) throw new Error(`${id} is listed, but does not exist.`)
    const { instance } = row
    const attempts = await store.reads.listAttempts(pipelineId, instance.id)
    const tries = attempts
      .map(({ attempt }) => attempt)
      .toSorted((left, right) => left.number - right.number)
      .map(({ number, status, startedAt, endedAt }) =>
        [number, status, timeText(startedAt), timeText(endedAt)].join(' '),
      )
    const end = instance.state.kind === 'ended' ? instance.state.endedAt : undefined
    return [instance.id, statusOf(instance), timeText(instance.startedAt), timeText(end), ...tries].join(' | ')
  })
  return (await Promise.all(lines)).toSorted()
}

const timeText = (moment: Instant | undefined): string => (moment === undefined ? '-' : formatInstant(moment))

type Work = { readonly task: Task; readonly endsAt: number }

/** Runners that take every task at once and work on it for a fixed time, on the clock of the test. */
class PlayedRun {
  readonly #test: TestEngine
  readonly #play: Play
  #work: Work[] = []

  constructor(test: TestEngine, play: Play) {
    this.#test = test
    this.#play = play
  }

  async play(definition: Definition): Promise<PipelineId> {
    this.#lookAtS3()
    const pipelineId = await this.#test.activate(definition)
    await this.#takeTasks()
    for (let next = await this.#nextAt(); next < this.#play.to; next = await this.#nextAt()) {
      this.#lookAtS3(next)
      await this.#test.pass(next - this.#test.clock.now())
      await this.#learnToStop()
      await this.#finishWork()
      await this.#takeTasks()
    }
    return pipelineId
  }

  #lookAtS3(now: number = startOfTest): void {
    this.#test.checkResult =
      now < this.#play.missingUntil ? { kind: 'notYet', message: 'It is not there yet.' } : { kind: 'met' }
  }

  async #nextAt(): Promise<Instant> {
    const timerAt = (await this.#test.store.reads.nextTimerAt()) ?? Number.POSITIVE_INFINITY
    return instant(Math.min(timerAt, ...this.#work.map(({ endsAt }) => endsAt)))
  }

  async #takeTasks(): Promise<void> {
    const { machines, clock, engine } = this.#test
    const onMachines = machines.requests
      .filter(({ machineId }) => machines.up.has(machineId))
      .map(({ workerGroup }) => workerGroup)
    for (const workerGroup of [...this.#play.workerGroups, ...onMachines]) {
      for (
        let task = await this.#test.poll(workerGroup);
        task !== undefined;
        task = await this.#test.poll(workerGroup)
      ) {
        await engine.reportTaskProgress({ taskId: task.taskId, fields: [] })
        this.#work.push({ task, endsAt: clock.now() + this.#play.taskMs })
      }
    }
  }

  async #learnToStop(): Promise<void> {
    const going: Work[] = []
    for (const work of this.#work) {
      const { canceled } = await this.#test.engine.reportTaskProgress({ taskId: work.task.taskId, fields: [] })
      if (!canceled) going.push(work)
    }
    this.#work = going
    await this.#test.settle()
  }

  async #finishWork(): Promise<void> {
    const now = this.#test.clock.now()
    const done = this.#work.filter(({ endsAt }) => endsAt <= now)
    this.#work = this.#work.filter(({ endsAt }) => endsAt > now)
    for (const { task } of done) {
      const attempt = parseAttemptId(task.attemptId)
      if (attempt === undefined) throw new Error(`${task.attemptId} is no attempt.`)
      await this.#test.finish(task, this.#play.fails(attempt.instanceId, attempt.number) ? 'FAILED' : 'FINISHED')
    }
  }
}
