import { createReadStream, createWriteStream, type WriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'

/** The months as Apache's logs spell them. */
export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The log of one day, in a file of its own. */
export type DayFile = { readonly day: string; readonly path: string }

/**
 * Splits a log in Apache's common or combined format by day, in the time zone that it was written in. The days have no gaps: one
 * without a request has an empty file. Lines keep their order.
 */
export async function splitLog(logPath: string, folder: string): Promise<readonly DayFile[]> {
  await mkdir(folder, { recursive: true })
  const files = new Map<string, WriteStream>()
  const fileOf = (day: string): WriteStream => {
    const file = files.get(day) ?? createWriteStream(dayPath(folder, day))
    files.set(day, file)
    return file
  }
  let last = ''
  for await (const line of createInterface({ input: createReadStream(logPath), crlfDelay: Number.POSITIVE_INFINITY })) {
    // A line that has no time belongs to the day of the line before it.
    const day = dayOf(line) ?? last
    if (day === '') throw new Error(`${logPath} is no log in Apache's format: its first line has no time.`)
    last = day
    const file = fileOf(day)
    if (!file.write(`${line}\n`)) await new Promise((resolve) => file.once('drain', resolve))
  }
  const days = [...files.keys()].sort()
  const first = days[0]
  const end = days.at(-1)
  if (first === undefined || end === undefined) throw new Error(`${logPath} is empty.`)
  const all = daysBetween(first, end)
  for (const day of all) fileOf(day).end()
  await Promise.all([...files.values()].map((file) => finished(file)))
  return all.map((day) => ({ day, path: dayPath(folder, day) }))
}

const dayPath = (folder: string, day: string): string => join(folder, `access-${day}.log`)

function dayOf(line: string): string | undefined {
  const match = /\[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):/.exec(line)
  const month = MONTHS.indexOf(match?.[2] ?? '') + 1
  return match === null || month === 0 ? undefined : `${match[3]}-${String(month).padStart(2, '0')}-${match[1]}`
}

function daysBetween(first: string, last: string): readonly string[] {
  const days: string[] = []
  for (
    let day = Temporal.PlainDate.from(first);
    Temporal.PlainDate.compare(day, last) <= 0;
    day = day.add({ days: 1 })
  ) {
    days.push(day.toString())
  }
  return days
}
