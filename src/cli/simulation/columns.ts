import { durationText } from '../instance-table.ts'

/** How a column is laid out. */
export type Column = { readonly heading: string; readonly align: 'left' | 'right' }

/** Rows of cells as lines with aligned columns, the headings first. A column without any text is left out. */
export function columnLines(columns: readonly Column[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = columns.map(({ heading }, index) => {
    const width = rows.reduce((most, row) => Math.max(most, (row[index] ?? '').length), 0)
    return width === 0 ? 0 : Math.max(width, heading.length)
  })
  return [columns.map(({ heading }) => heading), ...rows].map((row) =>
    columns
      .flatMap(({ align }, index) => {
        const width = widths[index] ?? 0
        const text = row[index] ?? ''
        if (width === 0) return []
        return [align === 'left' ? text.padEnd(width) : text.padStart(width)]
      })
      .join('  ')
      .trimEnd(),
  )
}

/** How long something takes, without the units that are 0 at its end. */
export const shortDuration = (durationMs: number): string =>
  durationText(durationMs).replace(/(?<=\S) 0 (s|min|h)$/, '')

/** `1 task`, `2 tasks`. */
export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
