import type { Logger } from 'pino'
import type { Limits } from '../core/definition/limits.ts'
import type { RunDefaults } from '../core/lifecycle/run-policy.ts'
import type { Store } from '../store/store.ts'
import { createActivation } from './activation.ts'
import type { Chance } from './chance.ts'
import type { Effects } from './changes.ts'
import type { Clock } from './clock.ts'
import { createDefinitionOperations } from './definition-operations.ts'
import type { Engine } from './engine.ts'
import { loseRunner, type RunnerIdentity } from './lost-runner.ts'
import { createMachineWatch } from './machine-watch.ts'
import { createObjectOperations } from './object-operations.ts'
import { Outbox } from './outbox.ts'
import { createPerformer, type World } from './performers.ts'
import { createPipelineOperations } from './pipeline-operations.ts'
import { PollLog } from './poll-log.ts'
import { createQueryObjects } from './query-objects.ts'
import { Retention } from './retention.ts'
import { createSetStatus } from './set-status.ts'
import { createTaskOperations } from './tasks.ts'
import { Timers } from './timers.ts'
import { Waiters } from './waiters.ts'
import { Workshop } from './workshop.ts'

/** What an engine is made of. */
export type EngineParts = {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly world: World
  readonly limits: Limits
  readonly defaults: RunDefaults
  /** How long finished runs are kept, milliseconds, > 0; for ever if absent. */
  readonly keepRunsMs?: number | undefined
  readonly log: Logger
}

/** An engine that can be started and stopped; its operations may be called in between. */
export type RunningEngine = Engine & {
  /** Takes up what an earlier engine left: machines, commands, timers. */
  start(): Promise<void>
  /** Nothing is left of a task runner and its commands: what it held is offered again at once. */
  loseRunner(runner: RunnerIdentity): Promise<void>
  /** Answers parked polls, finishes what has arrived and sleeps; machines stay up. May be called twice. */
  stop(): Promise<void>
}

/** Puts the engine together. The store stays the caller's: it is closed after {@link RunningEngine.stop}. */
export function createEngine({
  store,
  clock,
  chance,
  world,
  limits,
  defaults,
  keepRunsMs,
  log,
}: EngineParts): RunningEngine {
  const waiters = new Waiters()
  const onEffects = (effects: Effects) => {
    for (const workerGroup of effects.queuedGroups) waiters.wake(workerGroup)
    if (effects.timerAt !== undefined) timers.wakeBy(effects.timerAt)
    if (effects.hasCommands) outbox.wake()
  }
  const workshop = new Workshop({ store, clock, chance, defaults, limits, onEffects })
  const retention = new Retention(workshop, keepRunsMs)
  const timers = new Timers(workshop, retention, log)
  const outbox = new Outbox(workshop, createPerformer(workshop, world, log), log)
  const machines = createMachineWatch(workshop, world.provider, log)
  const tasks = createTaskOperations(workshop, waiters)
  const polls = new PollLog(clock)
  return {
    ...createActivation(workshop),
    ...createDefinitionOperations(workshop),
    ...createObjectOperations(workshop, polls),
    ...createPipelineOperations(workshop),
    ...createQueryObjects(workshop),
    ...createSetStatus(workshop),
    ...tasks,
    pollForTask: async (request) => await polls.during(request, async () => await tasks.pollForTask(request)),
    loseRunner: (runner) => loseRunner(workshop, runner),
    async start() {
      await machines.start()
      outbox.start()
      await timers.start()
      await retention.start()
    },
    async stop() {
      waiters.close()
      await timers.stop()
      await outbox.stop()
      await workshop.intake.close()
      await machines.stop()
    },
  }
}
