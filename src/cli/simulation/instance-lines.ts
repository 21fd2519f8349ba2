import type { ObjectId } from '../../core/definition/pipeline-object.ts'
import { formatInstant, type Instant } from '../../core/instant.ts'
import { statusOf } from '../../core/lifecycle/instance.ts'
import type { Plan } from '../../core/lifecycle/plan.ts'
import type { Simulation } from '../../core/simulation/simulate.ts'
import type { SimulatedInstance } from '../../core/simulation/simulated-instance.ts'
import { type Colour, paint } from '../paint.ts'
import { type Column, columnLines, shortDuration } from './columns.ts'

/** What lines are made from, and how. */
export type InstanceContext = {
  readonly plan: Plan
  readonly simulation: Simulation
  readonly colours: 'some' | 'none'
}

const columns: readonly Column[] = [
  { heading: 'Scheduled', align: 'left' },
  { heading: 'Instance of', align: 'left' },
  { heading: 'Begins', align: 'right' },
  { heading: 'Ends', align: 'right' },
  { heading: 'Takes', align: 'right' },
  { heading: 'Status', align: 'left' },
  { heading: 'After', align: 'left' },
]

/** One line for each instance, and indented below it what is remarkable about it: tries, actions, what it still waits for. */
export function instanceLines(instances: readonly SimulatedInstance[], context: InstanceContext): readonly string[] {
  const rows = instances.map((entry, index) => cellsOf(entry, instances[index - 1]))
  const [head = '', ...lines] = columnLines(columns, rows)
  return [
    paint(head, 'bold', context.colours),
    ...instances.flatMap((entry, index) => [
      paint(lines[index] ?? '', colourOf(entry), context.colours),
      ...remarks(entry, context).map((remark) => `${' '.repeat(remarkIndent)}${remark}`),
    ]),
  ]
}

/** Remarks stand below the name of the component. */
const remarkIndent = 23

/** Whether an instance did anything else than to finish at the first try. */
export const isRemarkable = (entry: SimulatedInstance): boolean =>
  statusOf(entry.instance) !== 'FINISHED' || entry.attempts.length > 1 || entry.actions.length > 0

/** The component of an instance by its id; of a precondition that guards several objects also which of them. */
const labelOf = (id: ObjectId): string => id.slice(1, id.lastIndexOf('_'))

function cellsOf(entry: SimulatedInstance, previous: SimulatedInstance | undefined): readonly string[] {
  const { instance, begunAt, endedAt } = entry
  const { start } = instance.occurrence
  return [
    previous?.instance.occurrence.start === start ? '' : formatInstant(start),
    labelOf(instance.id),
    begunAt === undefined ? '' : timeText(begunAt, start),
    endedAt === undefined ? '' : timeText(endedAt, start),
    begunAt === undefined || endedAt === undefined || begunAt === endedAt ? '' : shortDuration(endedAt - begunAt),
    statusOf(instance),
    waitText(entry),
  ]
}

/** A time on the day of the scheduled start is shown without the day. */
function timeText(moment: Instant, start: Instant): string {
  const text = formatInstant(moment)
  return text.slice(0, 10) === formatInstant(start).slice(0, 10) ? text.slice(11) : text
}

/** What an instance waited for, each component once. */
function waitText({ waitedFor, awaitedMachine }: SimulatedInstance): string {
  const counts = new Map<string, number>()
  const ids = awaitedMachine === undefined ? waitedFor : [...waitedFor, awaitedMachine]
  for (const id of ids) counts.set(labelOf(id), (counts.get(labelOf(id)) ?? 0) + 1)
  return [...counts].map(([label, count]) => (count === 1 ? label : `${label} ×${count}`)).join(', ')
}

function remarks(entry: SimulatedInstance, { plan, simulation }: InstanceContext): readonly string[] {
  const { start } = entry.instance.occurrence
  const tries = entry.attempts.flatMap(({ number, endedAt, error }) =>
    error === undefined || endedAt === undefined
      ? []
      : [{ at: endedAt, text: `try ${number} fails at ${timeText(endedAt, start)}: ${error.message}` }],
  )
  const actions = entry.actions.map(({ at, action, cause }) => {
    const type = plan.objects.get(action)?.type?.name ?? 'action'
    return { at, text: `${actionCauses[cause]} at ${timeText(at, start)}: ${type} ${action}` }
  })
  const chronicle = [...tries, ...actions].sort((left, right) => left.at - right.at).map(({ text }) => text)
  return [...chronicle, ...outcomeRemarks(entry, simulation)]
}

const actionCauses = { late: 'late', fail: 'failed', success: 'succeeded' } as const

function outcomeRemarks({ instance }: SimulatedInstance, { openDependencies }: Simulation): readonly string[] {
  const { state } = instance
  if (state.kind !== 'ended') {
    const open = openDependencies.get(instance.id) ?? []
    if (open.length === 0) return []
    const more = open.length > shownMax ? ` and ${open.length - shownMax} more` : ''
    return [`still waits for ${open.slice(0, shownMax).join(', ')}${more}`]
  }
  if (state.cascadeFailedOn !== undefined) return [`because of ${state.cascadeFailedOn}`]
  return state.canceledBy === undefined ? [] : [`cancelled by ${causes[state.canceledBy]}`]
}

/** Dependencies that are named one by one. */
const shownMax = 3

const causes = {
  user: 'somebody',
  deactivation: 'the deactivation',
  deletion: 'the deletion',
  action: 'the action Terminate',
  cascade: 'the failure of what it guards',
  resource: 'the end of its resource',
} as const

function colourOf({ instance: { state } }: SimulatedInstance): Colour {
  if (state.kind !== 'ended') return 'yellow'
  return state.status === 'FINISHED' || state.status === 'SKIPPED' ? 'plain' : 'red'
}
