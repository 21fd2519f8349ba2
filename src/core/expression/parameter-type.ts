import { parseInstant } from '../instant.ts'
import { type Period, parsePeriod } from '../schedule/period.ts'
import { type DateTime, dateTime } from './date-arithmetic.ts'
import type { Value } from './value.ts'

/**
 * What a parameter of a function accepts. `read` turns a value into what the function works with, or into `undefined` where the value
 * is of another type.
 *
 * Text has no type until it is used: where a DateTime, Integer or Period is needed, text in its form is one, so that
 * `minusDays(myDateTime, 1)` works on a field that holds `2018-01-01T00:00:00`.
 *
 * @source guide: dp-expressions-functions; the conversion is ours: differences#text-as-values
 */
export type ParameterType<T> = {
  /** As the guide names it. */
  readonly name: 'DateTime' | 'Integer' | 'String' | 'Period'
  /** What a value of the type looks like, for messages. */
  readonly example: string
  readonly read: (value: Value) => T | undefined
}

/** A DateTime, or text of the form `YYYY-MM-DDTHH:MM:SS`. */
export const dateTimeParameter: ParameterType<DateTime> = {
  name: 'DateTime',
  example: 'a date such as 2018-01-31T00:00:00',
  read(value) {
    if (value.kind === 'dateTime') return value
    const instant = value.kind === 'string' ? parseInstant(value.text) : undefined
    return instant === undefined ? undefined : dateTime(instant)
  },
}

/** An Integer, or text of digits. A double is none, whole or not. */
export const integerParameter: ParameterType<number> = {
  name: 'Integer',
  example: 'a whole number such as 1',
  read(value) {
    const number = readNumber(value)
    return number?.kind === 'integer' ? number.number : undefined
  },
}

/** A String. */
export const stringParameter: ParameterType<string> = {
  name: 'String',
  example: "text in quotes such as 'abc'",
  read: (value) => (value.kind === 'string' ? value.text : undefined),
}

/** A Period, or text of the form `N unit`. */
export const periodParameter: ParameterType<Period> = {
  name: 'Period',
  example: "a period such as '1 day'",
  read(value) {
    if (value.kind === 'period') return value.period
    return value.kind === 'string' ? parsePeriod(value.text) : undefined
  },
}

/** A number of the language. */
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
