import { type FieldTable, reference, runtime } from '../field-type.ts'
import { objectFields } from './object-fields.ts'

/**
 * The fields of every action.
 *
 * @source guide: dp-object-snsalarm
 */
export const actionFields: FieldTable = {
  ...objectFields,
  node: reference(['RunnableObject'], 'The object on whose behalf the action is taken.', runtime),
}
