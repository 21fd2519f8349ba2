import { formatInstant, type Instant, instant } from '../../instant.ts'
import { indexAt } from '../../schedule/occurrence.ts'
import type { EffectiveObject } from '../effective-object.ts'
import type { ObjectId } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'
import { readSchedule } from './read-schedule.ts'
import type { Check, Subject } from './subject.ts'

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
  const several = backfills.filter(({ runs }) => runs > 1).map(({ start }) => start)
  const earliest = several.reduce((first, start) => (start < first ? start : first), subject.now)
  return [
    ...backfills.map((backfill) => catchesUp(backfill, subject)),
    ...(several.length > 0 ? cascading(earliest, subject) : []),
  ]
}

/** A schedule that starts in the past, and how many of its intervals have started since. */
type Backfill = { readonly id: ObjectId; readonly start: Instant; readonly runs: number }

function backfillOf(object: EffectiveObject, subject: Subject): Backfill[] {
  const { start, end, period, occurrences = Number.POSITIVE_INFINITY } = readSchedule(object, subject)
  const { now } = subject
  if (start === undefined || period === undefined || now - start <= graceMs) return []
  const until = end !== undefined && end <= now ? instant(end - 1) : now
  const recurrence = { kind: 'recurring', start, period, end: undefined, count: undefined } as const
  const started = until < start ? 0 : indexAt(recurrence, until) + 1
  return [{ id: object.id, start, runs: Math.min(started, occurrences) }]
}

function catchesUp({ id, start, runs }: Backfill, { limits, stage }: Subject): Problem {
  const isRefused = limits.profile === 'aws' && stage === 'firstActivation'
  const work = runs === 1 ? '1 run' : `${runs} runs, one after another`
  const consequence = isRefused
    ? 'AWS refuses to catch up more than a day. Move the start.'
    : `The first activation catches up ${work}. Move the start if that is not meant.`
  const message = `'startDateTime' is ${formatInstant(start)}, more than a day ago. ${consequence}`
  return { severity: isRefused ? 'error' : 'warning', objectId: id, field: 'startDateTime', message }
}

function cascading(start: Instant, { written }: Subject): Problem[] {
  return written.flatMap(({ id, fields }): Problem[] => {
    const mode = fields.get('failureAndRerunMode')?.[0]
    if (mode?.kind !== 'string' || mode.text.toLowerCase() !== 'cascade') return []
    const message = `'failureAndRerunMode' is '${mode.text}' and runs are caught up from ${formatInstant(start)} on: one failure may fail many of them at once. Move the start, or set the mode to none until they are caught up.`
    return [{ severity: 'warning', objectId: id, field: 'failureAndRerunMode', message }]
  })
}
