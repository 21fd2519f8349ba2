import type { TypeName } from './type-name.ts'

/**
 * Who gives a field its value, and whether it must have one.
 *
 * - `required`: the author, always (or an ancestor of the object).
 * - `requiredGroup`: the author gives one or more of a group; the type's rules say how many.
 * - `optional`: the author may.
 * - `objectInvocation`: the author, unless the schedule comes from elsewhere or the pipeline runs on demand.
 * - `runtime`: the service, while the object runs.
 * - `system`: the service, for every object.
 *
 * @source guide: dp-pipeline-objects (the headings of the tables)
 */
export type FieldKind = 'required' | 'requiredGroup' | 'optional' | 'objectInvocation' | 'runtime' | 'system'

/**
 * Bounds of a number or a period, both included unless said otherwise.
 *
 * `meaning`: beyond them the value makes no sense. `service`: AWS protected itself; Millrace warns where it does not imitate AWS.
 * `serviceMin`, `serviceMax`: so it is with this bound only, while beyond the other one the value makes no sense.
 *
 * @source guide: dp-limits
 */
export type Range<Bound> = {
  readonly min?: Bound | undefined
  readonly max?: Bound | undefined
  readonly ground: 'meaning' | 'service' | 'serviceMin' | 'serviceMax'
  /** The bounds themselves are not allowed. */
  readonly isExclusive?: boolean | undefined
}

/**
 * What a field holds.
 *
 * An enumeration that is `closed` refuses other values; an `open` one only warns, because the original did not check it or because
 * the list has grown since. Values compare without regard to case.
 *
 * @source guide: dp-pipeline-objects; observed: 6 (rule 6)
 */
export type Slot =
  | { readonly kind: 'string' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'dateTime' }
  | { readonly kind: 'integer'; readonly range?: Range<number> | undefined }
  | { readonly kind: 'double'; readonly range?: Range<number> | undefined }
  | { readonly kind: 'price'; readonly range: Range<number>; readonly word?: string | undefined }
  | { readonly kind: 'period'; readonly range?: Range<string> | undefined; readonly word?: string | undefined }
  | { readonly kind: 'hours' }
  | { readonly kind: 'enumeration'; readonly values: readonly string[]; readonly openness: 'closed' | 'open' }
  | { readonly kind: 'reference'; readonly targets: readonly TypeName[] }

/** One field that objects of a type may have. Its key is the key of the map that holds it; a key with `*` is secret. */
export type FieldType = {
  readonly kind: FieldKind
  readonly slot: Slot
  /** Several values are allowed. */
  readonly isList: boolean
  /** What the field is for: shown in forms and on reference pages. */
  readonly summary: string
  /** What holds where the field is absent: a value, or a sentence where it depends. */
  readonly default?: string | undefined
  /** The most values that a list may have. */
  readonly countMax?: number | undefined
  /** Named in the guide only to say that it must not be given. */
  readonly isForbidden?: boolean | undefined
  /** What to use instead. */
  readonly deprecated?: string | undefined
}

/** Whether the author of a definition may give the field a value. */
export const isWritable = ({ kind, isForbidden }: FieldType): boolean =>
  kind !== 'runtime' && kind !== 'system' && isForbidden !== true

/** The fields of one type, or a group of fields that several types share, by key. */
export type FieldTable = Readonly<Record<string, FieldType>>

/** What a row of a table says beyond its slot and its summary. */
type Traits = Partial<Omit<FieldType, 'slot' | 'summary'>>

const field = (slot: Slot, summary: string, traits: Traits = {}): FieldType => ({
  kind: 'optional',
  isList: false,
  slot,
  summary,
  ...traits,
})

/** The traits of a field that the author must give. */
export const required = { kind: 'required' } as const

/** The traits of a field of which a group must have one. */
export const inGroup = { kind: 'requiredGroup' } as const

/** The traits of a field that may hold several values. */
export const list = { isList: true } as const

/** The traits of a field that the service sets while the object runs. */
export const runtime = { kind: 'runtime' } as const

/** The traits of a field that the service sets on every object. */
export const system = { kind: 'system' } as const

/** A field that holds text. */
export const text = (summary: string, traits?: Traits): FieldType => field({ kind: 'string' }, summary, traits)

/** A field that holds `true` or `false`. */
export const flag = (summary: string, traits?: Traits): FieldType => field({ kind: 'boolean' }, summary, traits)

/** A field that holds a point in time. */
export const dateTime = (summary: string, traits?: Traits): FieldType => field({ kind: 'dateTime' }, summary, traits)

/** A field that holds a whole number. */
export const integer = (summary: string, traits?: Traits & { readonly range?: Range<number> }): FieldType => {
  const { range, ...others } = traits ?? {}
  return field({ kind: 'integer', range }, summary, others)
}

/** A field that holds a number with a fraction. */
export const double = (summary: string, traits?: Traits & { readonly range?: Range<number> }): FieldType => {
  const { range, ...others } = traits ?? {}
  return field({ kind: 'double', range }, summary, others)
}

/** A field that holds an hourly price in US dollars, or the word that stands for one. */
export const price = (summary: string, traits?: Traits & { readonly word?: string }): FieldType => {
  const { word, ...others } = traits ?? {}
  return field(
    { kind: 'price', range: { min: 0, max: 20, ground: 'serviceMax', isExclusive: true }, word },
    summary,
    others,
  )
}

/** A field that holds a period such as `15 minutes`, or the word that stands for one. */
export const period = (
  summary: string,
  traits?: Traits & { readonly range?: Range<string>; readonly word?: string },
): FieldType => {
  const { range, word, ...others } = traits ?? {}
  return field({ kind: 'period', range, word }, summary, others)
}

/** A field that holds a period, or a whole number of hours. */
export const hours = (summary: string, traits?: Traits): FieldType => field({ kind: 'hours' }, summary, traits)

/** A field that holds one of a few words and nothing else. */
export const choice = (values: readonly string[], summary: string, traits?: Traits): FieldType =>
  field({ kind: 'enumeration', values, openness: 'closed' }, summary, traits)

/** A field that holds one of a few known words, or another that Millrace cannot judge. */
export const openChoice = (values: readonly string[], summary: string, traits?: Traits): FieldType =>
  field({ kind: 'enumeration', values, openness: 'open' }, summary, traits)

/** A field that refers to an object of one of the types, abstract ones included. */
export const reference = (targets: readonly TypeName[], summary: string, traits?: Traits): FieldType =>
  field({ kind: 'reference', targets }, summary, traits)
