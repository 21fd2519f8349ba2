import { quote } from '../../quote.ts'
import { awsLimits, type Limits } from '../limits.ts'
import type { PipelineObject } from '../pipeline-object.ts'
import type { Problem } from '../problem.ts'
import type { Check } from './subject.ts'

/** The measures of a definition that a limit exists for. */
type Measure = Exclude<keyof Limits, 'profile'>

/**
 * Nothing is larger than the limits allow. What only AWS would find too large is a warning.
 *
 * @source guide: dp-limits, dp-custom-templates
 */
export const checkSizes: Check = ({ definition, limits }) => {
  const { objects, parameterObjects, parameterValues } = definition
  const problems: Problem[] = []
  const measure: Measuring = (name, size, describe) => {
    // AWS's limits are the narrowest; nearly everything ends here.
    if (size <= awsLimits[name] && size <= limits[name]) return
    const { what, ...place } = describe()
    problems.push({
      ...place,
      ...tooLarge(`${what} has ${size} ${units[name]}`, limits[name] < size ? limits[name] : undefined, name),
    })
  }
  // Beyond the limit itself, too many objects have a message of their own: they are fatal.
  if (objects.length <= limits.objectsMax) measure('objectsMax', objects.length, () => ({ what: 'The definition' }))
  measure('parametersMax', parameterObjects.length, () => ({ what: 'The definition' }))
  const valueBytes = parameterValues.reduce((sum, { id, text }) => sum + utf8Bytes(id) + utf8Bytes(text), 0)
  measure('parameterValuesBytesMax', valueBytes, () => ({ what: 'The list of parameter values' }))
  for (const object of objects) measureObject(object, measure)
  return problems
}

const units: Readonly<Record<Measure, string>> = {
  objectsMax: 'objects',
  parametersMax: 'parameters',
  parameterValuesBytesMax: 'bytes',
  fieldsMax: 'fields',
  keyBytesMax: 'bytes',
  valueBytesMax: 'bytes',
  objectBytesMax: 'bytes',
}

const remedies: Readonly<Record<Measure, string>> = {
  objectsMax: 'Divide them between several pipelines.',
  parametersMax: 'Remove some, or divide the pipeline.',
  parameterValuesBytesMax: 'Shorten them, or remove some.',
  fieldsMax: 'Remove some, or divide the object.',
  keyBytesMax: 'Shorten it.',
  valueBytesMax: 'Shorten it, or keep the text in S3 where the field has a form for that.',
  objectBytesMax: 'Shorten its values, or keep long texts in S3.',
}

/** Where something is, and the subject of the sentence about it. */
type Place = Pick<Problem, 'objectId' | 'field' | 'valueIndex'> & { readonly what: string }

/** Compares one size with its limits; the place is worked out only where it is needed. */
type Measuring = (name: Measure, size: number, describe: () => Place) => void

function tooLarge(excess: string, limit: number | undefined, name: Measure): Pick<Problem, 'severity' | 'message'> {
  return limit === undefined
    ? {
        severity: 'warning',
        message: `${excess}; AWS Data Pipeline would refuse more than ${awsLimits[name]}. ${remedies[name]}`,
      }
    : { severity: 'error', message: `${excess}; the limit is ${limit}. ${remedies[name]}` }
}

function measureObject({ id: objectId, name, fields }: PipelineObject, measure: Measuring): void {
  const idBytes = utf8Bytes(objectId)
  let objectBytes = idBytes + utf8Bytes(name)
  for (const [index, { key: field, value }] of fields.entries()) {
    const keyBytes = utf8Bytes(field)
    const valueBytes = utf8Bytes(value.kind === 'string' ? value.text : value.target)
    objectBytes += keyBytes + valueBytes
    measure('keyBytesMax', keyBytes, () => ({ objectId, field, what: 'The key' }))
    measure('valueBytesMax', valueBytes, () => {
      const valueIndex = fields.slice(0, index).filter(({ key }) => key === field).length
      return { objectId, field, valueIndex, what: quote(field) }
    })
  }
  measure('keyBytesMax', idBytes, () => ({ objectId, what: 'The id' }))
  measure('fieldsMax', fields.length, () => ({ objectId, what: 'The object' }))
  measure('objectBytesMax', objectBytes, () => ({ objectId, what: 'The object' }))
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
