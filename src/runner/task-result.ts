import { TaskFailure } from '../core/task-failure.ts'
import type { CheckResult } from '../preconditions/precondition-check.ts'
import type { Result } from './lease.ts'

/** The most of a stack trace that is reported, in characters: the model's bound of a string. */
const STACK_TRACE_MAX = 1024

/** The most of a message that is reported, in characters: the model has no bound, people have. */
const MESSAGE_MAX = 10_000

/** Takes secrets out of a text. */
type Mask = (text: string) => string

/** The result of an activity that did its work. */
export const finished: Result = { taskStatus: 'FINISHED' }

/** The result of a precondition that was checked. */
export const checked = (check: CheckResult, mask: Mask): Result =>
  check.kind === 'met' ? finished : { taskStatus: 'FALSE', errorMessage: toWireText(mask(check.message), MESSAGE_MAX) }

/** The result of a task that failed. An error that is no TaskFailure is a fault of the task runner, and comes with its stack trace. */
export function failed(error: unknown, mask: Mask): Result {
  const failure =
    error instanceof TaskFailure ? error : new TaskFailure('TaskRunnerFault', messageOf(error), { cause: error })
  const trace = failure.cause instanceof Error ? failure.cause.stack : undefined
  return {
    taskStatus: 'FAILED',
    errorId: failure.errorId,
    errorMessage: toWireText(mask(failure.message), MESSAGE_MAX),
    ...(trace === undefined ? {} : { errorStackTrace: toWireText(mask(trace), STACK_TRACE_MAX) }),
  }
}

/** What an error says. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

// What commands print holds colours and broken characters; a request with them would be refused, and the result lost.
const toWireText = (text: string, charactersMax: number): string =>
  text
    .slice(0, charactersMax)
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\uFFFD]/g, '\uFFFD')
