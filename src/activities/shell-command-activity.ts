import { isFieldTrue } from '../datanodes/task-objects.ts'
import type { Activity } from './activity.ts'
import { requireSuccess } from './command-end.ts'
import { runShellCommand } from './shell-command.ts'

/**
 * Runs a command or a script. With `stage`, S3 data nodes are folders for its time; outputs are stored only if it succeeds.
 *
 * @source guide: dp-object-shellcommandactivity
 */
export const runShellCommandActivity: Activity = async (context) => {
  // Loading what speaks to S3 takes longer than most commands run, and many need none of it.
  const staging = isFieldTrue(context.attempt, 'stage')
    ? await (await import('./staging.ts')).stage(context)
    : undefined
  const end = await runShellCommand(context, staging?.environment ?? {})
  await requireSuccess('The command', end)
  await staging?.storeOutputs()
}
