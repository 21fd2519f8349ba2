import type { Instant } from '../instant.ts'
import {
  actLate,
  awaitDependencies,
  cancelAtOnce,
  countDependency,
  countDependencyAfterEnd,
  end,
  finished,
  hold,
  letGo,
  markEndedFinished,
  markFinished,
  reactivate,
  rerun,
  skip,
  skipCanceled,
} from './ending.ts'
import type { Subject, Transition } from './event.ts'
import type { DataNodeInstance } from './instance.ts'
import { ignore, stay, type TransitionTable } from './transition.ts'

/**
 * A data node holds no work: it is there when its producers and its preconditions are done.
 *
 * @source observed: 4.6
 */
export const dataNodeTable: TransitionTable<DataNodeInstance> = {
  waiting: {
    created: awaitDependencies,
    skip,
    dependency: countDependency,
    late: actLate,
    cancel: cancelAtOnce,
    markFinished,
    reactivate: ignore,
  },
  held: {
    resume: letGo,
    dependency: countDependency,
    late: actLate,
    cancel: cancelAtOnce,
    markFinished,
    reactivate: ignore,
  },
  ended: {
    dependency: countDependencyAfterEnd,
    rerun,
    reactivate,
    skip: skipCanceled,
    markFinished: markEndedFinished,
    cancel: ignore,
  },
}

/** What a data node does when nothing that it waits for is open. */
export function beginDataNode(subject: Subject<DataNodeInstance>, now: Instant): Transition {
  if (subject.instance.openDependencies > 0) return stay(subject.instance)
  return subject.isPaused ? hold(subject) : end(subject, finished, now)
}
