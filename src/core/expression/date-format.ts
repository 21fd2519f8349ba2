import { assertNever } from '../assert-never.ts'
import { type DateTime, readCalendar } from './date-arithmetic.ts'
import type { DatePattern, PatternElement, PatternLetter } from './date-pattern.ts'
import { zoneName } from './time-zone.ts'

/**
 * Formats a DateTime with a pattern of Joda-Time's `DateTimeFormat`, in English.
 *
 * @source guide: dp-pipeline-reference-functions-datetime; Joda-Time: DateTimeFormat
 */
export function formatDate(date: DateTime, pattern: DatePattern): string {
  const local = readCalendar(date)
  return pattern.elements.map((element) => elementText(element, local)).join('')
}

function elementText(element: PatternElement, local: Temporal.ZonedDateTime): string {
  if (element.kind === 'literal') return element.text
  const { letter, count } = element
  switch (letter) {
    case 'G':
      return local.year > 0 ? 'AD' : 'BC'
    case 'M':
      return count > 2 ? named(monthNames, local.month, count) : padded(local.month, count)
    case 'E':
      return named(dayNames, local.dayOfWeek, count)
    case 'a':
      return local.hour < 12 ? 'AM' : 'PM'
    case 'x':
    case 'y':
    case 'Y':
      return yearText(letter, count, local)
    case 'S':
      return fractionText(local.millisecond, count)
    case 'z':
      return zoneName(local, count > 3 ? 'long' : 'short')
    case 'Z':
      return [local.offset.replace(':', ''), local.offset][count - 1] ?? local.timeZoneId
    default:
      return padded(numberOf(letter, local), count)
  }
}

type NumericLetter = Exclude<PatternLetter, 'G' | 'M' | 'E' | 'a' | 'x' | 'y' | 'Y' | 'S' | 'z' | 'Z'>

function numberOf(letter: NumericLetter, local: Temporal.ZonedDateTime): number {
  switch (letter) {
    case 'C':
      return Math.trunc(Math.abs(local.year) / 100)
    case 'w':
      return local.weekOfYear ?? 0
    case 'e':
      return local.dayOfWeek
    case 'D':
      return local.dayOfYear
    case 'd':
      return local.day
    case 'K':
      return local.hour % 12
    case 'h':
      return local.hour % 12 || 12
    case 'H':
      return local.hour
    case 'k':
      return local.hour || 24
    case 'm':
      return local.minute
    case 's':
      return local.second
    default:
      return assertNever(letter)
  }
}

/** Two letters give the last two digits; the year before the year 1 is 0 as a year, and 1 as a year of its era. */
function yearText(letter: 'x' | 'y' | 'Y', count: number, local: Temporal.ZonedDateTime): string {
  const year = letter === 'x' ? (local.yearOfWeek ?? local.year) : local.year
  if (count === 2) return padded(Math.abs(year) % 100, 2)
  return padded(letter === 'Y' && year < 1 ? 1 - year : year, count)
}

/** Joda-Time scales a fraction to at most this many digits before a `long` overflows. */
const fractionDigitsMax = 15

function fractionText(millisecond: number, count: number): string {
  if (millisecond === 0) return '0'.repeat(count)
  const digits = Math.min(count, fractionDigitsMax)
  return String(millisecond).padStart(3, '0').padEnd(digits, '0').slice(0, digits)
}

/** The sign does not count as a digit. */
const padded = (number: number, digits: number): string =>
  number < 0 ? `-${padded(-number, digits)}` : String(number).padStart(digits, '0')

/** The name with a number that counts from 1; fewer than four letters ask for the short one, its first three. */
function named(names: readonly string[], number: number, count: number): string {
  const name = names[number - 1] ?? ''
  return count > 3 ? name : name.slice(0, 3)
}

const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
