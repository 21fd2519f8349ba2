/**
 * Whose limits hold.
 *
 * - `aws`: the original's, exactly.
 * - `default`: wide ones that only keep a mistake from occupying the server; where AWS would have refused, validation warns.
 *
 * @source ours: differences#limits
 */
export type Profile = 'default' | 'aws'

/** How large a definition may be. */
export type Limits = {
  readonly profile: Profile
  /** Objects in a definition. More are fatal: the definition is not stored. */
  readonly objectsMax: number
  /** Fields of one object, each value of a list counted. */
  readonly fieldsMax: number
  /** The length of an id or of a field's key, in bytes of UTF-8. */
  readonly keyBytesMax: number
  /** The length of one value, in bytes of UTF-8. */
  readonly valueBytesMax: number
  /** All ids, keys and values of one object together, in bytes of UTF-8. */
  readonly objectBytesMax: number
  /** Parameters that a definition declares. */
  readonly parametersMax: number
  /** All values of parameters together, ids included, in bytes of UTF-8. */
  readonly parameterValuesBytesMax: number
}

/**
 * The limits of the original.
 *
 * @source guide: dp-limits, dp-custom-templates
 */
export const awsLimits: Limits = {
  profile: 'aws',
  objectsMax: 100,
  fieldsMax: 50,
  keyBytesMax: 256,
  valueBytesMax: 10_240,
  objectBytesMax: 15_360,
  parametersMax: 50,
  parameterValuesBytesMax: 15_360,
}

/**
 * The limits of a server of one's own: a hundred times the objects, ten times the text.
 *
 * @source ours: differences#limits
 */
export const defaultLimits: Limits = {
  profile: 'default',
  objectsMax: 10_000,
  fieldsMax: 1_000,
  keyBytesMax: 1_024,
  valueBytesMax: 102_400,
  objectBytesMax: 1_048_576,
  parametersMax: 1_000,
  parameterValuesBytesMax: 1_048_576,
}

/**
 * How many ancestors an object may have through `parent`. Every object holds what it inherits, so an endless chain would cost
 * the square of its length; real definitions go two steps.
 *
 * @source ours: differences#limits
 */
export const ancestorsMax = 100
