import { quote } from '../../quote.ts'
import { type EffectiveObject, targetsOf, textOf, textsOf } from '../effective-object.ts'
import type { Problem } from '../problem.ts'
import { type Check, literalText, type Subject } from './subject.ts'

/**
 * HiveActivity makes tables of its data nodes unless it is told not to, and its script uses only tables that are made.
 *
 * @source guide: dp-object-hiveactivity, dp-concepts-staging, dp-object-dynamodbdataformat
 */
export const checkHiveTables: Check = (subject) =>
  [...subject.objects.values()].flatMap((object) => {
    if (object.type?.name !== 'HiveActivity') return []
    const stage = textOf(object, 'stage')
    const isStaged = (stage === undefined ? undefined : literalText(stage, object, subject))?.toLowerCase() !== 'false'
    if (!isStaged) return unmadeTables(object)
    return [...missingNodes(object), ...oldImage(object, subject), ...missingTables(object, subject)]
  })

const warning = ({ id }: EffectiveObject, field: string, message: string): Problem => ({
  severity: 'warning',
  objectId: id,
  field,
  message,
})

function missingNodes(object: EffectiveObject): Problem[] {
  return ['input', 'output'].flatMap((field): Problem[] => {
    if (object.fields.has(field)) return []
    const message = `'${field}' is missing: HiveActivity makes tables of its data nodes. Give one, or set 'stage' to false.`
    return [warning(object, field, message)]
  })
}

/** A table in a script: `${input2}` is the second of the inputs. */
type Table = { readonly field: 'input' | 'output'; readonly number: number }

/** The tables that the script uses, but for those that it gets as variables. */
function usedTables(object: EffectiveObject): readonly Table[] {
  const variables = new Set(textsOf(object, 'scriptVariable').map((text) => text.slice(0, text.indexOf('='))))
  const names = new Set(textOf(object, 'hiveScript')?.match(/(?<=\$\{)(?:input|output)\d{1,3}(?=\})/g))
  return [...names]
    .filter((name) => !variables.has(name))
    .map((name) => {
      const field = name.startsWith('input') ? 'input' : 'output'
      return { field, number: Number(name.slice(field.length)) }
    })
}

function unmadeTables(object: EffectiveObject): Problem[] {
  return usedTables(object).map(({ field, number }) => {
    const message = `'hiveScript' uses \${${field}${number}}, but 'stage' is false, so there is no such table. Remove 'stage', or make the table in the script.`
    return warning(object, 'hiveScript', message)
  })
}

function missingTables(object: EffectiveObject, { objects }: Subject): Problem[] {
  return usedTables(object).flatMap(({ field, number }): Problem[] => {
    const nodes = targetsOf(object, field)
    const id = nodes[number - 1]
    if (nodes.length === 0) return []
    if (id === undefined) {
      const message = `'hiveScript' uses \${${field}${number}}, but '${field}' has ${nodes.length} values. Add one, or write the number of another.`
      return [warning(object, 'hiveScript', message)]
    }
    const node = objects.get(id)
    if (node?.type?.name !== 'DynamoDBDataNode' || node.fields.has('dataFormat')) return []
    const message = `'hiveScript' uses \${${field}${number}}, but no table is made of ${quote(id)}, a DynamoDBDataNode without a data format. Give it a 'dataFormat', or make the table in the script, of #{${field}.tableName}.`
    return [warning(object, 'hiveScript', message)]
  })
}

/** The first machine image that can make tables, as the numbers of its version. */
const firstImage = { major: 3, minor: 2 } as const

function oldImage(object: EffectiveObject, subject: Subject): Problem[] {
  if (!object.fields.has('stage')) return []
  return targetsOf(object, 'runsOn').flatMap((id): Problem[] => {
    const cluster = subject.objects.get(id)
    const text = cluster === undefined ? undefined : textOf(cluster, 'amiVersion')
    const version = cluster === undefined || text === undefined ? undefined : literalText(text, cluster, subject)
    const [, major, minor] = /^(\d{1,3})\.(\d{1,3})/.exec(version ?? '') ?? []
    if (major === undefined || minor === undefined) return []
    const isNewer =
      Number(major) > firstImage.major || (Number(major) === firstImage.major && Number(minor) >= firstImage.minor)
    if (isNewer) return []
    const message = `'stage' needs machine image ${firstImage.major}.${firstImage.minor}.0 or later, but ${quote(id)} has 'amiVersion' ${version}. Give it a later one, or set 'stage' to false.`
    return [warning(object, 'stage', message)]
  })
}
