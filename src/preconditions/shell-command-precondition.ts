import type { CheckResult } from './precondition-check.ts'

/** How a command ended; what went wrong is worded for people. */
export type CommandOutcome = { readonly kind: 'succeeded' } | { readonly kind: 'failed'; readonly message: string }

/**
 * Holds if a command or script exits with status 0. The caller runs it.
 *
 * @source guide: dp-object-shellcommandprecondition; observed: 8.14
 */
export async function checkShellCommand(run: () => Promise<CommandOutcome>): Promise<CheckResult> {
  const outcome = await run()
  return outcome.kind === 'succeeded' ? { kind: 'met' } : { kind: 'notYet', message: outcome.message }
}
