import { type Instant, instant } from '../../core/instant.ts'

/** Before every instant: an absent lower bound. */
export const EARLIEST: Instant = instant(Number.MIN_SAFE_INTEGER)

/** After every instant: an absent upper bound. */
export const LATEST: Instant = instant(Number.MAX_SAFE_INTEGER)

/** A list as one bound value, for `json_each`; an absent one is `null`. */
export const list = (values: readonly (string | number)[] | undefined): string | null =>
  values === undefined ? null : JSON.stringify(values)
