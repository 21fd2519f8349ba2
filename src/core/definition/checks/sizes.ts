import { awsLimits, type Limits } from '../limits.ts'
import type { Definition, PipelineObject } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'
import type { Check } from './subject.ts'

/** The measures of a definition that a limit exists for. */
type Measure = 'fieldsMax' | 'keyBytesMax' | 'valueBytesMax' | 'objectBytesMax' | 'parametersMax' | 'objectsMax'

/** One measured thing: where it is, how large it is, and which limit it has. */
type Measured = Pick<Problem, 'objectId' | 'field' | 'valueIndex'> & {
  readonly measure: Measure
  readonly size: number
  /** The subject of the message, and the unit. */
  readonly what: string
  readonly unit: string
}

/**
 * Nothing is larger than the limits allow. What only AWS would find too large is a warning.
 *
 * @source guide: dp-limits, dp-custom-templates
 */
export const checkSizes: Check = ({ definition, limits }) => {
  const measured = [...definitionSizes(definition), ...definition.objects.flatMap(objectSizes)]
  return measured.flatMap((one) => tooLarge(one, limits))
}

function tooLarge({ measure, size, what, unit, ...place }: Measured, limits: Limits): Problem[] {
  const excess = `${what} has ${size} ${unit}`
  if (size > limits[measure]) {
    // Too many objects have a message of their own: they are fatal.
    if (measure === 'objectsMax') return []
    return [{ ...place, severity: 'error', message: `${excess}; the limit is ${limits[measure]}.` }]
  }
  if (size <= awsLimits[measure]) return []
  return [
    {
      ...place,
      severity: 'warning',
      message: `${excess}; AWS Data Pipeline would refuse more than ${awsLimits[measure]}.`,
    },
  ]
}

function definitionSizes({ objects, parameterObjects }: Definition): Measured[] {
  return [
    { measure: 'objectsMax', size: objects.length, what: 'The definition', unit: 'objects' },
    { measure: 'parametersMax', size: parameterObjects.length, what: 'The definition', unit: 'parameters' },
  ]
}

function objectSizes({ id, name, fields }: PipelineObject): Measured[] {
  const sizes: Measured[] = [
    { objectId: id, measure: 'keyBytesMax', size: utf8Bytes(id), what: 'The id', unit: 'bytes' },
  ]
  let objectBytes = utf8Bytes(id) + utf8Bytes(name)
  const counts = new Map<string, number>()
  for (const { key: field, value } of fields) {
    const valueIndex = counts.get(field) ?? 0
    counts.set(field, valueIndex + 1)
    const keyBytes = utf8Bytes(field)
    const valueBytes = utf8Bytes(value.kind === 'string' ? value.text : value.target)
    objectBytes += keyBytes + valueBytes
    const place = { objectId: id, field, valueIndex }
    if (valueIndex === 0)
      sizes.push({ ...place, measure: 'keyBytesMax', size: keyBytes, what: 'The key', unit: 'bytes' })
    sizes.push({ ...place, measure: 'valueBytesMax', size: valueBytes, what: `'${field}'`, unit: 'bytes' })
  }
  sizes.push({ objectId: id, measure: 'fieldsMax', size: fields.length, what: 'The object', unit: 'fields' })
  sizes.push({ objectId: id, measure: 'objectBytesMax', size: objectBytes, what: 'The object', unit: 'bytes' })
  return sizes
}

/** The length of a text in UTF-8. A surrogate pair has four bytes, two for each half. */
function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) continue
    const isSurrogate = unit >= 0xd800 && unit <= 0xdfff
    bytes += unit < 0x800 || isSurrogate ? 1 : 2
  }
  return bytes
}
