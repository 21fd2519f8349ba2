import type { Logger } from 'pino'
import { assertNever } from '../../core/assert-never.ts'
import type { ObjectId } from '../../core/definition/pipeline-object.ts'
import { maskScope } from '../../core/definition/secrets.ts'
import { isLegal } from '../../core/lifecycle/advance.ts'
import { evaluateObject } from '../../core/lifecycle/evaluated-objects.ts'
import type { ActionCause } from '../../core/lifecycle/event.ts'
import type { Instance } from '../../core/lifecycle/instance.ts'
import type { Plan } from '../../core/lifecycle/plan.ts'
import { runScope } from '../../core/lifecycle/run-scope.ts'
import { type NotificationRow, pipelineId } from '../../store/rows.ts'
import type { Workshop } from '../workshop.ts'

/** A message for the subscribers of a topic. */
export type Notification = { readonly topicArn: string; readonly subject: string; readonly message: string }

/** Where notifications go. Rejects when they cannot be delivered now; they are tried again then. */
export type ActionPublisher = { publish(notification: Notification): Promise<void> }

/** A notification as it is kept, beside whether and when it was delivered. */
export type NotificationText = Omit<NotificationRow, 'sequence' | 'sentAt' | 'error'>

/** A notification could not be delivered; another try may help, or not. */
export class Undelivered extends Error {
  override readonly name = 'Undelivered'
  readonly notification: NotificationText

  constructor(notification: NotificationText, options: { readonly cause: unknown }) {
    super(options.cause instanceof Error ? options.cause.message : String(options.cause), options)
    this.notification = notification
  }
}

type Trigger = {
  readonly id: ObjectId
  readonly cause: ActionCause
  readonly plan: Plan
  readonly instance: Instance
}

/**
 * Performs an action that an instance has triggered, with that instance as its `node`. Resolves to the notification that it has
 * delivered, if it is an alarm.
 *
 * @throws Undelivered
 */
export async function act(
  trigger: Trigger,
  { workshop, publisher, log }: { workshop: Workshop; publisher: ActionPublisher; log: Logger },
): Promise<NotificationText | undefined> {
  const type = trigger.plan.objects.get(trigger.id)?.type?.name
  if (type === 'Terminate') await terminate(trigger, workshop)
  return type === 'SnsAlarm' ? await sendAlarm(notificationOf(trigger, log), publisher) : undefined
}

async function sendAlarm(notification: NotificationText, publisher: ActionPublisher): Promise<NotificationText> {
  const { topicArn, subject, message } = notification
  try {
    await publisher.publish({ topicArn, subject, message })
    return notification
  } catch (error) {
    throw new Undelivered(notification, { cause: error })
  }
}

/**
 * @source guide: dp-object-snsalarm
 */
function notificationOf({ id, plan, instance }: Trigger, log: Logger): NotificationText {
  const scope = runScope(plan, [instance], instance.id)
  const textOf = (key: 'topicArn' | 'subject' | 'message') => {
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
  }
  return {
    pipelineId: pipelineId(plan.pipelineId),
    instanceId: instance.id,
    topicArn: textOf('topicArn'),
    subject: textOf('subject'),
    message: textOf('message'),
  }
}

/**
 * Cancels what is late. What has ended is left alone, also if it has been rerun by the time that its end is acted upon.
 *
 * @source guide: dp-object-terminate
 */
async function terminate({ plan, instance, cause }: Trigger, workshop: Workshop): Promise<void> {
  switch (cause) {
    case 'success':
    case 'fail':
      return
    case 'late':
      await workshop.onPipeline(pipelineId(plan.pipelineId), async (unit) => {
        const current = await unit.instance(instance.id)
        const event = { kind: 'cancel', by: 'action' } as const
        if (current !== undefined && isLegal(current, event)) await unit.deliver([{ id: instance.id, event }])
      })
      return
    default:
      assertNever(cause)
  }
}
