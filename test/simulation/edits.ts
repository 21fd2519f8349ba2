import type { Definition, PipelineObject } from '../../src/core/definition/pipeline-object.ts'
import { textField } from '../../src/core/definition/pipeline-object.ts'
import { object, ref } from '../builders.ts'

/** A definition as an edit of a running pipeline leaves it: nothing is removed, and what has run keeps its references. */
export function edited(definition: Definition, pick: number): Definition {
  const edit = edits[pick % edits.length]
  return edit === undefined ? definition : { ...definition, objects: edit(definition.objects, pick) }
}

type Edit = (objects: readonly PipelineObject[], pick: number) => readonly PipelineObject[]

const edits: readonly Edit[] = [
  // More work that waits for the first activity.
  (objects, pick) => {
    const first = objects.find(({ id }) => id === 'A0')
    const schedule = first?.fields.filter(({ key }) => key === 'schedule') ?? []
    const fields = { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', dependsOn: ref('A0') }
    const added = object(`B${pick}`, fields)
    return [...objects, { ...added, fields: [...added.fields, ...schedule] }]
  },
  // Schedules go on for longer, or end earlier.
  (objects) => withText(objects, 'Schedule', { key: 'occurrences', text: '5' }),
  (objects) => withText(objects, 'Schedule', { key: 'occurrences', text: '2' }),
  // Other rules for what is to run.
  (objects) => withText(objects, 'ShellCommandActivity', { key: 'maximumRetries', text: '1' }),
  (objects) => withText(objects, 'Ec2Resource', { key: 'terminateAfter', text: '3 hours' }),
  (objects) => withText(objects, 'ShellCommandActivity', { key: 'failureAndRerunMode', text: 'cascade' }),
]

/** The objects of one type with another text in a field; a schedule without that field stays as it is. */
function withText(
  objects: readonly PipelineObject[],
  type: string,
  { key, text }: { readonly key: string; readonly text: string },
): readonly PipelineObject[] {
  return objects.map((each) => {
    const isMeant = each.fields.some(
      (field) => field.key === 'type' && field.value.kind === 'string' && field.value.text === type,
    )
    const hasField = each.fields.some((field) => field.key === key)
    if (!isMeant || (type === 'Schedule' && !hasField)) return each
    return { ...each, fields: [...each.fields.filter((field) => field.key !== key), textField(key, text)] }
  })
}
