import type { Caller } from '../engine/engine.ts'
import type { OperationName } from '../wire/inputs.ts'

/**
 * Whether a caller may call an operation. There is no third argument for what the operation is called on: in policies for Data
 * Pipeline the resource is always `*`.
 *
 * @source guide: dp-iam-resourcebased-access
 */
export type Authorise = (caller: Caller, operation: OperationName) => 'allowed' | 'denied'

/** Every access key is the account owner's, who may do everything. */
export const authoriseAccountOwner: Authorise = () => 'allowed'
