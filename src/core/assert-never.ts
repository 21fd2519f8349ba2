/** Ends a `switch` over a union of kinds: the compiler rejects the call while a kind is not handled. */
export function assertNever(value: never): never {
  throw new TypeError(`Unhandled case: ${JSON.stringify(value)}`)
}
