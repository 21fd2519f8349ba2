import { preconditionFields } from '../field/precondition-fields.ts'
import { inGroup, list, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * Holds when a shell command succeeds.
 *
 * @source guide: dp-object-shellcommandprecondition
 */
export const shellCommandPrecondition = defineType({
  name: 'ShellCommandPrecondition',
  category: 'precondition',
  parents: ['UserManagedPrecondition', 'Precondition', 'RunnableObject', 'PipelineObject'],
  summary: 'Holds when a shell command ends with exit status 0. It runs where the object that refers to it runs.',
  fields: {
    ...preconditionFields,
    command: text('The command line. Alternative to scriptUri.', inGroup),
    scriptUri: text('The S3 path of a script that is fetched and run. Alternative to command.', inGroup),
    scriptArgument: text('An argument of the command. One value for each.', list),
    stdout: text('Where the standard output goes: an S3 path; with workerGroup also a local one.'),
    stderr: text('Where the standard error goes: an S3 path; with workerGroup also a local one.'),
  },
  rules: [{ kind: 'exactlyOneOf', fields: ['command', 'scriptUri'] }],
})
