import { type Instant, parseInstant } from '../../core/instant.ts'
import { Unusable } from '../command-context.ts'

/** A time as users write it: a day, or a day and a time, always in UTC. */
const momentPattern = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d)?Z?)?$/

/** Reads a day (`2026-01-31`, its midnight), or a day and a time with or without seconds; `undefined` for any other text. */
export function parseMoment(text: string): Instant | undefined {
  const [, day, time = '00:00', seconds = ':00'] = momentPattern.exec(text) ?? []
  return day === undefined ? undefined : parseInstant(`${day}T${time}${seconds}`)
}

/** @throws Unusable when the text is no time, with what would be one. */
export function readMoment(option: string, text: string): Instant {
  const moment = parseMoment(text)
  if (moment !== undefined) return moment
  throw new Unusable(`${option}: '${text}' is no time. Write it in UTC as YYYY-MM-DDTHH:MM:SS, or a day as YYYY-MM-DD.`)
}

const secondMs = 1000

/** The units of a duration in milliseconds, by their first letter. */
const unitsMs: Readonly<Record<string, number>> = {
  s: secondMs,
  m: 60 * secondMs,
  h: 3600 * secondMs,
  d: 24 * 3600 * secondMs,
}

const durationPattern = /^(\d{1,9})\s*(s|seconds?|m|min|minutes?|h|hours?|d|days?)$/i

/**
 * Reads `90s`, `10m`, `3h` or `1d`, the units written out if one likes, as milliseconds.
 *
 * @throws Unusable when the text is no duration, with what would be one.
 */
export function readDurationMs(option: string, text: string): number {
  const [, count, unit = ''] = durationPattern.exec(text.trim()) ?? []
  if (count !== undefined) return Number(count) * (unitsMs[unit.charAt(0).toLowerCase()] ?? secondMs)
  throw new Unusable(`${option}: '${text}' is no duration. Write a number and s, m, h or d, such as 90s or 10m.`)
}
