import { assertNever } from '../assert-never.ts'
import type { ObjectId } from '../definition/pipeline-object.ts'
import { type Instant, instant } from '../instant.ts'
import type { PipelineAccount } from '../lifecycle/accounting.ts'
import { isLegal } from '../lifecycle/advance.ts'
import type { Event } from '../lifecycle/event.ts'
import type { PipelineLife } from '../lifecycle/pipeline.ts'
import type { Plan } from '../lifecycle/plan.ts'
import { wholeSecond } from '../lifecycle/timing.ts'
import { Beginning } from './beginning.ts'
import type { Peak } from './concurrency.ts'
import type { Happening } from './happening.ts'
import { Outcomes } from './outcomes.ts'
import { type Assumption, Assumptions, type Scenario } from './scenario.ts'
import type { SimulatedInstance, Workplace } from './simulated-instance.ts'
import { SimulatedPipeline } from './simulated-pipeline.ts'
import { SimulatedRunners } from './simulated-runners.ts'
import { SimulatedWorld } from './simulated-world.ts'
import { Timeline } from './timeline.ts'

/** What would happen. */
export type Simulation = {
  /** By scheduled start; those of one start in the order in which they ceased to wait. */
  readonly instances: readonly SimulatedInstance[]
  /** For each instance that still waits at the end: for what. */
  readonly openDependencies: ReadonlyMap<ObjectId, readonly ObjectId[]>
  readonly pipeline: PipelineLife & PipelineAccount
  /** The most tasks that are worked on at one time. */
  readonly taskPeak: Peak | undefined
  readonly workplaces: readonly Workplace[]
  readonly machinePeak: Peak | undefined
  /** The time of all machines that are gone, one after the other, in milliseconds. */
  readonly machineMs: number
  /** Assumptions that met nothing. */
  readonly unused: readonly Assumption[]
}

/** Runs a plan in virtual time, from its activation until the end of the scenario. */
export function simulate(plan: Plan, scenario: Scenario): Simulation {
  const timeline = new Timeline<Happening>()
  const assumptions = new Assumptions(scenario.assumptions)
  const outcomes = new Outcomes(plan, scenario, assumptions)
  const runners = new SimulatedRunners({ plan, outcomes, timeline, find: (id) => pipeline.instances.get(id) })
  const world = new SimulatedWorld({ plan, outcomes, runners, timeline })
  const pipeline = new SimulatedPipeline(plan, new Beginning(plan, scenario.from), {
    perform: (command, entry, now) => world.perform(command, entry, now),
    wakeSchedule: (at) => timeline.add(at, { kind: 'schedule' }),
  })
  const beginning = instant(Math.max(scenario.from, scenario.activatedAt))
  pipeline.activate(plan.isOnDemand ? wholeSecond(beginning) : beginning)
  for (let next = timeline.takeBefore(scenario.to); next !== undefined; next = timeline.takeBefore(scenario.to)) {
    happen(next.item, { pipeline, runners, world, outcomes }, next.at)
  }
  return {
    instances: inOrder([...pipeline.instances.values()]),
    openDependencies: pipeline.openDependencies(),
    pipeline: pipeline.life,
    taskPeak: runners.all.peak(),
    workplaces: runners.workplaces,
    machinePeak: world.machines.peak(),
    machineMs: world.machines.totalMs,
    unused: assumptions.unused(),
  }
}

type Parts = {
  readonly pipeline: SimulatedPipeline
  readonly runners: SimulatedRunners
  readonly world: SimulatedWorld
  readonly outcomes: Outcomes
}

type InstanceHappening = Exclude<Happening, { kind: 'schedule' }>

function happen(happening: Happening, parts: Parts, now: Instant): void {
  if (happening.kind === 'schedule') parts.pipeline.makeDueInstances(now)
  else happenTo(happening, parts, now)
}

function happenTo(happening: InstanceHappening, parts: Parts, now: Instant): void {
  const { pipeline, runners } = parts
  const { entry } = happening
  const event = eventOf(happening, parts, now)
  if (event === undefined || !isLegal(entry.instance, event)) return
  pipeline.deliver([{ id: entry.instance.id, event }], now)
  const { state } = entry.instance
  // A runner that is to stop learns so at once.
  if (state.kind === 'running' && state.stop !== undefined) {
    pipeline.deliver([{ id: entry.instance.id, event: { kind: 'report' } }], now)
  }
  if (event.kind === 'machineUp') runners.admit(entry.instance.id, now)
}

function eventOf(happening: InstanceHappening, { runners, world, outcomes }: Parts, now: Instant): Event | undefined {
  const { entry } = happening
  switch (happening.kind) {
    case 'timer':
      if (!entry.hasTimer(happening.timer, happening.at)) return undefined
      entry.clearTimer(happening.timer)
      return { kind: happening.timer }
    case 'poll':
      return runners.take(entry, happening.attemptNumber, now)
    case 'result':
      return runners.report(entry, happening.taskId, now)
    case 'check':
      return entry.instance.state.kind === 'checking'
        ? { kind: 'checked', result: outcomes.checkOutcome(entry, now) }
        : undefined
    case 'machineStart':
      return world.machineStarted(entry, happening.machineNumber, now)
    case 'machineGone':
      return world.machineGone(entry, happening.machineNumber, now)
    case 'terminate':
      return { kind: 'cancel', by: 'action' }
    default:
      return assertNever(happening)
  }
}

function inOrder(instances: readonly SimulatedInstance[]): readonly SimulatedInstance[] {
  const place = ({ position }: SimulatedInstance) => position ?? instances.length
  return instances.toSorted(
    (left, right) => left.instance.occurrence.start - right.instance.occurrence.start || place(left) - place(right),
  )
}
