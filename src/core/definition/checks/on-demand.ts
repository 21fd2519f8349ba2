import { defaultObjectId, type EffectiveObject, textOf } from '../effective-object.ts'
import type { Problem } from '../problem.ts'
import { type Check, ownFields } from './subject.ts'

/**
 * A pipeline runs on demand as a whole or not at all: Default says so, nothing says otherwise, and schedules have no effect.
 *
 * @source guide: dp-concepts-schedules, dp-object-schedule
 */
export const checkOnDemand: Check = ({ definition, objects, isOnDemand }) =>
  definition.objects.flatMap((object): Problem[] => {
    const own = ownFields(object)
    const first = own.get('scheduleType')?.[0]
    const scheduleType = first?.kind === 'string' ? first.text.toLowerCase() : undefined
    const problem = (severity: Problem['severity'], field: string, message: string): Problem[] => [
      { severity, objectId: object.id, field, message },
    ]
    if (!isOnDemand && scheduleType === 'ondemand') {
      return problem(
        'error',
        'scheduleType',
        "'scheduleType' can be ondemand on Default only. Set it there, for the whole pipeline.",
      )
    }
    if (!isOnDemand)
      return usesOnDemandWords(objects.get(object.id)) ? problem('error', 'startAt', wordsOutOfPlace) : []
    if (
      scheduleType !== undefined &&
      scheduleType !== 'ondemand' &&
      !scheduleType.includes('#{') &&
      object.id !== defaultObjectId
    ) {
      return problem(
        'error',
        'scheduleType',
        `'scheduleType' is ${scheduleType}, but Default says ondemand. Remove it here.`,
      )
    }
    const hasSchedule = (own.get('schedule') ?? []).some(
      (value) => value.kind === 'reference' && !usesOnDemandWords(objects.get(value.target)),
    )
    return hasSchedule
      ? problem('warning', 'schedule', "'schedule' has no effect, since the pipeline runs on demand. Remove it.")
      : []
  })

const wordsOutOfPlace =
  "ONDEMAND_ACTIVATION_TIME and ONDEMAND_PERIOD need a pipeline that runs on demand. Set 'scheduleType' to ondemand on Default, or give a start and a period."

const usesOnDemandWords = (object: EffectiveObject | undefined): boolean =>
  object?.type?.name === 'Schedule' &&
  (textOf(object, 'startAt')?.toUpperCase() === 'ONDEMAND_ACTIVATION_TIME' ||
    textOf(object, 'period') === 'ONDEMAND_PERIOD')
