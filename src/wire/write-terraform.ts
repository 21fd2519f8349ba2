import type {
  Definition,
  Field,
  ParameterObject,
  ParameterValue,
  PipelineObject,
} from '../core/definition/pipeline-object.ts'

/**
 * A configuration of Terraform with one pipeline and its definition, as `terraform fmt` would lay it out.
 *
 * @source Terraform, aws_datapipeline_pipeline, aws_datapipeline_pipeline_definition
 */
export function writeTerraform({ objects, parameterObjects, parameterValues }: Definition, name: string): string {
  const label = labelOf(name)
  const blocks = [
    ...objects.map(objectBlock),
    ...parameterObjects.map(parameterBlock),
    ...parameterValues.map(({ id, text }: ParameterValue) =>
      block(
        'parameter_value',
        [
          ['id', id],
          ['string_value', text],
        ],
        [],
      ),
    ),
  ]
  return [
    ...block(`resource "aws_datapipeline_pipeline" "${label}"`, [['name', name]], []),
    '',
    `resource "aws_datapipeline_pipeline_definition" "${label}" {`,
    `  pipeline_id = aws_datapipeline_pipeline.${label}.id`,
    ...blocks.flatMap((lines) => ['', ...lines.map(indented)]),
    '}',
    '',
  ].join('\n')
}

type Lines = readonly string[]

const objectBlock = ({ id, name, fields }: PipelineObject): Lines =>
  block(
    'pipeline_object',
    [
      ['id', id],
      ['name', name],
    ],
    fields.map(fieldBlock),
  )

const fieldBlock = ({ key, value }: Field): Lines =>
  block(
    'field',
    [['key', key], value.kind === 'string' ? ['string_value', value.text] : ['ref_value', value.target]],
    [],
  )

const parameterBlock = ({ id, attributes }: ParameterObject): Lines =>
  block(
    'parameter_object',
    [['id', id]],
    attributes.map(({ key, text }) =>
      block(
        'attribute',
        [
          ['key', key],
          ['string_value', text],
        ],
        [],
      ),
    ),
  )

/** A block: its attributes, with their equals signs below one another, and the blocks in it. */
function block(head: string, attributes: readonly (readonly [string, string])[], inner: readonly Lines[]): Lines {
  const width = Math.max(...attributes.map(([name]) => name.length))
  const lines = attributes.map(([name, text]) => `${name.padEnd(width)} = ${quoted(text)}`)
  const content = [lines, ...inner].flatMap((each, index) => (index === 0 ? each : ['', ...each]))
  return [`${head} {`, ...content.map(indented), '}']
}

const indented = (line: string): string => (line === '' ? '' : `  ${line}`)

/** A string of the language, in which `${` and `%{` begin no expression. */
function quoted(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(/([$%])\{/g, '$1$1{')
  return `"${escaped}"`
}

/** A name as Terraform allows it for a resource: letters, digits, hyphens and underscores, no digit first. */
function labelOf(name: string): string {
  const label = name.replaceAll(/[^A-Za-z0-9_-]+/g, '_')
  return /^[A-Za-z_]/.test(label) ? label : `_${label}`
}
