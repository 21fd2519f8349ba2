/**
 * The answer to one check of a precondition. `notYet` is asked again after the object's `retryDelay`; an error that is thrown
 * instead counts as a failed attempt.
 */
export type CheckResult = { readonly kind: 'met' } | { readonly kind: 'notYet'; readonly message: string }
