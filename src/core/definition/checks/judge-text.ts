import { assertNever } from '../../assert-never.ts'
import type { Range, Slot } from '../../catalog/field-type.ts'
import { evaluateTemplate } from '../../expression/evaluate.ts'
import { hasExpression } from '../../expression/template.ts'
import { valueText } from '../../expression/text.ts'
import { parseInstant } from '../../instant.ts'
import { quote, shorten } from '../../quote.ts'
import { parsePeriod, shortestMs } from '../../schedule/period.ts'
import type { Limits } from '../limits.ts'
import { objectId } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'

/** What is wrong with one value. */
export type Complaint = Pick<Problem, 'severity' | 'message'>

/** One text in a slot that asks for a form. */
export type JudgedText = {
  readonly key: string
  /** As written. */
  readonly text: string
  /** What the text will be, if that is known before the run. */
  readonly literal: string | undefined
  readonly slot: Exclude<Slot, { kind: 'reference' | 'string' }>
  readonly limits: Limits
}

/**
 * Whether a text has the form that its slot asks for.
 *
 * @source guide: dp-expressions-functions; observed: 6
 */
export function judgeText(judged: JudgedText): Complaint | undefined {
  const { slot, literal, key } = judged
  if (slot.kind === 'dateTime') return judgeDateTime(judged)
  if (literal === undefined) return undefined
  switch (slot.kind) {
    case 'boolean':
      return /^(true|false)$/i.test(literal) ? undefined : malformed(judged, 'true or false')
    case 'integer':
      if (!/^[+-]?\d{1,15}$/.test(literal)) return malformed(judged, 'a whole number such as 3')
      return judgeNumber(judged, Number(literal) < 0 ? withoutNegative(slot.range) : slot.range)
    case 'double':
      if (!/^[+-]?(\d{1,15}(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i.test(literal))
        return malformed(judged, 'a number such as 0.25')
      return judgeNumber(judged, slot.range)
    case 'price':
      if (slot.word !== undefined && slot.word.toLowerCase() === literal.toLowerCase()) return undefined
      if (!/^(\d{1,15}(\.\d*)?|\.\d+)$/.test(literal)) return malformed(judged, priceForm(slot.word))
      return judgeNumber(judged, slot.range)
    case 'period':
      return judgePeriod(judged, slot)
    case 'hours':
      if (parsePeriod(literal) !== undefined || /^0*[1-9]\d{0,8}$/.test(literal)) return undefined
      return malformed(judged, 'a period such as 2 hours')
    case 'enumeration':
      return judgeEnumeration(key, literal, slot)
    default:
      return assertNever(slot)
  }
}

/** Whole numbers count something: whoever set the bounds, none is negative. */
const withoutNegative = (range: Range<number> | undefined): Range<number> => ({
  min: Math.max(range?.min ?? 0, 0),
  max: range?.max,
  ground: 'meaning',
})

/**
 * The original's words. It took a literal date, or a parameter that holds one; here a date may be calculated as well.
 *
 * @source observed: 6; ours: differences#dates
 */
function judgeDateTime({ key, text, literal, limits }: JudgedText): Complaint | undefined {
  const isCalculated = hasExpression(text.replace(/#\{\s*\*?my\w*\s*\}/g, ''))
  const date = literal === undefined ? undefined : parseInstant(literal)
  if (!isCalculated && (date !== undefined || literal === undefined)) return undefined
  const advice = `Write ${dateAdvice(literal)}.`
  if (date !== undefined && limits.profile !== 'aws') {
    const message = `'${key}' is calculated; AWS Data Pipeline would refuse it, since it asks for a literal date. ${advice}`
    return { severity: 'warning', message }
  }
  const message = `INVALID_FIELD_VALUE:  '${key}' value must be a literal datetime value. ${advice}`
  return { severity: 'error', message }
}

/** The date that is meant, also where a call stands without its braces, as on one page of the guide. */
function dateAdvice(literal: string | undefined): string {
  const general = 'a date such as 2026-01-31T00:00:00, or the name of a parameter that holds one'
  if (literal === undefined || !/^\w+\([\d\s,]*\)$|^\d{4}-/.test(literal)) return general
  if (parseInstant(literal) !== undefined) return literal
  const evaluation = evaluateTemplate(`#{${literal}}`, objectId(''), { entries: () => undefined })
  return evaluation.kind === 'value' && evaluation.value.kind === 'dateTime' ? valueText(evaluation.value) : general
}

function judgePeriod(judged: JudgedText, slot: Extract<Slot, { kind: 'period' }>): Complaint | undefined {
  const { literal = '' } = judged
  if (slot.word !== undefined && slot.word === literal) return undefined
  const period = parsePeriod(literal)
  if (period === undefined) return malformed(judged, 'a period such as 15 minutes, 1 hour or 2 days')
  if (slot.range === undefined) return undefined
  const bounds = { min: boundMs(slot.range.min), max: boundMs(slot.range.max) }
  return judgeRange(judged, slot.range, beyond(shortestMs(period), bounds))
}

function boundMs(text: string | undefined): number | undefined {
  const period = text === undefined ? undefined : parsePeriod(text)
  return period === undefined ? undefined : shortestMs(period)
}

const judgeNumber = (judged: JudgedText, range: Range<number> | undefined): Complaint | undefined =>
  range && judgeRange(judged, range, beyond(Number(judged.literal), range))

/** On which side of its bounds a number lies, if not between them. */
function beyond(
  number: number,
  { min = number, max = number, isExclusive = false }: Pick<Range<number>, 'min' | 'max' | 'isExclusive'>,
): 'below' | 'above' | undefined {
  if (number < min || (isExclusive && number === min)) return 'below'
  return number > max || (isExclusive && number === max) ? 'above' : undefined
}

/** A bound that only protected AWS is an error where AWS's limits hold, and else a warning. */
function judgeRange(
  { key, literal, limits }: JudgedText,
  { min, max, ground, isExclusive = false }: Range<number | string>,
  side: 'below' | 'above' | undefined,
): Complaint | undefined {
  if (side === undefined) return undefined
  const sides = [
    min === undefined ? [] : [isExclusive ? `more than ${min}` : `at least ${min}`],
    max === undefined ? [] : [isExclusive ? `less than ${max}` : `at most ${max}`],
  ]
  const bounds = sides.flat().join(' and ')
  const shown = shorten(literal ?? '')
  const isForAws = ground === 'service' || ground === (side === 'above' ? 'serviceMax' : 'serviceMin')
  if (isForAws && limits.profile !== 'aws') {
    const message = `'${key}' is ${shown}; AWS Data Pipeline would refuse it, since it asks for ${bounds}. Change it if AWS is to run it.`
    return { severity: 'warning', message }
  }
  return {
    severity: 'error',
    message: `'${key}' must be ${bounds}, but is ${shown}. Write a value within these bounds.`,
  }
}

function judgeEnumeration(
  key: string,
  literal: string,
  { values, openness }: Extract<Slot, { kind: 'enumeration' }>,
): Complaint | undefined {
  if (values.some((value) => value.toLowerCase() === literal.toLowerCase())) return undefined
  const choices = values.join(', ')
  return openness === 'closed'
    ? {
        severity: 'error',
        message: `'${key}' must be one of ${choices}, but is ${quote(literal)}. Write one of these.`,
      }
    : {
        severity: 'warning',
        message: `'${key}' is ${quote(literal)}, which is none of the known values: ${choices}. Check its spelling.`,
      }
}

const malformed = ({ key, literal, text }: JudgedText, form: string): Complaint => ({
  severity: 'error',
  message: `'${key}' must be ${form}, but is ${quote(literal ?? text)}. Write it in that form.`,
})

const priceForm = (word: string | undefined): string =>
  word === undefined ? 'a price in dollars such as 0.25' : `a price in dollars such as 0.25, or ${word}`
