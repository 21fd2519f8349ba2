import { parseInstant } from '../instant.ts'
import { quote, shorten } from '../quote.ts'
import { type Period, parsePeriod } from '../schedule/period.ts'
import { type DateTime, dateTime } from './date-arithmetic.ts'
import { type DatePattern, parseDatePattern } from './date-pattern.ts'
import { type Failure, failure } from './failure.ts'
import { valueText } from './text.ts'
import { findTimeZone } from './time-zone.ts'
import type { Value } from './value.ts'

/** An argument that suits its parameter, as the function works with it. */
export type Argument<T> = { readonly kind: 'argument'; readonly argument: T }

/**
 * What a parameter of a function accepts. `read` turns a value, which is not a list, into what the function works with.
 *
 * Text has no type until it is used: where a DateTime, Integer or Period is needed, text in its form is one, so that
 * `minusDays(myDateTime, 1)` works on a field that holds `2018-01-01T00:00:00`.
 *
 * @source guide: dp-expressions-functions; the conversion is ours: differences#text-as-values
 */
export type ParameterType<T> = {
  /** The kind of value that needs no conversion. */
  readonly kind: 'dateTime' | 'integer' | 'string' | 'period'
  /** What a suitable argument is, in words. */
  readonly description: string
  readonly read: (value: Value) => Argument<T> | Failure
}

/**
 * A DateTime, or text of the form `YYYY-MM-DDTHH:MM:SS`.
 *
 * @source guide: dp-expressions-functions
 */
export const dateTimeType: ParameterType<DateTime> = {
  kind: 'dateTime',
  description: 'a date such as 2018-01-31T00:00:00',
  read(value) {
    if (value.kind === 'dateTime') return { kind: 'argument', argument: value }
    const instant = value.kind === 'string' ? parseInstant(value.text) : undefined
    return instant === undefined ? unsuitable(dateTimeType, value) : { kind: 'argument', argument: dateTime(instant) }
  },
}

/**
 * An Integer, or text of digits. A double is none, whole or not.
 *
 * @source guide: dp-expressions-functions
 */
export const integerType: ParameterType<number> = {
  kind: 'integer',
  description: 'a whole number such as 1',
  read(value) {
    const number = readNumber(value)
    return number?.kind === 'integer' ? { kind: 'argument', argument: number.number } : unsuitable(integerType, value)
  },
}

/**
 * A pattern of Joda-Time.
 *
 * @source guide: dp-pipeline-reference-functions-datetime
 */
export const datePatternType: ParameterType<DatePattern> = {
  kind: 'string',
  description: "a pattern in quotes such as 'YYYY-MM-dd'",
  read(value) {
    if (value.kind !== 'string') return unsuitable(datePatternType, value)
    const pattern = parseDatePattern(value.text)
    return pattern.kind === 'failure' ? pattern : { kind: 'argument', argument: pattern }
  },
}

/**
 * A Period, or text of the form `N unit`.
 *
 * @source guide: dp-expressions-functions
 */
export const periodType: ParameterType<Period> = {
  kind: 'period',
  description: "a period such as '1 day'",
  read(value) {
    if (value.kind === 'period') return { kind: 'argument', argument: value.period }
    const period = value.kind === 'string' ? parsePeriod(value.text) : undefined
    return period === undefined ? unsuitable(periodType, value) : { kind: 'argument', argument: period }
  },
}

/**
 * A time zone by its IANA name or its offset.
 *
 * @source krux/hyperion: inTimeZone, after an older edition of the guide
 */
export const timeZoneType: ParameterType<string> = {
  kind: 'string',
  description: "a time zone in quotes such as 'America/Los_Angeles'",
  read(value) {
    const zone = value.kind === 'string' ? findTimeZone(value.text) : undefined
    return zone === undefined ? unsuitable(timeZoneType, value) : { kind: 'argument', argument: zone }
  },
}

/**
 * A number of the language.
 *
 * @source guide: dp-expressions-functions
 */
export type NumberValue = Extract<Value, { kind: 'integer' | 'double' }>

/**
 * A number, or text that is written like one: `2`, `-2`, `0.5`, `1.0E10`. Integers beyond ±(2⁵³ − 1) are none, because they would
 * not stay exact.
 *
 * @source ours: differences#text-as-values
 */
export function readNumber(value: Value): NumberValue | undefined {
  if (value.kind === 'integer' || value.kind === 'double') return value
  if (value.kind !== 'string' || !/^[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(value.text)) return undefined
  const number = Number(value.text)
  if (/^[+-]?\d+$/.test(value.text)) return Number.isSafeInteger(number) ? { kind: 'integer', number } : undefined
  return Number.isFinite(number) ? { kind: 'double', number } : undefined
}

const unsuitable = (type: ParameterType<unknown>, value: Value): Failure =>
  failure(`${shown(value)} is not ${type.description}. Write one there.`)

const shown = (value: Value): string =>
  value.kind === 'string' ? `The text ${quote(value.text)}` : shorten(valueText(value))
