import { formatInstant, type Instant } from '../core/instant.ts'
import { compareInstances, hasEnded, hasFailed, type InstanceView } from './instance-view.ts'
import { type Colour, paint } from './paint.ts'

/** How a table is laid out. */
export type TableLayout = {
  /** Characters of a line. */
  readonly columns: number
  /** Lines that the table may take, its head included. */
  readonly rows: number
  readonly colours: 'some' | 'none'
}

const HEADINGS = ['Name', 'Scheduled start', 'Status', 'Tries', 'Took'] as const

const NAME_WIDTH_MIN = 12

/**
 * The instances of a pipeline as lines: one each, in the order of their schedule. Where there are more than fit, those that have ended
 * well are summed up, and then the ones at the end.
 */
export function tableLines(instances: readonly InstanceView[], layout: TableLayout, now: Instant): readonly string[] {
  const sorted = [...instances].sort(compareInstances)
  const { shown, hidden } = choose(sorted, layout.rows - 1)
  const cells = shown.map((instance) => cellsOf(instance, now))
  const widths = columnWidths(cells, layout.columns)
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) => pad(cell, widths[index] ?? 0))
      .join('  ')
      .trimEnd()
  return [
    paint(line(HEADINGS), 'bold', layout.colours),
    ...shown.map((instance, index) => paint(line(cells[index] ?? []), colourOf(instance), layout.colours)),
    ...(hidden.length === 0 ? [] : [pad(`… and ${summary(hidden)}`, layout.columns).trimEnd()]),
  ]
}

/** How many instances have each status, as one line. */
export function summary(instances: readonly InstanceView[]): string {
  const counts = Map.groupBy(instances, ({ status }) => status)
  return [...counts].map(([status, { length }]) => `${length} ${status}`).join(', ')
}

function choose(instances: readonly InstanceView[], linesMax: number) {
  if (instances.length <= linesMax) return { shown: instances, hidden: [] }
  const isDull = (instance: InstanceView) => hasEnded(instance) && !hasFailed(instance)
  const chosen = new Set(
    instances
      .filter((instance) => !isDull(instance))
      .concat(instances.filter(isDull).reverse())
      .slice(0, Math.max(0, linesMax - 1)),
  )
  return {
    shown: instances.filter((instance) => chosen.has(instance)),
    hidden: instances.filter((instance) => !chosen.has(instance)),
  }
}

function cellsOf(instance: InstanceView, now: Instant): readonly string[] {
  const { name, componentId, scheduledStart, status, attemptCount } = instance
  return [
    // The name of an instance ends in its scheduled start, which has a column of its own.
    name.startsWith('@') ? name.slice(1).replace(/_\d{4}-\d\d-\d\dT[\d:]+$/, '') : componentId,
    scheduledStart === undefined ? '' : formatInstant(scheduledStart),
    status,
    attemptCount === 0 ? '' : String(attemptCount),
    took(instance, now),
  ]
}

function took({ actualStart, actualEnd, status }: InstanceView, now: Instant): string {
  if (actualStart === undefined || status === 'WAITING_ON_DEPENDENCIES') return ''
  return durationText((actualEnd ?? now) - actualStart)
}

/** How long something takes or took. Times on the wire are whole seconds, so durations are as well. */
export function durationText(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days ${hours % 24} h`
}

function columnWidths(rows: readonly (readonly string[])[], columns: number): readonly number[] {
  const widths = HEADINGS.map((heading, index) =>
    rows.reduce((width, row) => Math.max(width, (row[index] ?? '').length), heading.length),
  )
  const [name = 0, ...others] = widths
  const rest = others.reduce((sum, width) => sum + width + 2, 0)
  return [Math.max(NAME_WIDTH_MIN, Math.min(name, columns - rest)), ...others]
}

const pad = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text.padEnd(width)

function colourOf(instance: InstanceView): Colour {
  if (hasFailed(instance)) return 'red'
  if (hasEnded(instance)) return 'green'
  if (instance.status === 'RUNNING') return 'cyan'
  return instance.status === 'WAITING_ON_DEPENDENCIES' ? 'plain' : 'yellow'
}
