import { formatInstant } from '../../core/instant.ts'
import type { Plan } from '../../core/lifecycle/plan.ts'
import type { Peak } from '../../core/simulation/concurrency.ts'
import type { Scenario } from '../../core/simulation/scenario.ts'
import type { Simulation } from '../../core/simulation/simulate.ts'
import { paint } from '../paint.ts'
import { assumptionText } from './assumption-options.ts'
import { columnLines, counted, shortDuration } from './columns.ts'
import { instanceLines, isRemarkable } from './instance-lines.ts'
import { statusCounts, totalsOf } from './simulation-totals.ts'

/** What was simulated, and what came of it. */
export type Simulated = { readonly plan: Plan; readonly scenario: Scenario; readonly simulation: Simulation }

/** How it is shown. */
export type SimulationLayout = {
  /** The most instances that are shown in their order, and the most of the remarkable ones after those. */
  readonly limit: number
  readonly colours: 'some' | 'none'
}

/** A simulation for people: the assumptions, the instances, totals, peaks and the end. */
export function simulationLines(simulated: Simulated, layout: SimulationLayout): readonly string[] {
  const { simulation } = simulated
  if (simulation.instances.length === 0) return [...scenarioLines(simulated), '', 'Nothing is due in that time.']
  return [
    ...scenarioLines(simulated),
    '',
    ...timelineLines(simulated, layout),
    '',
    ...totalLines(simulated, layout),
    '',
    ...peakLines(simulation),
    endLine(simulated),
  ]
}

function scenarioLines({ scenario }: Simulated): readonly string[] {
  const { from, to, activatedAt, taskMs, machineStartMs, assumptions } = scenario
  const activation = activatedAt === from ? '' : `, activated at ${formatInstant(activatedAt)}`
  return [
    `From ${formatInstant(from)} to ${formatInstant(to)} (UTC)${activation}.`,
    `An activity works ${shortDuration(taskMs)}, a machine is up after ${shortDuration(machineStartMs)}.`,
    ...assumptions.map((assumption) => `Assumed: ${assumptionText(assumption)}`),
  ]
}

function timelineLines({ plan, simulation }: Simulated, { limit, colours }: SimulationLayout): readonly string[] {
  const context = { plan, simulation, colours }
  const shown = simulation.instances.slice(0, limit)
  const hidden = simulation.instances.slice(limit)
  const lines = shown.length === 0 ? [] : instanceLines(shown, context)
  if (hidden.length === 0) return lines
  const remarkable = hidden.filter(isRemarkable)
  const named = remarkable.slice(0, limit)
  const rest = remarkable.length.toLocaleString('en')
  const which = remarkable.length === 0 ? 'all of which simply finish' : `of which ${rest} did not simply finish`
  return [
    ...lines,
    `… and ${counted(hidden.length, 'more instance')}, ${which}. --limit all shows every one.`,
    ...(named.length === 0
      ? []
      : ['', 'The first of those that did not simply finish:', ...instanceLines(named, context)]),
  ]
}

function totalLines({ plan, simulation }: Simulated, { colours }: SimulationLayout): readonly string[] {
  const totals = totalsOf(plan, simulation.instances)
  const all = statusCounts(simulation.instances)
  const statuses = [...all.keys()]
  const numbers = ['Instances', ...statuses, 'Tries', 'Actions'].map((heading) => ({
    heading,
    align: 'right' as const,
  }))
  const columns = [
    { heading: 'Component', align: 'left' as const },
    { heading: 'Type', align: 'left' as const },
    ...numbers,
  ]
  const number = (count: number | undefined) => (count === undefined || count === 0 ? '' : count.toLocaleString('en'))
  const rows = totals.map(({ component, type, instances, statuses: counts, attempts, actions }) => [
    component,
    type,
    number(instances),
    ...statuses.map((status) => number(counts.get(status))),
    number(attempts),
    number(actions),
  ])
  const sum = (key: 'instances' | 'attempts' | 'actions') =>
    number(totals.reduce((total, each) => total + each[key], 0))
  const last = [
    'all',
    '',
    sum('instances'),
    ...statuses.map((status) => number(all.get(status))),
    sum('attempts'),
    sum('actions'),
  ]
  const [head = '', ...lines] = columnLines(columns, [...rows, last])
  return [paint(head, 'bold', colours), ...lines]
}

function peakLines({ taskPeak, workplaces, machinePeak, machineMs, instances }: Simulation): readonly string[] {
  const machines = instances.reduce((sum, entry) => sum + entry.machines.length, 0)
  return [
    ...(taskPeak === undefined ? [] : [`At most ${peakText(taskPeak, 'task')} at once${peakTime(taskPeak)}.`]),
    ...workplaces.map(({ kind, name, tasks }) => {
      const peak = tasks.peak()
      const place = kind === 'resource' ? `on ${name}` : `in worker group ${name}`
      return `  ${place}: ${peak === undefined ? 'none that takes time' : `${peak.count}${peakTime(peak)}`}`
    }),
    ...(machinePeak === undefined
      ? []
      : [
          `${counted(machines, 'machine')} made, at most ${machinePeak.count} at once${peakTime(machinePeak)}; ${shortDuration(machineMs)} of machine time.`,
        ]),
  ]
}

const peakText = ({ count }: Peak, noun: string): string => counted(count, noun)

const peakTime = ({ at }: Peak): string => `, first at ${formatInstant(at)}`

function endLine({ simulation: { pipeline, instances }, scenario }: Simulated): string {
  if (pipeline.finishedAt !== undefined && pipeline.state === 'FINISHED') {
    return `The pipeline is FINISHED at ${formatInstant(pipeline.finishedAt)}.`
  }
  const open = instances.filter(({ endedAt }) => endedAt === undefined).length
  const next =
    pipeline.nextRunAt === undefined
      ? 'nothing more is due'
      : `the next instances are due at ${formatInstant(pipeline.nextRunAt)}`
  return `At ${formatInstant(scenario.to)} the pipeline is ${pipeline.state} with ${counted(open, 'open instance')}; ${next}.`
}
