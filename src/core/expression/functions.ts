import { nearestWord } from '../nearest-word.ts'
import { shorten } from '../quote.ts'
import { type DateTime, type DateUnit, makeDateTime, mapDate, readCalendar, shiftDate } from './date-arithmetic.ts'
import { formatDate } from './date-format.ts'
import { type Failure, failure } from './failure.ts'
import {
  type Argument,
  datePatternType,
  dateTimeType,
  integerType,
  type ParameterType,
  periodType,
  timeZoneType,
} from './parameter-type.ts'
import type { Value } from './value.ts'

/**
 * A parameter of a function, by the name that the guide gives it.
 *
 * @source guide: dp-pipeline-reference-functions-datetime
 */
export type Parameter = { readonly name: string; readonly type: ParameterType<unknown> }

/**
 * A function of the language. `evaluate` is called with one value for each parameter, none of them a list.
 *
 * @source guide: dp-pipeline-reference-functions-datetime
 */
export type ExpressionFunction = {
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly result: 'dateTime' | 'integer' | 'string'
  readonly evaluate: (values: readonly Value[]) => Value | Failure
}

const dateParameter = { name: 'myDateTime', type: dateTimeType }

/**
 * Every function, one row each. `plusPeriod` is in an example of the guide only, `inTimeZone` in an older edition only.
 *
 * @source guide: dp-pipeline-reference-functions-datetime, dp-object-sqlactivity (plusPeriod); krux/hyperion (inTimeZone)
 */
export const expressionFunctions: readonly ExpressionFunction[] = [
  reading('minute', (local) => local.minute),
  reading('hour', (local) => local.hour),
  reading('day', (local) => local.day),
  reading('dayOfYear', (local) => local.dayOfYear),
  reading('month', (local) => local.month),
  reading('year', (local) => local.year),
  moving('firstOfMonth', (local) => local.with({ day: 1 })),
  moving('midnight', (local) => local.startOfDay()),
  moving('sunday', (local) => local.subtract({ days: local.dayOfWeek % 7 })),
  moving('yesterday', (local) => local.subtract({ days: 1 })),
  ...shifting('Minutes', 'minutes'),
  ...shifting('Hours', 'hours'),
  ...shifting('Days', 'days'),
  ...shifting('Weeks', 'weeks'),
  ...shifting('Months', 'months'),
  ...shifting('Years', 'years'),
  ofDateAnd(
    'plusPeriod',
    { name: 'period', type: periodType },
    {
      result: 'dateTime',
      evaluate: (date, { count, unit }) => shiftDate(date, `${unit}s`, count),
    },
  ),
  ofDateAnd(
    'format',
    { name: 'format', type: datePatternType },
    {
      result: 'string',
      evaluate: (date, pattern) => ({ kind: 'string', text: formatDate(date, pattern) }),
    },
  ),
  ofDateAnd(
    'inTimeZone',
    { name: 'zone', type: timeZoneType },
    {
      result: 'dateTime',
      evaluate: (date, zone) => ({ ...date, zone: zone === 'UTC' ? undefined : zone }),
    },
  ),
  ofIntegers('makeDate', ['year', 'month', 'day'], ([year = 0, month = 0, day = 0]) =>
    makeDateTime({ year, month, day, hour: 0, minute: 0 }),
  ),
  ofIntegers(
    'makeDateTime',
    ['year', 'month', 'day', 'hour', 'minute'],
    ([year = 0, month = 0, day = 0, hour = 0, minute = 0]) => makeDateTime({ year, month, day, hour, minute }),
  ),
]

const functionsByName = new Map(expressionFunctions.map((row) => [row.name, row]))

/**
 * The function of that name; names are case-sensitive.
 *
 * @source guide: dp-pipeline-reference-functions-datetime
 */
export const findFunction = (name: string): ExpressionFunction | undefined => functionsByName.get(name)

/**
 * The failure of a call of a function that does not exist; it suggests the one with the nearest name.
 *
 * @source ours: the original's message is not known
 */
export function unknownFunction(name: string): Failure {
  const suggestion = nearestWord(name, functionsByName.keys())
  return failure(
    `There is no function ${shorten(name)}. ${suggestion === undefined ? 'Use one that exists, such as format.' : `Did you mean ${suggestion}?`}`,
  )
}

/**
 * The failure of a call with too few or too many arguments.
 *
 * @source ours: the original's message is not known
 */
export function wrongArity({ name, parameters }: ExpressionFunction, given: number): Failure {
  const names = parameters.map((parameter) => parameter.name).join(', ')
  return failure(
    `${name}(${names}) takes ${parameters.length} argument${parameters.length === 1 ? '' : 's'}, but this call gives ${given}. Write it as shown.`,
  )
}

/** A function that reads a part of a date. */
function reading(name: string, read: (local: Temporal.ZonedDateTime) => number): ExpressionFunction {
  return ofDate(name, 'integer', (date) => ({ kind: 'integer', number: read(readCalendar(date)) }))
}

/** A function that turns a date into another. */
function moving(name: string, change: (local: Temporal.ZonedDateTime) => Temporal.ZonedDateTime): ExpressionFunction {
  return ofDate(name, 'dateTime', (date) => mapDate(date, change))
}

/** The two functions that add and subtract a unit. */
function shifting(suffix: string, unit: DateUnit): readonly ExpressionFunction[] {
  const added = { name: `${unit}ToAdd`, type: integerType }
  const subtracted = { name: `${unit}ToSub`, type: integerType }
  return [
    ofDateAnd(`plus${suffix}`, added, {
      result: 'dateTime',
      evaluate: (date, count) => shiftDate(date, unit, count),
    }),
    ofDateAnd(`minus${suffix}`, subtracted, {
      result: 'dateTime',
      evaluate: (date, count) => shiftDate(date, unit, -count),
    }),
  ]
}

function ofDate(
  name: string,
  result: ExpressionFunction['result'],
  evaluate: (date: DateTime) => Value | Failure,
): ExpressionFunction {
  return {
    name,
    parameters: [dateParameter],
    result,
    evaluate([value]) {
      const date = readArgument(dateParameter, value)
      return date.kind === 'failure' ? date : evaluate(date.argument)
    },
  }
}

function ofDateAnd<T>(
  name: string,
  second: { readonly name: string; readonly type: ParameterType<T> },
  body: {
    readonly result: ExpressionFunction['result']
    readonly evaluate: (date: DateTime, argument: T) => Value | Failure
  },
): ExpressionFunction {
  return {
    name,
    parameters: [dateParameter, second],
    result: body.result,
    evaluate([dateValue, secondValue]) {
      const date = readArgument(dateParameter, dateValue)
      if (date.kind === 'failure') return date
      const argument = readArgument(second, secondValue)
      return argument.kind === 'failure' ? argument : body.evaluate(date.argument, argument.argument)
    },
  }
}

function ofIntegers(
  name: string,
  parameterNames: readonly string[],
  evaluate: (numbers: readonly number[]) => DateTime | Failure,
): ExpressionFunction {
  const parameters = parameterNames.map((parameterName) => ({ name: parameterName, type: integerType }))
  return {
    name,
    parameters,
    result: 'dateTime',
    evaluate(values) {
      const numbers: number[] = []
      for (const [index, parameter] of parameters.entries()) {
        const number = readArgument(parameter, values[index])
        if (number.kind === 'failure') return number
        numbers.push(number.argument)
      }
      return evaluate(numbers)
    },
  }
}

function readArgument<T>(
  { name, type }: { readonly name: string; readonly type: ParameterType<T> },
  value: Value | undefined,
): Argument<T> | Failure {
  return value === undefined ? failure(`The argument ${name} is missing. Write it.`) : type.read(value)
}
