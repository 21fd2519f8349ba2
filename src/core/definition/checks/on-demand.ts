import { type EffectiveObject, textOf } from '../effective-object.ts'
import type { Problem } from '../problem.ts'
import type { Check, Subject, WrittenObject } from './subject.ts'

/**
 * A pipeline runs on demand as a whole or not at all: Default says so, nothing says otherwise, and schedules have no effect.
 *
 * @source guide: dp-concepts-schedules, dp-object-schedule
 */
export const checkOnDemand: Check = (subject) => {
  const judge = subject.isOnDemand ? judgeOnDemand : judgeScheduled
  return subject.written.flatMap((object): Problem[] => {
    const complaint = judge(object, subject)
    return complaint === undefined ? [] : [{ ...complaint, objectId: object.id }]
  })
}

type Complaint = Omit<Problem, 'objectId'>

/** An object of a pipeline that follows schedules. */
function judgeScheduled(object: WrittenObject): Complaint | undefined {
  if (scheduleTypeOf(object) === 'ondemand') {
    const message = "'scheduleType' can be ondemand on Default only. Set it there, for the whole pipeline."
    return { severity: 'error', field: 'scheduleType', message }
  }
  return usesOnDemandWords(object.effective)
    ? { severity: 'error', field: 'startAt', message: wordsOutOfPlace }
    : undefined
}

/** An object of a pipeline that runs on demand. */
function judgeOnDemand(object: WrittenObject, { objects }: Subject): Complaint | undefined {
  const scheduleType = scheduleTypeOf(object)
  if (scheduleType === 'cron' || scheduleType === 'timeseries') {
    const message = `'scheduleType' is ${scheduleType}, but Default says ondemand. Remove it here.`
    return { severity: 'error', field: 'scheduleType', message }
  }
  const hasSchedule = object.fields.get('schedule')?.some((value) => {
    const schedule = value.kind === 'reference' ? objects.get(value.target) : undefined
    return schedule !== undefined && !usesOnDemandWords(schedule)
  })
  if (!hasSchedule) return undefined
  const message = "'schedule' has no effect, since the pipeline runs on demand. Remove it."
  return { severity: 'warning', field: 'schedule', message }
}

function scheduleTypeOf({ fields }: WrittenObject): string | undefined {
  const value = fields.get('scheduleType')?.[0]
  return value?.kind === 'string' ? value.text.toLowerCase() : undefined
}

const wordsOutOfPlace =
  "ONDEMAND_ACTIVATION_TIME and ONDEMAND_PERIOD need a pipeline that runs on demand. Set 'scheduleType' to ondemand on Default, or give a start and a period."

const usesOnDemandWords = (object: EffectiveObject): boolean =>
  object.type?.name === 'Schedule' &&
  (textOf(object, 'startAt')?.toUpperCase() === 'ONDEMAND_ACTIVATION_TIME' ||
    textOf(object, 'period') === 'ONDEMAND_PERIOD')
