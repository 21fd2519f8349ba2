import { type Instant, instant } from '../../core/instant.ts'
import type { TimeFilter } from '../store.ts'

/** Before every instant. */
export const EARLIEST: Instant = instant(Number.MIN_SAFE_INTEGER)

/** After every instant. */
export const LATEST: Instant = instant(Number.MAX_SAFE_INTEGER)

const SECOND_MS = 1_000

/** A {@link TimeFilter} as values to bind; what is absent is `null`. */
export type BoundTimes = {
  /** The first millisecond that matches. */
  readonly from: number | null
  /** The last one. */
  readonly to: number | null
  /** Seconds since the epoch, for `json_each`. */
  readonly seconds: string | null
}

export const bindTimes = ({ from, to, anyOf }: TimeFilter): BoundTimes => ({
  from: from === undefined ? null : secondOf(from) * SECOND_MS,
  to: to === undefined ? null : secondOf(to) * SECOND_MS + SECOND_MS - 1,
  seconds: bindList(anyOf?.map(secondOf)),
})

/** A list as one value, for `json_each`. */
export const bindList = (values: readonly (string | number)[] | undefined): string | null =>
  values === undefined ? null : JSON.stringify(values)

const secondOf = (time: Instant): number => Math.floor(time / SECOND_MS)
