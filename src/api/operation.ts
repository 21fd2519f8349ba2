import type { Caller, Engine } from '../engine/engine.ts'
import type { Input, OperationName } from '../wire/inputs.ts'
import type { Output } from '../wire/outputs.ts'

/** What an operation works with besides its input. */
export type OperationContext = {
  readonly engine: Engine
  readonly caller: Caller
  /** A signal that is aborted when nobody waits for the answer any more: the client has gone, or the server stops. */
  readonly abandoned: () => AbortSignal
}

/**
 * One operation: puts the engine's question in terms of `core`, and its answer in those of the wire. `undefined` is an empty body,
 * which two operations answer with instead of an empty structure.
 *
 * @source observed: 1.2
 */
export type Operation<Name extends OperationName> = (
  input: Input<Name>,
  context: OperationContext,
) => Promise<Output<Name> | undefined>
