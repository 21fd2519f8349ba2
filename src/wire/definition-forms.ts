import { assertNever } from '../core/assert-never.ts'
import type { Definition } from '../core/definition/pipeline-object.ts'
import { memberOf } from './api-tree.ts'
import { readCloudFormation, writeCloudFormation } from './cloudformation.ts'
import { encodeDefinition } from './codec.ts'
import { type DefinitionFile, readDefinitionFile, type UnusableFile } from './definition-file.ts'
import { type JsonTree, readJsonTree } from './json-tree.ts'
import { readTerraform } from './terraform.ts'
import { writeDefinitionFile } from './write-definition-file.ts'

/**
 * The forms in which a definition can be written.
 *
 * - `file`: as `get-pipeline-definition` prints it and `put-pipeline-definition` takes it.
 * - `api`: as the service takes it.
 * - `cloudformation`: a template with one pipeline.
 */
export const definitionForms = ['file', 'api', 'cloudformation'] as const

/** One of these forms. */
export type DefinitionForm = (typeof definitionForms)[number]

/** A definition and, where its file tells, what the pipeline is called. */
export type NamedDefinition = { readonly name: string | undefined; readonly file: DefinitionFile }

/** All definitions of a file; a template may hold none or several. */
export type DefinitionsFile = { readonly kind: 'definitions'; readonly definitions: readonly NamedDefinition[] }

/**
 * Reads the definitions of a file in whatever form: a definition file, the form of the API, a CloudFormation template in JSON or
 * YAML, or Terraform's JSON. `values` are for the parameters of a template.
 *
 * @source ours: differences#forms
 */
export function readDefinitions(text: string, values: ReadonlyMap<string, string>): DefinitionsFile | UnusableFile {
  const read = readJsonTree(text)
  const isJson = /^\uFEFF?\s*[[{]/.test(text)
  if (!isJson || (read.kind === 'tree' && memberOf(read.tree, 'Resources') !== undefined)) {
    const template = readCloudFormation(text, values)
    if (template.kind === 'unusable') return template
    const definitions = template.pipelines.map(({ name, logicalId, file }) => ({ name: name ?? logicalId, file }))
    return { kind: 'definitions', definitions }
  }
  if (read.kind === 'tree' && isTerraform(read.tree)) {
    const terraform = readTerraform(text)
    return terraform.kind === 'unusable' ? terraform : { kind: 'definitions', definitions: terraform.definitions }
  }
  const file = readDefinitionFile(text)
  return file.kind === 'unusable' ? file : { kind: 'definitions', definitions: [{ name: undefined, file }] }
}

const isTerraform = (root: JsonTree): boolean =>
  memberOf(root, 'resource') !== undefined || memberOf(root, 'terraform_version') !== undefined

/** A definition in one of the forms. The name is what a template calls the pipeline. */
export function writeDefinition(definition: Definition, form: DefinitionForm, name: string): string {
  switch (form) {
    case 'file':
      return writeDefinitionFile(definition)
    case 'api':
      return `${JSON.stringify(encodeDefinition(definition), null, 4)}\n`
    case 'cloudformation':
      return writeCloudFormation(definition, { name })
    default:
      return assertNever(form)
  }
}
