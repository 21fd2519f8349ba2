import { type Instant, parseInstant } from '../../instant.ts'
import { type Period, parsePeriod } from '../../schedule/period.ts'
import { type EffectiveObject, textOf } from '../effective-object.ts'
import { literalText, type Subject } from './subject.ts'

/** What is known of a Schedule before it runs; each part is absent where it is not given, not readable or not known yet. */
export type ReadSchedule = {
  readonly start?: Instant | undefined
  readonly end?: Instant | undefined
  readonly period?: Period | undefined
  readonly occurrences?: number | undefined
}

/**
 * Reads a Schedule as far as it can be read before it runs. Nothing of an object of another type.
 *
 * @source guide: dp-object-schedule
 */
export function readSchedule(object: EffectiveObject, subject: Subject): ReadSchedule {
  if (object.type?.name !== 'Schedule') return {}
  const read = <T>(key: string, parse: (text: string) => T | undefined): T | undefined => {
    const text = textOf(object, key)
    const literal = text === undefined ? undefined : literalText(text, object, subject)
    return literal === undefined ? undefined : parse(literal)
  }
  return {
    start: read('startDateTime', parseInstant),
    end: read('endDateTime', parseInstant),
    period: read('period', parsePeriod),
    occurrences: read('occurrences', (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined)),
  }
}
