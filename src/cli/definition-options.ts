import { Option } from 'commander'
import type { ParameterValue } from '../core/definition/pipeline-object.ts'
import { Unusable } from './command-context.ts'

/** What a user may say about the definitions of a file; every command that reads one takes the same. */
export type DefinitionFlags = {
  readonly parameter?: readonly ParameterValue[]
  readonly templateValue?: ReadonlyMap<string, string>
  readonly pipeline?: string
}

/** What the argument of every command that reads definitions may be. */
export const definitionArgument =
  'a definition file, a CloudFormation template, or a configuration, state or plan of Terraform; - is standard input'

/** The option that gives values to parameters, as an activation does. */
export const parameterOption = (): Option =>
  new Option('--parameter <id=value>', 'give a parameter a value, as at activation (may be repeated)').argParser(
    collectParameter,
  )

/** The options that say which definition of a template is meant, and what the names in it stand for. */
export const templateOptions = (): readonly Option[] => [
  new Option('--template-value <name=value>', 'what a name in a template stands for (may be repeated)').argParser(
    collectTemplateValue,
  ),
  new Option('--pipeline <name>', 'which pipeline of a template, where it has several'),
]

/** Adds one `ID=VALUE` of the command line to those before it. An id that is repeated is an array. */
function collectParameter(text: string, previous: readonly ParameterValue[] = []): readonly ParameterValue[] {
  const equals = text.indexOf('=')
  if (equals < 1) throw new Unusable('A parameter has no value. Write --parameter myParameter=value.')
  return [...previous, { id: text.slice(0, equals), text: text.slice(equals + 1) }]
}

/** Adds one `NAME=VALUE` of the command line to those before it. */
function collectTemplateValue(
  text: string,
  previous: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const equals = text.indexOf('=')
  if (equals < 1) throw new Unusable('Something in the template has no value. Write --template-value Bucket=logs.')
  return new Map([...previous, [text.slice(0, equals), text.slice(equals + 1)]])
}
