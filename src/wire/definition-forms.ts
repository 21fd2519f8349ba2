import { assertNever } from '../core/assert-never.ts'
import type { Definition } from '../core/definition/pipeline-object.ts'
import { memberOf } from './api-tree.ts'
import { encodeDefinition } from './codec.ts'
import {
  type DefinitionsFile,
  readDefinitionFileTree,
  type TreeSource,
  type UnusableFile,
  unusable,
} from './definition-file.ts'
import { lineStartsOf, readJsonTree } from './json-tree.ts'
import { writeDefinitionFile } from './write-definition-file.ts'

/**
 * The forms in which a definition can be written.
 *
 * - `file`: as `get-pipeline-definition` prints it and `put-pipeline-definition` takes it.
 * - `api`: as the service takes it.
 * - `cloudformation`: a template with one pipeline.
 * - `terraform`: a configuration with one pipeline.
 */
export const definitionForms = ['file', 'api', 'cloudformation', 'terraform'] as const

/** One of these forms. */
export type DefinitionForm = (typeof definitionForms)[number]

/**
 * Reads the definitions of a file in whatever form: a definition file, the form of the API, a CloudFormation template in JSON or
 * YAML, a configuration of Terraform, or a state or plan as Terraform shows it. `values` are for the names in a template.
 *
 * What only one form needs is loaded when that form is met: most files are definition files, and YAML alone would double the time
 * that a command takes to start.
 *
 * @source ours: differences#forms
 */
export async function readDefinitions(
  text: string,
  values: ReadonlyMap<string, string>,
): Promise<DefinitionsFile | UnusableFile> {
  const lineStarts = lineStartsOf(text)
  const syntax = syntaxOf(text)
  switch (syntax) {
    case 'nothing':
      return unusable(lineStarts, [{ offset: 0, message: 'The file is empty.' }])
    case 'hcl':
      return (await import('./terraform-hcl.ts')).readTerraformHcl(text, values)
    case 'yaml': {
      const read = (await import('./yaml-tree.ts')).readYamlTree(text)
      return read.kind === 'fault'
        ? unusable(lineStarts, [read])
        : (await import('./cloudformation.ts')).readCloudFormation({ text, tree: read.tree }, values)
    }
    case 'json': {
      const read = readJsonTree(text)
      return read.kind === 'fault' ? unusable(lineStarts, [read]) : await readTree({ text, tree: read.tree }, values)
    }
    default:
      return assertNever(syntax)
  }
}

async function readTree(
  source: TreeSource,
  values: ReadonlyMap<string, string>,
): Promise<DefinitionsFile | UnusableFile> {
  const { tree } = source
  if (memberOf(tree, 'Resources') !== undefined) {
    return (await import('./cloudformation.ts')).readCloudFormation(source, values)
  }
  if (memberOf(tree, 'resource') !== undefined || memberOf(tree, 'terraform_version') !== undefined) {
    return (await import('./terraform.ts')).readTerraform(source, values)
  }
  const file = readDefinitionFileTree(source)
  return file.kind === 'unusable' ? file : { kind: 'definitions', definitions: [{ name: undefined, file }] }
}

/** The blocks of which a configuration of Terraform consists; no line of a template in YAML begins like one. */
const blockOfTerraform =
  /^\uFEFF?(?:resource|data|variable|locals|output|module|provider|terraform)(?:[ \t]+(?:"[^"\n]*"|[\w-]+))*[ \t]*\{/m

function syntaxOf(text: string): 'nothing' | 'json' | 'hcl' | 'yaml' {
  if (/^\uFEFF?\s*$/.test(text)) return 'nothing'
  if (/^\uFEFF?\s*[[{]/.test(text)) return 'json'
  return blockOfTerraform.test(text) ? 'hcl' : 'yaml'
}

/** A definition in one of the forms. The name is what a template calls the pipeline. */
export async function writeDefinition(definition: Definition, form: DefinitionForm, name: string): Promise<string> {
  switch (form) {
    case 'file':
      return writeDefinitionFile(definition)
    case 'api':
      return `${JSON.stringify(encodeDefinition(definition), null, 4)}\n`
    case 'cloudformation':
      return (await import('./cloudformation.ts')).writeCloudFormation(definition, name)
    case 'terraform':
      return (await import('./write-terraform.ts')).writeTerraform(definition, name)
    default:
      return assertNever(form)
  }
}
