import type { ObjectId } from '../definition/pipeline-object.ts'
import { type Failure, type FieldPlace, failure } from './failure.ts'
import { charactersMax, stepsMax } from './limits.ts'
import type { Scope } from './scope.ts'
import type { Value } from './value.ts'

/** The state of one evaluation: what it may still spend, and what it has found out. It lives as long as the call. */
export type Run = {
  readonly scope: Scope
  stepsLeft: number
  charactersLeft: number
  /** The fields whose text was evaluated, by object and key: each is evaluated once, however often it is read. */
  readonly results: Map<ObjectId, Map<string, Value | Failure>>
  /** The fields whose text is being evaluated, outermost first; meeting one of them again is a cycle. */
  readonly open: FieldPlace[]
}

/** A run that has spent nothing. */
export const startRun = (scope: Scope): Run => ({
  scope,
  stepsLeft: stepsMax,
  charactersLeft: charactersMax,
  results: new Map(),
  open: [],
})

/** Takes `count` steps from the run, or says that there are too few. */
export function spendSteps(run: Run, count: number): Failure | undefined {
  run.stepsLeft -= count
  return run.stepsLeft < 0 ? failure(`This takes more than ${stepsMax} steps to evaluate. Simplify it.`) : undefined
}

/** Takes `count` characters from the run, or says that there are too few. */
export function spendCharacters(run: Run, count: number): Failure | undefined {
  run.charactersLeft -= count
  return run.charactersLeft < 0
    ? failure(`This evaluates to more than ${charactersMax} characters. Shorten it, or keep the text in a file.`)
    : undefined
}
