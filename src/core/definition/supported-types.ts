import type { ObjectType } from '../catalog/object-type.ts'
import { quote } from '../quote.ts'
import { type EffectiveObject, resolveObjects, targetsOf, textsOf } from './effective-object.ts'
import type { Definition, ObjectId } from './pipeline-object.ts'
import type { Problem } from './problem.ts'

/** What is missing for the types that validate and do not run. A type that is not here runs. */
const missing: Readonly<Partial<Record<ObjectType['name'], string>>> = {
  HadoopActivity: 'a Hadoop cluster to submit the JAR to',
  HiveActivity: 'a Hive engine',
  HiveCopyActivity: 'a Hive engine',
  PigActivity: 'a Pig engine',
  RedshiftCopyActivity: 'the connection to Redshift',
  SqlActivity: 'the connection to SQL databases',
  DynamoDBDataNode: 'the connection to DynamoDB',
  MySqlDataNode: 'the connection to SQL databases',
  RedshiftDataNode: 'the connection to Redshift',
  SqlDataNode: 'the connection to SQL databases',
  DynamoDBDataExists: 'the connection to DynamoDB',
  DynamoDBTableExists: 'the connection to DynamoDB',
  JdbcDatabase: 'the connection to SQL databases',
  RdsDatabase: 'the connection to SQL databases',
  RedshiftDatabase: 'the connection to Redshift',
  HttpProxy: 'the routing of a resource through a proxy',
}

/** Fields that work is done by, and that nothing here does. What only describes a machine in the cloud is not among them. */
const missingFields: Readonly<Partial<Record<ObjectType['name'], Readonly<Record<string, string>>>>> = {
  EmrCluster: { bootstrapAction: 'a local cluster runs no bootstrap actions. Do what they do in a preStepCommand.' },
  S3DataNode: { manifestFilePath: 'manifests are for Redshift. Give a filePath or a directoryPath.' },
}

/** The formats that CopyActivity reads and writes. */
const copiedFormats: ReadonlySet<string> = new Set(['CSV', 'TSV'])

/** The jars that a local cluster has. */
const localJar = /(^|\/)(command|script)-runner\.jar$/

/**
 * The objects that this version cannot run, as errors that name the object, the field and what is missing: activation refuses them.
 *
 * @source ours: differences#not-there-yet
 */
export function unsupportedObjects(objects: ReadonlyMap<ObjectId, EffectiveObject>): readonly Problem[] {
  return [...objects.values()].flatMap((object): readonly Problem[] => {
    const { type } = object
    if (type === undefined) return []
    const lack = missing[type.name]
    if (lack !== undefined) {
      return [
        refusal(
          object,
          'type',
          `${type.name} is validated but cannot be run: ${lack} is missing. Remove the object, or leave the pipeline where that is.`,
        ),
      ]
    }
    return [
      ...unsupportedFields(object, missingFields[type.name] ?? {}),
      ...(type.name === 'CopyActivity' ? unsupportedFormats(object, objects) : []),
      ...(type.name === 'EmrActivity' ? unsupportedJars(object) : []),
    ]
  })
}

/**
 * The same of a definition that is not to be activated yet, as warnings: it is stored all the same.
 *
 * @source ours: differences#not-there-yet
 */
export const unsupportedYet = (definition: Definition): readonly Problem[] =>
  unsupportedObjects(resolveObjects(definition).objects).map((problem) => ({ ...problem, severity: 'warning' }))

const unsupportedFields = (object: EffectiveObject, lacks: Readonly<Record<string, string>>): readonly Problem[] =>
  Object.entries(lacks).flatMap(([field, lack]) => (object.fields.has(field) ? [refusal(object, field, lack)] : []))

function unsupportedFormats(object: EffectiveObject, objects: ReadonlyMap<ObjectId, EffectiveObject>) {
  return ['input', 'output'].flatMap((field) =>
    targetsOf(object, field).flatMap((node) => {
      const found = objects.get(node)
      const formats = found === undefined ? [] : targetsOf(found, 'dataFormat')
      return formats.flatMap((id) => {
        const name = objects.get(id)?.type?.name
        if (name === undefined || copiedFormats.has(name)) return []
        return [
          refusal(
            object,
            field,
            `the format ${quote(id)} of ${quote(node)} is ${name}, and CopyActivity copies CSV and TSV. Give the data node one of these.`,
          ),
        ]
      })
    }),
  )
}

function unsupportedJars(object: EffectiveObject): readonly Problem[] {
  return textsOf(object, 'step').flatMap((step) => {
    const [jar = ''] = step.split(',')
    const isKnown = localJar.test(jar.trim()) || jar.includes('#{')
    const lack = `a local cluster has no Hadoop to run ${quote(jar)}. Write a step for command-runner.jar or script-runner.jar.`
    return isKnown ? [] : [refusal(object, 'step', lack)]
  })
}

const refusal = ({ id }: EffectiveObject, field: string, lack: string): Problem => ({
  severity: 'error',
  objectId: id,
  field,
  message: `Not in this version of Millrace: ${lack}`,
})
