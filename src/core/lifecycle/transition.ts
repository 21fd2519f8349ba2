import type { Instant } from '../instant.ts'
import type { Event, Subject, Transition } from './event.ts'
import type { Attempt, Instance } from './instance.ts'

/** A state machine as data: for each state, the events that are legal in it and what they lead to. */
export type TransitionTable<I extends Instance> = {
  readonly [S in I['state']['kind']]: {
    readonly [E in Event['kind']]?: (
      subject: Subject<I & { state: Extract<I['state'], { kind: S }> }>,
      event: Extract<Event, { kind: E }>,
      now: Instant,
    ) => Transition
  }
}

/** An event met a state in which it is not legal: a bug of the caller, never swallowed. */
export class IllegalTransition extends Error {
  override readonly name = 'IllegalTransition'
  readonly instanceId: string

  constructor(instance: Instance, event: Event) {
    super(`${instance.id} is ${instance.state.kind} and cannot take the event ${event.kind}`)
    this.instanceId = instance.id
  }
}

/** Nothing happens: the event is legal, and late or without meaning in this state. */
export const ignore = ({ instance }: Subject): Transition => stay(instance)

/** The instance as given, with nothing to do. */
export const stay = (next: Instance): Transition => ({ next, commands: nothing, signals: nothing })

const nothing: readonly never[] = []

/** Adds what follows to a transition, after what it has already. */
export const also = (
  { next, commands, signals }: Transition,
  more: Partial<Pick<Transition, 'commands' | 'signals'>>,
): Transition => ({
  next,
  commands: joined(commands, more.commands ?? nothing),
  signals: joined(signals, more.signals ?? nothing),
})

/** Most of what is joined is empty, and need not be copied. */
function joined<T>(first: readonly T[], second: readonly T[]): readonly T[] {
  if (second.length === 0) return first
  return first.length === 0 ? second : [...first, ...second]
}

/** One transition after another, as a single one. */
export function followedBy(subject: Subject, first: Transition, step: (subject: Subject) => Transition): Transition {
  const second = step({ ...subject, instance: first.next })
  return also({ ...first, next: second.next }, second)
}

/** The attempt after the instance's latest one. */
export const nextAttempt = ({ attemptCount }: Instance, status: Attempt['status']): Attempt => ({
  number: attemptCount + 1,
  status,
  startedAt: undefined,
  endedAt: undefined,
  handOuts: 0,
  hostname: undefined,
  error: undefined,
})
