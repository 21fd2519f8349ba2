import type { ObjectId } from '../../../src/core/definition/pipeline-object.ts'
import type { Instance } from '../../../src/core/lifecycle/instance.ts'
import type { DependencyRow } from '../../../src/store/rows.ts'
import type { Books, Step } from '../ledger.ts'
import type { Oracle } from '../oracle.ts'

/** What a law is asked about: one unit of work of one pipeline, or everything that there is of it. */
export type Case = {
  readonly books: Books
  /** The instances that may have been touched: what has changed, and what stands around it. */
  readonly instances: readonly Instance[]
  /** What has been done; `undefined` where all is looked at. */
  readonly step: Step | undefined
  /** What a version of the definition means. */
  oracleOf(version: number): Oracle
  /** The time of the server's clock. */
  readonly now: number
  /** Words of task runners and users that have been sent so far. */
  readonly said: Said
}

/** What has been said to the server, whether it has arrived or not. */
export type Said = {
  /** `<task id> <status>` of each result. */
  readonly results: ReadonlySet<string>
  /** The instances that somebody has asked to mark as finished. */
  readonly markedFinished: ReadonlySet<string>
  /** Whether a poll has been abandoned, after which its task may be taken back at once. */
  readonly hasAbandonedPolls: boolean
}

/** Says what is broken: one line for each breach. */
export type Law = (found: Case) => readonly string[]

/** The complaint, where something does not hold. */
export const unless = (holds: unknown, complaint: () => string): readonly string[] => (holds ? [] : [complaint()])

export const isOpen = ({ state }: Instance): boolean => state.kind !== 'ended'

/** Satisfied for its dependents: done, or passed over. */
export const isDone = ({ state }: Instance): boolean =>
  state.kind === 'ended' && (state.status === 'FINISHED' || state.status === 'SKIPPED')

/** Whether it has failed for its dependents; what only ended with its pipeline, or with what it guards, has not. */
export function hasFailed({ state }: Instance): boolean {
  if (state.kind !== 'ended') return false
  if (state.status !== 'CANCELED') return state.status !== 'FINISHED' && state.status !== 'SKIPPED'
  return state.canceledBy === 'user' || state.canceledBy === 'action' || state.canceledBy === 'resource'
}

/** The component of what a precondition guards. */
export const guardedBy = ({ nodeId }: Instance): ObjectId | undefined =>
  nodeId === undefined ? undefined : (nodeId.slice(1, nodeId.lastIndexOf('_')) as ObjectId)

/** Whether two rows say the same; what is absent and what is undefined are one. */
export function isSameRow(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  const leftFields: Readonly<Record<string, unknown>> = { ...left }
  const rightFields: Readonly<Record<string, unknown>> = { ...right }
  return [...new Set([...Object.keys(leftFields), ...Object.keys(rightFields)])].every((key) =>
    isSameRow(leftFields[key], rightFields[key]),
  )
}

/** Whether what an instance waits for there is done, or will never come. */
export function isSatisfied({ targetId, state }: DependencyRow, books: Books): boolean {
  const target = books.instances.get(targetId)?.instance
  return target === undefined ? state === 'satisfied' && isTakenAway(targetId, books) : isDone(target)
}

/** Whether an instance that has never come to be may have been taken away by an edit: what waits for it goes on then. */
export const isTakenAway = (id: ObjectId, { instances, definitions }: Books): boolean =>
  !instances.has(id) && definitions.size > 1
