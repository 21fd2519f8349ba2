import { formatInstant, type Instant, instant } from '../../instant.ts'
import { indexAt } from '../../schedule/occurrence.ts'
import type { EffectiveObject } from '../effective-object.ts'
import type { Problem } from '../problem.ts'
import { readSchedule } from './read-schedule.ts'
import { type Check, ownFields, type Subject } from './subject.ts'

/** How far back a start may lie without a word: the guide advises one day in the past for a start at once. In milliseconds. */
const graceMs = 24 * 60 * 60 * 1000

/**
 * A start in the past is caught up, run after run. That is said with the number of runs; AWS refuses to activate a pipeline for the
 * first time that would catch up more than a day. Where failures cascade, it is said once more.
 *
 * @source guide: dp-object-schedule, dp-concepts-schedules, dp-manage-cascade-failandrerun; ours: differences#backfill
 */
export const checkBackfill: Check = (subject) => {
  if (subject.isOnDemand || subject.stage === 'laterActivation') return []
  const backfills = [...subject.objects.values()].flatMap((object) => backfillOf(object, subject))
  const [first] = backfills
  return first === undefined ? [] : [...backfills.map(({ problem }) => problem), ...cascading(first.start, subject)]
}

function backfillOf(
  object: EffectiveObject,
  subject: Subject,
): { readonly start: Instant; readonly problem: Problem }[] {
  const { start, end, period, occurrences } = readSchedule(object, subject)
  const { now, limits, stage } = subject
  if (start === undefined || period === undefined || now - start <= graceMs) return []
  const until = end !== undefined && end <= now ? instant(end - 1) : now
  const recurrence = { kind: 'recurring', start, period, end: undefined, count: undefined } as const
  const runs = Math.min(until < start ? 0 : indexAt(recurrence, until) + 1, occurrences ?? Number.POSITIVE_INFINITY)
  const isRefused = limits.profile === 'aws' && stage === 'firstActivation'
  const consequence = isRefused
    ? 'AWS refuses to catch up more than a day. Move the start.'
    : `The first activation catches up ${runs} ${runs === 1 ? 'run' : 'runs'}, one after another. Move the start if that is not meant.`
  const message = `'startDateTime' is ${formatInstant(start)}, more than a day ago. ${consequence}`
  return [
    {
      start,
      problem: { severity: isRefused ? 'error' : 'warning', objectId: object.id, field: 'startDateTime', message },
    },
  ]
}

function cascading(start: Instant, { definition }: Subject): Problem[] {
  return definition.objects.flatMap((object): Problem[] => {
    const mode = ownFields(object).get('failureAndRerunMode')?.[0]
    if (mode?.kind !== 'string' || mode.text.toLowerCase() !== 'cascade') return []
    const message = `'failureAndRerunMode' is '${mode.text}' and runs are caught up from ${formatInstant(start)} on: one failure may fail many of them at once.`
    return [{ severity: 'warning', objectId: object.id, field: 'failureAndRerunMode', message }]
  })
}
