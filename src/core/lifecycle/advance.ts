import { assertNever } from '../assert-never.ts'
import type { Instant } from '../instant.ts'
import { beginCheck, checkTable } from './check.ts'
import { beginDataNode, dataNodeTable } from './data-node.ts'
import type { Event, Subject, Transition } from './event.ts'
import type { Instance } from './instance.ts'
import { beginResource, resourceTable } from './resource.ts'
import { beginTask, taskTable } from './task.ts'
import { followedBy, IllegalTransition } from './transition.ts'

/**
 * The only way in which an instance changes: what it becomes, what must be done, and what its neighbours are told. What then waits
 * for nothing begins at once.
 *
 * @throws IllegalTransition if the event makes no sense in the instance's state, which is a bug of the caller.
 */
export function advance(subject: Subject, event: Event, now: Instant): Transition {
  const row = handlerOf(subject.instance, event)
  if (row === undefined) throw new IllegalTransition(subject.instance, event)
  const first = row(subject, event, now)
  return first.next.state.kind === 'waiting' ? followedBy(subject, first, (after) => begin(after, now)) : first
}

/** Whether the event has a meaning in the instance's state. */
export const isLegal = (instance: Instance, event: Event): boolean => handlerOf(instance, event) !== undefined

type Row = (subject: Subject, event: Event, now: Instant) => Transition

const tables = { task: taskTable, dataNode: dataNodeTable, check: checkTable, resource: resourceTable }

function handlerOf(instance: Instance, event: Event): Row | undefined {
  // Each row takes the one state and the one event under which it stands in its table; the look-up by both is what makes it so.
  const table = tables[instance.kind] as unknown as Readonly<Record<string, Readonly<Record<string, Row | undefined>>>>
  return table[instance.state.kind]?.[event.kind]
}

function begin(subject: Subject, now: Instant): Transition {
  const { instance } = subject
  switch (instance.kind) {
    case 'task':
      return beginTask({ ...subject, instance }, now)
    case 'dataNode':
      return beginDataNode({ ...subject, instance }, now)
    case 'check':
      return beginCheck({ ...subject, instance }, now)
    case 'resource':
      return beginResource({ ...subject, instance }, now)
    default:
      return assertNever(instance)
  }
}
