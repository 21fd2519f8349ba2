import { actionFields } from '../field/action-fields.ts'
import { required, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Sends a notification.
 *
 * @source guide: dp-object-snsalarm
 */
export const snsAlarm = defineType({
  name: 'SnsAlarm',
  category: 'action',
  parents: ['Action', 'PipelineObject'],
  summary: 'Sends a notification to an SNS topic when an object fails, succeeds or is late.',
  fields: {
    ...actionFields,
    topicArn: text('The ARN of the topic.', required),
    subject: text('The subject of the message. #{node.name} is the object it is about.', required),
    message: text(
      'The message itself. #{node.@actualEndTime} and the like tell about the object it is about.',
      required,
    ),
    role: text('The IAM role with which the message is sent. Mostly set once, on Default.', required),
  },
})
