import type { TaskContext } from '../activities/activity.ts'
import type { CheckResult } from '../preconditions/precondition-check.ts'

/** Checks a precondition as a task: resolves with what it found, rejects like an activity. */
export type PreconditionTask = (context: TaskContext) => Promise<CheckResult>

// What a check needs is loaded with the first one, as it is for activities.
const tasks: Readonly<Record<string, PreconditionTask>> = {
  async Exists({ attempt, objects, s3, signal }) {
    const { checkExists } = await import('../preconditions/exists.ts')
    return await checkExists(attempt, objects, { s3: await s3(), signal })
  },
  async ShellCommandPrecondition(context) {
    const { checkShellCommand } = await import('../preconditions/shell-command-precondition.ts')
    const { runShellCommand } = await import('../activities/shell-command.ts')
    const { describeEnd, hasSucceeded } = await import('../activities/command-end.ts')
    return await checkShellCommand(async () => {
      const end = await runShellCommand(context, {})
      return hasSucceeded(end)
        ? { kind: 'succeeded' }
        : { kind: 'failed', message: await describeEnd('The command', end) }
    })
  },
}

/** The check of a precondition that task runners make; `undefined` for every other type. */
export const preconditionTask = (type: string): PreconditionTask | undefined =>
  Object.hasOwn(tasks, type) ? tasks[type] : undefined
