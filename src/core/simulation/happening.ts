import type { Instant } from '../instant.ts'
import type { TimerKind } from '../lifecycle/event.ts'
import type { SimulatedInstance } from './simulated-instance.ts'

/** Something that happens at a virtual time. */
export type Happening =
  /** The schedule looks for due instances. */
  | { readonly kind: 'schedule' }
  | { readonly kind: 'timer'; readonly entry: SimulatedInstance; readonly timer: TimerKind; readonly at: Instant }
  /** A task runner asks for this attempt. */
  | { readonly kind: 'poll'; readonly entry: SimulatedInstance; readonly attemptNumber: number }
  /** A task runner is done. */
  | { readonly kind: 'result'; readonly entry: SimulatedInstance; readonly taskId: string }
  /** The service asks whether a precondition holds. */
  | { readonly kind: 'check'; readonly entry: SimulatedInstance }
  /** The provider is done with the start of a machine. */
  | { readonly kind: 'machineStart'; readonly entry: SimulatedInstance; readonly machineNumber: number }
  | { readonly kind: 'machineGone'; readonly entry: SimulatedInstance; readonly machineNumber: number }
  /** The action Terminate is performed. */
  | { readonly kind: 'terminate'; readonly entry: SimulatedInstance }
