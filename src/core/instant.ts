/**
 * A point in time: milliseconds since 1970-01-01T00:00:00Z, an integer. Every time in `core` is one; calendar arithmetic on it is
 * {@link https://tc39.es/proposal-temporal/docs/ | Temporal}'s, always in UTC.
 */
export type Instant = number & { readonly brand: 'Instant' }

/** Wraps milliseconds since the epoch. */
export const instant = (epochMs: number): Instant => epochMs as Instant

/** The instant `durationMs` milliseconds after `start`. */
export const plusMs = (start: Instant, durationMs: number): Instant => instant(start + durationMs)

/**
 * The form in which every time appears on the wire, in ids and in fields: `YYYY-MM-DDTHH:MM:SS`, UTC, no zone, no fraction.
 *
 * @source observed: 1.9
 */
export function formatInstant(value: Instant): string {
  const known = recentTexts.get(value)
  if (known !== undefined) return known
  if (recentTexts.size >= recentTextsMax) recentTexts.clear()
  const day = Math.floor(value / dayMs)
  const seconds = Math.floor((value - day * dayMs) / 1000)
  // Joined, it is one piece of text: so many ids are made from it, and looked up, that pieces would have to be put together often.
  const text = [dayText(day), timeText(seconds)].join('T')
  recentTexts.set(value, text)
  return text
}

/** Texts kept: the same few times appear in every id and field of a run. */
const recentTextsMax = 4096

const recentTexts = new Map<Instant, string>()

/** `HH:MM:SS` of a second of the day. */
const timeText = (seconds: number): string =>
  `${twoDigits(Math.floor(seconds / 3600))}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`

const dayMs = 86_400_000

/** `YYYY-MM-DD` of a day since the epoch. */
function dayText(day: number): string {
  const known = recentDays.get(day)
  if (known !== undefined) return known
  if (recentDays.size >= recentDaysMax) recentDays.clear()
  const text = utc(instant(day * dayMs))
    .toPlainDate()
    .toString()
  recentDays.set(day, text)
  return text
}

/** Days kept: the same few appear in every id and field of a run, and the calendar is asked once for each. */
const recentDaysMax = 4096

const recentDays = new Map<number, string>()

const twoDigits = (count: number): string => (count < 10 ? `0${count}` : `${count}`)

/**
 * Reads `YYYY-MM-DDTHH:MM:SS` (a trailing `Z` is tolerated). Anything else, a date that does not exist included, is `undefined`.
 *
 * @source guide: dp-expressions-functions
 */
export function parseInstant(text: string): Instant | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z?$/.test(text)) return undefined
  try {
    const local = Temporal.PlainDateTime.from(text.replace(/Z$/, ''), { overflow: 'reject' })
    return instant(local.toZonedDateTime('UTC').epochMilliseconds)
  } catch {
    // Temporal throws for a date outside the calendar, such as 30 February; to the caller that is text like any other.
    return undefined
  }
}

/** The calendar view of an instant, in UTC. */
export const utc = (value: Instant): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(value).toZonedDateTimeISO('UTC')
