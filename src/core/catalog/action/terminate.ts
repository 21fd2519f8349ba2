import { actionFields } from '../field/action-fields.ts'
import { defineType } from '../object-type.ts'

/**
 * Cancels the object that refers to it.
 *
 * @source guide: dp-object-terminate
 */
export const terminate = defineType({
  name: 'Terminate',
  category: 'action',
  parents: ['Action', 'PipelineObject'],
  summary: 'Cancels the activity, data node or machine that refers to it, mostly with onLateAction when it is late.',
  fields: actionFields,
})
