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
  const text = utc(value).toPlainDateTime().toString({ smallestUnit: 'second', roundingMode: 'trunc' })
  recentTexts.set(value, text)
  return text
}

/** Texts kept: the same few times appear in every id and field of a run, and the calendar is asked once for each. */
const recentTextsMax = 4096

const recentTexts = new Map<Instant, string>()

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
