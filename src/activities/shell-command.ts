import { TaskFailure } from '../core/task-failure.ts'
import { fieldText, fieldTexts } from '../datanodes/task-objects.ts'
import type { CommandEnd, Program, TaskContext } from './activity.ts'
import { hasSucceeded } from './command-end.ts'

/**
 * Runs what the fields `command`, `scriptUri` and `scriptArgument` say, and stores what it printed where `stdout` and `stderr` say,
 * whether or not it succeeded.
 *
 * @param environment - variables in addition to the task runner's own.
 * @source guide: dp-object-shellcommandactivity, dp-object-shellcommandprecondition
 * @throws TaskFailure (InvalidField) when there is not exactly one thing to run; (S3RequestFailed) when a script cannot be fetched or
 * what was printed cannot be stored.
 */
export async function runShellCommand(
  context: TaskContext,
  environment: Readonly<Record<string, string>>,
): Promise<CommandEnd> {
  const { attempt } = context
  const end = await context.runCommand({
    program: await programOf(context),
    arguments: fieldTexts(attempt, 'scriptArgument'),
    environment,
  })
  await storeStreams(context, end)
  return end
}

async function programOf(context: TaskContext): Promise<Program> {
  const { attempt } = context
  const text = fieldText(attempt, 'command')
  const scriptUri = fieldText(attempt, 'scriptUri')
  if (text !== undefined && scriptUri === undefined) return { kind: 'shell', text }
  if (scriptUri !== undefined && text === undefined)
    return (await import('./script.ts')).fetchScript(context, scriptUri)
  throw new TaskFailure('InvalidField', `'${attempt.id}' needs either a command or a scriptUri.`)
}

async function storeStreams(context: TaskContext, end: CommandEnd): Promise<void> {
  const { attempt } = context
  const streams = [
    { target: fieldText(attempt, 'stdout'), file: end.stdoutFile },
    { target: fieldText(attempt, 'stderr'), file: end.stderrFile },
  ]
  for (const { target, file } of streams) {
    if (target === undefined) continue
    try {
      await (await import('./store-stream.ts')).storeStream(context, file, target)
    } catch (error) {
      // Why the command failed is worth more to its author than why its output could not be stored.
      if (hasSucceeded(end) || !(error instanceof TaskFailure)) throw error
      context.log(error.message)
    }
  }
}
