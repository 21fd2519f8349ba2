import { zoneNames } from './zone-names.ts'

/**
 * The time zone of that IANA name (`America/Los_Angeles`) or offset (`+05:30`), in its usual spelling; `undefined` if there
 * is none.
 *
 * @source krux/hyperion: inTimeZone, after an older edition of the guide
 */
export function findTimeZone(name: string): string | undefined {
  if (!/^(?:[A-Za-z][A-Za-z0-9_+/-]*|[+-]\d{2}:\d{2})$/.test(name)) return undefined
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId
  } catch {
    // Temporal throws for a zone that it does not know.
    return undefined
  }
}

/**
 * The English name of the zone at a time, of standard or summer time; the offset where it has none, as Joda-Time does it.
 *
 * @source Joda-Time: DateTimeFormat
 */
export function zoneName(local: Temporal.ZonedDateTime, length: 'short' | 'long'): string {
  const names = namesByZone.get(local.timeZoneId)
  if (names === undefined) return local.offset
  return isSummerTime(local) ? names.summer[length] : names.standard[length]
}

type ZoneName = { readonly short: string; readonly long: string }

const namesByZone = new Map<string, { readonly standard: ZoneName; readonly summer: ZoneName }>(
  zoneNames.flatMap((row) => {
    const [short = '', long = '', summerShort = '', summerLong = '', zones = ''] = row.split('|')
    const names = { standard: { short, long }, summer: { short: summerShort, long: summerLong } }
    return zones.split(' ').map((zone) => [zone, names] as const)
  }),
)

/** The first year in which a country had summer time, and the last one that is worth a thought. */
const summerTimeYears = { first: 1908, last: 9999 }

/**
 * Whether the clock is ahead of what it showed and of what it will show within a year. One of the two alone would take a change
 * of standard time for summer time.
 */
function isSummerTime(local: Temporal.ZonedDateTime): boolean {
  if (local.year < summerTimeYears.first || local.year > summerTimeYears.last) return false
  const isAheadOf = (months: number) => local.offsetNanoseconds > local.add({ months }).offsetNanoseconds
  return [-9, -6, -3].some(isAheadOf) && [3, 6, 9].some(isAheadOf)
}
