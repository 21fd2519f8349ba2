import { isA } from '../../catalog/object-type.ts'
import { quote } from '../../quote.ts'
import { type EffectiveObject, targetsOf, textOf } from '../effective-object.ts'
import type { Problem } from '../problem.ts'
import { type Check, literalText, type Subject } from './subject.ts'

/**
 * Activities can do with their data nodes what they are to do: staged output has a folder, HiveCopyActivity has the formats it
 * needs, options are not given in vain, output of a shell goes where it can be found again.
 *
 * @source guide: dp-concepts-staging, dp-object-hivecopyactivity, dp-object-redshiftcopyactivity, dp-object-shellcommandactivity
 */
export const checkDataUse: Check = (subject) =>
  [...subject.objects.values()].flatMap((object) => {
    switch (object.type?.name) {
      case 'ShellCommandActivity':
        return [...stagedOutput(object, subject), ...outputPaths(object, subject)]
      case 'ShellCommandPrecondition':
        return outputPaths(object, subject)
      case 'HiveCopyActivity':
        return hiveCopy(object, subject)
      case 'RedshiftCopyActivity':
        return ignoredOptions(object, subject)
      default:
        return []
    }
  })

function stagedOutput(object: EffectiveObject, { objects }: Subject): Problem[] {
  if (textOf(object, 'stage')?.toLowerCase() !== 'true') return []
  return targetsOf(object, 'output').flatMap((id): Problem[] => {
    const node = objects.get(id)
    if (node?.type?.name !== 'S3DataNode' || node.fields.has('directoryPath')) return []
    const message = `'output' refers to ${quote(id)}, which has no directoryPath, but staged output is a folder. Give it a directoryPath, or set 'stage' to false.`
    return [{ severity: 'error', objectId: object.id, field: 'output', message }]
  })
}

function outputPaths(object: EffectiveObject, subject: Subject): Problem[] {
  if (!object.fields.has('runsOn')) return []
  return ['stdout', 'stderr'].flatMap((field): Problem[] => {
    const text = textOf(object, field)
    const literal = text === undefined ? undefined : literalText(text, object, subject)
    if (literal === undefined || literal === '' || /^s3:\/\//i.test(literal)) return []
    const message = `'${field}' must be an S3 path with 'runsOn': a file on the machine is lost when the machine is stopped. Write one such as s3://bucket/folder/file.`
    return [{ severity: 'error', objectId: object.id, field, message }]
  })
}

function hiveCopy(object: EffectiveObject, { objects }: Subject): Problem[] {
  const [input] = targetsOf(object, 'input').map((id) => objects.get(id))
  const [output] = targetsOf(object, 'output').map((id) => objects.get(id))
  const problems: Problem[] = []
  if (input?.type?.name === 'S3DataNode' && output?.type?.name === 'S3DataNode') {
    const message =
      "'output' must be a DynamoDBDataNode, since the input is in S3. Refer to one, or use a CopyActivity from S3 to S3."
    problems.push({ severity: 'error', objectId: object.id, field: 'output', message })
  }
  for (const [field, node] of [
    ['input', input],
    ['output', output],
  ] as const) {
    if (node?.type === undefined || !isA(node.type, 'DynamoDBDataNode')) continue
    const formats = targetsOf(node, 'dataFormat').map((id) => objects.get(id)?.type?.name)
    if (formats.includes('DynamoDBExportDataFormat')) continue
    const message = `'${field}' refers to ${quote(node.id)}, but for HiveCopyActivity a DynamoDBDataNode needs a DynamoDBExportDataFormat. Give it one as its 'dataFormat'.`
    problems.push({ severity: 'error', objectId: object.id, field, message })
  }
  return problems
}

function ignoredOptions(object: EffectiveObject, { objects }: Subject): Problem[] {
  if (!object.fields.has('commandOptions')) return []
  const nodes = ['input', 'output'].flatMap((field) => targetsOf(object, field))
  const formatted = nodes.find((id) => objects.get(id)?.fields.has('dataFormat'))
  if (formatted === undefined) return []
  const message = `'commandOptions' is ignored, since ${quote(formatted)} has a 'dataFormat'. Remove one of the two.`
  return [{ severity: 'warning', objectId: object.id, field: 'commandOptions', message }]
}
