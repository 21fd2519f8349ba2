import type { Logger } from 'pino'
import type { ObjectId } from '../../core/definition/pipeline-object.ts'
import { maskScope } from '../../core/definition/secrets.ts'
import { isLegal } from '../../core/lifecycle/advance.ts'
import { evaluateObject } from '../../core/lifecycle/evaluated-objects.ts'
import type { Instance } from '../../core/lifecycle/instance.ts'
import type { Plan } from '../../core/lifecycle/plan.ts'
import { runScope } from '../../core/lifecycle/run-scope.ts'
import { pipelineId } from '../../store/rows.ts'
import type { Workshop } from '../workshop.ts'

/** A message for the subscribers of a topic. */
export type Notification = { readonly topicArn: string; readonly subject: string; readonly message: string }

/** Where notifications go. Rejects when they cannot be delivered now; they are tried again then. */
export type ActionPublisher = { publish(notification: Notification): Promise<void> }

type Place = { readonly workshop: Workshop; readonly publisher: ActionPublisher; readonly log: Logger }

/** Performs an action that an instance has triggered, with that instance as its `node`. */
export async function act(
  { id, plan, instance }: { readonly id: ObjectId; readonly plan: Plan; readonly instance: Instance },
  place: Place,
): Promise<void> {
  const type = plan.objects.get(id)?.type?.name
  if (type === 'SnsAlarm') await sendAlarm(id, { plan, instance }, place)
  if (type === 'Terminate') await terminate({ plan, instance }, place.workshop)
}

/**
 * @source guide: dp-object-snsalarm
 */
async function sendAlarm(
  id: ObjectId,
  { plan, instance }: { readonly plan: Plan; readonly instance: Instance },
  { workshop, publisher, log }: Place,
): Promise<void> {
  const scope = runScope(plan, [instance], instance.id)
  const keys = ['topicArn', 'subject', 'message'] as const
  const texts = keys.map((key) => {
    // Whoever reads a notification may not be one who may know the secrets of the pipeline.
    const evaluated = evaluateObject({ id, name: id, keys: [key] }, key === 'topicArn' ? scope : maskScope(scope))
    if (evaluated.kind === 'failure') {
      // An alarm whose text fails is worth more than none: it goes out with the reason in place of the text.
      log.warn(
        { pipelineId: plan.pipelineId, objectId: id, field: key, reason: evaluated.problem.message },
        'an alarm has a bad text',
      )
      return `(${key} of ${id} cannot be evaluated: ${evaluated.problem.message})`
    }
    return evaluated.objects
      .flatMap(({ fields }) => fields.map(({ value }) => (value.kind === 'string' ? value.text : value.target)))
      .join(', ')
  })
  const [topicArn = '', subject = '', message = ''] = texts
  await publisher.publish({ topicArn, subject, message })
  await workshop.inTransaction(async (transaction) => {
    await transaction.insertNotification({
      pipelineId: pipelineId(plan.pipelineId),
      instanceId: instance.id,
      topicArn,
      subject,
      message,
      sentAt: workshop.clock.now(),
    })
    return { result: undefined, effects: [] }
  })
}

/**
 * @source guide: dp-object-terminate
 */
async function terminate(
  { plan, instance }: { readonly plan: Plan; readonly instance: Instance },
  workshop: Workshop,
): Promise<void> {
  await workshop.onPipeline(pipelineId(plan.pipelineId), async (unit) => {
    const current = await unit.instance(instance.id)
    const event = { kind: 'cancel', by: 'action' } as const
    if (current !== undefined && isLegal(current, event)) await unit.deliver([{ id: instance.id, event }])
  })
}
