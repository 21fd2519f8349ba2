import type { Definition } from '../core/definition/pipeline-object.ts'
import { memberOf, membersOf, renameMembers, scalarTextOf } from './api-tree.ts'
import { resolveFunctions, type TemplateValues } from './cloudformation-values.ts'
import { encodeDefinition } from './codec.ts'
import { type DefinitionsFile, type TreeSource, type UnusableFile, unusable } from './definition-file.ts'
import { readDefinitionTree } from './definition-file-tree.ts'
import { type Fault, type JsonTree, lineStartsOf } from './json-tree.ts'

const resourceType = 'AWS::DataPipeline::Pipeline'

/**
 * Reads the pipelines of a CloudFormation template. `values` say what its parameters, and whatever else only a deployment can tell,
 * stand for; parameters with a default need none. A pipeline without a name is called as in the template.
 *
 * @source guide: CloudFormation, AWS::DataPipeline::Pipeline; corpus
 */
export function readCloudFormation(
  { text, tree }: TreeSource,
  values: ReadonlyMap<string, string>,
): DefinitionsFile | UnusableFile {
  const lineStarts = lineStartsOf(text)
  const faults: Fault[] = []
  const byName = new Map([...parameterDefaults(tree), ...values])
  const definitions = membersOf(memberOf(tree, 'Resources')).flatMap(({ key, value }) => {
    if (scalarTextOf(memberOf(value, 'Type')) !== resourceType) return []
    const properties = memberOf(value, 'Properties') ?? value
    const { name = key, definition, sources } = readPipeline(properties, { byName, faults })
    return [{ name, file: { kind: 'definitionFile', definition, text, lineStarts, sources } as const }]
  })
  return faults.length > 0 ? unusable(lineStarts, faults) : { kind: 'definitions', definitions }
}

/**
 * A template with one pipeline, as JSON.
 *
 * @source guide: CloudFormation, AWS::DataPipeline::Pipeline
 */
export function writeCloudFormation(definition: Definition, name: string): string {
  const { pipelineObjects, parameterObjects, parameterValues } = encodeDefinition(definition)
  const properties = {
    Name: name,
    PipelineObjects: pipelineObjects,
    ParameterObjects: parameterObjects,
    ParameterValues: parameterValues,
  }
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Resources: { Pipeline: { Type: resourceType, Properties: capitalised(properties) } },
  }
  return `${JSON.stringify(template, null, 4)}\n`
}

/** What CloudFormation calls the members of the API. */
const memberNames = new Map([
  ['PipelineObjects', 'pipelineObjects'],
  ['ParameterObjects', 'parameterObjects'],
  ['ParameterValues', 'parameterValues'],
  ['Id', 'id'],
  ['Name', 'name'],
  ['Fields', 'fields'],
  ['Attributes', 'attributes'],
  ['Key', 'key'],
  ['StringValue', 'stringValue'],
  ['RefValue', 'refValue'],
])

/** The properties that are read; what others need for their values does not matter. */
const definitionProperties = ['PipelineObjects', 'ParameterObjects', 'ParameterValues']

function readPipeline(properties: JsonTree, values: TemplateValues) {
  const members = membersOf(properties).filter(({ key }) => definitionProperties.includes(key))
  const resolved = resolveFunctions({ kind: 'object', members, offset: properties.offset }, values)
  const { definition, sources, faults } = readDefinitionTree(renameMembers(resolved, memberNames))
  values.faults.push(...faults)
  const name = memberOf(properties, 'Name')
  return { name: name && scalarTextOf(resolveFunctions(name, values)), definition, sources }
}

/** The defaults of the template's own parameters. */
const parameterDefaults = (template: JsonTree): readonly (readonly [string, string])[] =>
  membersOf(memberOf(template, 'Parameters')).flatMap(({ key, value }) => {
    const text = scalarTextOf(memberOf(value, 'Default'))
    return text === undefined ? [] : [[key, text] as const]
  })

/** The same value with a capital at the start of every key. */
function capitalised(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitalised)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.charAt(0).toUpperCase() + key.slice(1), capitalised(item)]),
  )
}
