import { cpus, release, totalmem } from 'node:os'

/** One measured number beside what it has to be. */
export type Figure = {
  /** What was measured, as `one hop, p99`. */
  readonly name: string
  readonly value: number
  /** The unit of `value` and of the budgets: `ms`, `s`, `/s`, `MB`, `%`. */
  readonly unit: string
  readonly better: 'lower' | 'higher'
  /** The worst value that is acceptable; absent where there is no budget. */
  readonly must?: number
  /** The value that we want. */
  readonly aim?: number
}

/**
 * Prints a benchmark: the machine, then each figure with its budgets and its ratio to them (1.00x is just met, and more is better
 * whichever way the figure counts). Sets the exit status to 1 when a `must` is missed.
 */
export function printReport(title: string, figures: readonly Figure[]): void {
  const header = ['', 'measured', 'must', 'ratio', 'aim', 'ratio']
  console.log(`${title}\n${machine()}\n`)
  console.log(table([header, ...figures.map(row)]))
  if (figures.some(missesBudget)) process.exitCode = 1
}

/** The p50 and p99 of samples that are better when lower, as two figures. */
export function latencyFigures(
  name: string,
  samplesMs: readonly number[],
  budgets: { readonly p50?: Budget; readonly p99?: Budget } = {},
): readonly Figure[] {
  const figure = (label: 'p50' | 'p99', share: number): Figure => ({
    name: `${name}, ${label} of ${samplesMs.length}`,
    value: percentile(samplesMs, share),
    unit: 'ms',
    better: 'lower',
    ...budgets[label],
  })
  return [figure('p50', 0.5), figure('p99', 0.99)]
}

type Budget = Pick<Figure, 'must' | 'aim'>

/**
 * The smallest sample that at least `share` of all samples do not exceed.
 *
 * @param share of the samples, in (0, 1].
 * @throws RangeError when there is no sample.
 */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((left, right) => left - right)
  const found = sorted[Math.ceil(share * sorted.length) - 1]
  if (found === undefined) throw new RangeError('There is no percentile of no samples.')
  return found
}

/** Whether a figure is worse than it may be. */
export const missesBudget = (figure: Figure): boolean => figure.must !== undefined && ratio(figure, figure.must) < 1

/** How many times better than the budget a figure is. */
export const ratio = ({ value, better }: Figure, budget: number): number =>
  better === 'lower' ? budget / value : value / budget

function machine(): string {
  const processors = cpus()
  const memoryGiB = (totalmem() / 2 ** 30).toFixed(1)
  const model = processors[0]?.model.trim() ?? 'unknown processor'
  return `${processors.length} x ${model}, ${memoryGiB} GiB, ${process.platform} ${release()}, Node ${process.version}`
}

function row(figure: Figure): readonly string[] {
  const against = (budget: number | undefined): readonly string[] =>
    budget === undefined ? ['', ''] : [quantity(budget, figure.unit), `${ratio(figure, budget).toFixed(2)}x`]
  return [figure.name, quantity(figure.value, figure.unit), ...against(figure.must), ...against(figure.aim)]
}

function quantity(value: number, unit: string): string {
  const digits = Math.abs(value) < 1000 ? { maximumSignificantDigits: 4 } : { maximumFractionDigits: 0 }
  return `${value.toLocaleString('en', digits)} ${unit}`
}

/** Columns that line up: the first to the left, the others to the right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? []
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)
  return rows.map((cells) => cells.map(pad).join('  ').trimEnd()).join('\n')
}
