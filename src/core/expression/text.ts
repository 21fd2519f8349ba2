import { assertNever } from '../assert-never.ts'
import { formatInstant } from '../instant.ts'
import { formatPeriod } from '../schedule/period.ts'
import { type DateTime, readCalendar } from './date-arithmetic.ts'
import type { Value } from './value.ts'

/**
 * A value as it appears inside text: a DateTime as `YYYY-MM-DDTHH:MM:SS`, a double as Java prints it (`4.0`, `1.0E10`), an object
 * as its id. Where a list must be one text, it takes Java's form, `[one, two]`.
 *
 * @source guide: dp-expressions-functions, dp-pipeline-reference-functions-math; the form of a list is ours: differences#list-text
 */
export function valueText(value: Value): string {
  switch (value.kind) {
    case 'string':
      return value.text
    case 'integer':
      return String(value.number)
    case 'double':
      return doubleText(value.number)
    case 'boolean':
      return String(value.isTrue)
    case 'dateTime':
      return dateTimeText(value)
    case 'period':
      return formatPeriod(value.period)
    case 'list':
      return `[${value.items.map(valueText).join(', ')}]`
    case 'object':
      return value.id
    default:
      return assertNever(value)
  }
}

/** What the clock of its zone shows. */
function dateTimeText(date: DateTime): string {
  if (date.zone === undefined) return formatInstant(date.instant)
  return readCalendar(date).toPlainDateTime().toString({ smallestUnit: 'second', roundingMode: 'trunc' })
}

/**
 * `Double.toString` of Java: always a fraction, and scientific from 10⁷ on and below 10⁻³. The digits are the fewest that read
 * back as the same number.
 */
function doubleText(number: number): string {
  const size = Math.abs(number)
  if (number === 0) return Object.is(number, -0) ? '-0.0' : '0.0'
  if (size >= 1e-3 && size < 1e7) return withFraction(String(number))
  const [mantissa = '', exponent = ''] = number.toExponential().split('e')
  return `${withFraction(mantissa)}E${exponent.replace('+', '')}`
}

const withFraction = (digits: string): string => (digits.includes('.') ? digits : `${digits}.0`)
