import { formatInstant, type Instant } from '../../core/instant.ts'
import { type Attempt, statusOf } from '../../core/lifecycle/instance.ts'
import type { Plan } from '../../core/lifecycle/plan.ts'
import type { Peak } from '../../core/simulation/concurrency.ts'
import type { Scenario } from '../../core/simulation/scenario.ts'
import type { Simulation } from '../../core/simulation/simulate.ts'
import type { SimulatedInstance } from '../../core/simulation/simulated-instance.ts'
import { assumptionText } from './assumption-options.ts'
import { totalsOf } from './simulation-totals.ts'

/** A simulation for programs: one JSON object, each instance on a line of its own. */
export function simulationJson(plan: Plan, scenario: Scenario, simulation: Simulation): string {
  const { instances, pipeline, taskPeak, workplaces, machinePeak, machineMs, unused } = simulation
  const peaksOf = (kind: 'workerGroup' | 'resource') =>
    Object.fromEntries(
      workplaces.flatMap((place) =>
        place.kind === kind ? [[place.name, peakJson(place.tasks.peak()) ?? { count: 0 }]] : [],
      ),
    )
  const head = {
    from: formatInstant(scenario.from),
    to: formatInstant(scenario.to),
    activatedAt: formatInstant(scenario.activatedAt),
    durationSeconds: scenario.taskMs / 1000,
    machineStartSeconds: scenario.machineStartMs / 1000,
    assumptions: scenario.assumptions.map(assumptionText),
    assumptionsWithoutEffect: unused.map(assumptionText),
    pipeline: { state: pipeline.state, finishedAt: text(pipeline.finishedAt), nextRunAt: text(pipeline.nextRunAt) },
    totals: totalsOf(plan, instances).map((each) => ({ ...each, statuses: Object.fromEntries(each.statuses) })),
    peaks: {
      tasks: peakJson(taskPeak),
      workerGroups: peaksOf('workerGroup'),
      resources: peaksOf('resource'),
      machines: peakJson(machinePeak),
    },
    machineSeconds: machineMs / 1000,
  }
  const lines = instances.map((entry) => JSON.stringify(instanceJson(entry, plan, simulation)))
  return `${JSON.stringify(head, undefined, 2).slice(0, -2)},\n  "instances": [\n${lines.map((line) => `    ${line}`).join(',\n')}\n  ]\n}\n`
}

function instanceJson(entry: SimulatedInstance, plan: Plan, { openDependencies }: Simulation) {
  const { instance, component, workplace } = entry
  const { state } = instance
  return {
    id: instance.id,
    component: component.id,
    type: component.type,
    scheduledStart: formatInstant(instance.occurrence.start),
    scheduledEnd: formatInstant(instance.occurrence.end),
    status: statusOf(instance),
    createdAt: formatInstant(instance.startedAt),
    begunAt: text(entry.begunAt),
    endedAt: text(entry.endedAt),
    workerGroup: workplace?.kind === 'workerGroup' ? workplace.name : undefined,
    resource: workplace?.kind === 'resource' ? workplace.name : undefined,
    waitedFor: entry.waitedFor,
    releasedBy: entry.releasedBy,
    waitsFor: state.kind === 'ended' ? undefined : (openDependencies.get(instance.id) ?? []),
    canceledBy: state.kind === 'ended' ? state.canceledBy : undefined,
    cascadeFailedOn: state.kind === 'ended' ? state.cascadeFailedOn : undefined,
    attempts: entry.attempts.map(attemptJson),
    actions: entry.actions.map(({ at, action, cause }) => ({
      action,
      type: plan.objects.get(action)?.type?.name,
      cause,
      at: formatInstant(at),
    })),
    machines: entry.machines.map(({ createdAt, upAt, goneAt }) => ({
      createdAt: formatInstant(createdAt),
      upAt: text(upAt),
      goneAt: text(goneAt),
    })),
  }
}

const attemptJson = ({ number, status, startedAt, endedAt, error }: Attempt) => ({
  number,
  status,
  startedAt: text(startedAt),
  endedAt: text(endedAt),
  error: error?.message,
})

const peakJson = (peak: Peak | undefined) =>
  peak === undefined ? undefined : { count: peak.count, at: formatInstant(peak.at) }

const text = (moment: Instant | undefined): string | undefined =>
  moment === undefined ? undefined : formatInstant(moment)
