import { describe, expect, test } from 'vitest'
import { definition, object, parameter, ref, values } from '../../test/builders.ts'
import { corpusFiles, hasCorpus } from '../../test/corpus.ts'
import type { Definition } from '../core/definition/pipeline-object.ts'
import { readCloudFormation, writeCloudFormation } from './cloudformation.ts'
import { unusable } from './definition-file.ts'
import { lineStartsOf, readJsonTree } from './json-tree.ts'
import { readYamlTree } from './yaml-tree.ts'

function readTemplate(text: string, given: ReadonlyMap<string, string> = new Map()) {
  const read = text.startsWith('{') ? readJsonTree(text) : readYamlTree(text)
  return read.kind === 'fault'
    ? unusable(lineStartsOf(text), [read])
    : readCloudFormation({ text, tree: read.tree }, given)
}

/** The definition of the only pipeline in a template. */
function only(text: string, given: Record<string, string> = {}): Definition {
  const template = readTemplate(text, new Map(Object.entries(given)))
  if (template.kind === 'unusable') throw new Error(JSON.stringify(template.faults))
  const [pipeline] = template.definitions
  if (pipeline === undefined) throw new Error('The template has no pipeline.')
  return pipeline.file.definition
}

const faultsOf = (text: string): readonly string[] => {
  const template = readTemplate(text)
  return template.kind === 'unusable'
    ? template.faults.map(({ line, column, message }) => `${line}:${column} ${message}`)
    : []
}

/** A template whose one field has this value, in YAML. */
const withValue = (value: string): string => `
Parameters:
  Bucket: { Type: String, Default: "from-default" }
  Size: { Type: Number }
Resources:
  Other: { Type: "AWS::S3::Bucket", Properties: { BucketName: !Ref Nobody } }
  P:
    Type: AWS::DataPipeline::Pipeline
    Properties:
      Name: p
      PipelineTags: [{ Key: k, Value: !Ref Nobody }]
      PipelineObjects:
        - Id: A
          Name: The A
          Fields: [{ Key: x, StringValue: ${value} }]
`

const resolvedValue = (value: string, given?: Record<string, string>): string | undefined => {
  const field = only(withValue(value), given).objects[0]?.fields[0]?.value
  return field?.kind === 'string' ? field.text : undefined
}

describe('functions', () => {
  test.each([
    ['!Ref Bucket', 'from-default'],
    ['{ Ref: Bucket }', 'from-default'],
    ['!Sub "s3://${Bucket}/${!HOME}"', 's3://from-default/${HOME}'],
    ['!Sub ["${a}-${Bucket}", { a: !Ref Bucket }]', 'from-default-from-default'],
    ['!Join ["/", ["s3:", "", !Ref Bucket]]', 's3://from-default'],
    ['"#{format(@scheduledStartTime)} ${HOME}"', '#{format(@scheduledStartTime)} ${HOME}'],
  ])('%s gives %s', (value, text) => {
    expect(resolvedValue(value)).toBe(text)
  })

  test('given values beat defaults, and stand for attributes of resources', () => {
    expect(resolvedValue('!Ref Bucket', { Bucket: 'given' })).toBe('given')
    expect(resolvedValue('!GetAtt Other.Arn', { 'Other.Arn': 'arn:x' })).toBe('arn:x')
    expect(resolvedValue('{ "Fn::GetAtt": [Other, Arn] }', { 'Other.Arn': 'arn:x' })).toBe('arn:x')
  })

  test('that only a deployment can work out are faults at their place; those of other resources do not matter', () => {
    expect(faultsOf(withValue('!Ref Size'))).toEqual([
      "15:48 Only a deployment can tell what 'Size' is. Give its value with --template-value Size=value.",
    ])
    expect(faultsOf(withValue('!Select [0, [a]]'))[0]).toContain(
      "'Fn::Select' cannot be worked out without a deployment",
    )
    expect(faultsOf(withValue('!Join x'))[0]).toContain('Fn::Join needs a delimiter')
  })
})

describe('YAML', () => {
  test('keeps the spelling of plain values', () => {
    expect(resolvedValue('010')).toBe('010')
    expect(resolvedValue('yes')).toBe('yes')
    expect(resolvedValue('1.50')).toBe('1.50')
    expect(resolvedValue('"a\\nb"')).toBe('a\nb')
  })

  test('that is malformed, has aliases or nests without end is unusable', () => {
    expect(faultsOf('a: [')[0]).toContain('This is not YAML')
    expect(faultsOf('a: &x 1\nb: *x')[0]).toContain('CloudFormation has no aliases')
    expect(faultsOf(`a: ${'['.repeat(200)}${']'.repeat(200)}`)[0]).toContain('nest more than')
    expect(faultsOf(`a: ${'['.repeat(200_000)}`)).toHaveLength(1)
  })

  test('may hold no pipeline, or several', () => {
    expect(readTemplate('Resources: {}')).toEqual({ kind: 'definitions', definitions: [] })
    const two =
      '{"Resources":{"A":{"Type":"AWS::DataPipeline::Pipeline","Properties":{"PipelineObjects":[]}},"B":{"Type":"AWS::DataPipeline::Pipeline","Properties":{"PipelineObjects":[]}}}}'
    expect(readTemplate(two)).toMatchObject({ definitions: [{ name: 'A' }, { name: 'B' }] })
  })
})

test('a template that was written is read as the same definition', () => {
  const original = definition([object('A', { name: 'The A', a: ref('B'), step: ['x', 'y'] })], {
    parameterObjects: [parameter('myX', { allowedValues: ['1', '2'] })],
    parameterValues: values('myX', '1', '2'),
  })
  expect(only(writeCloudFormation(original, 'p'))).toEqual(original)
})

describe.skipIf(!hasCorpus)('real templates (skipped where ../shared/corpus is missing)', () => {
  test('are read once their parameters have values', () => {
    const counts = corpusFiles('cloudformation').map(({ name, text }) => {
      const names = [...text.matchAll(/!(?:Ref|GetAtt) ([\w.]+)|\$\{(\w+)\}/g)].map(([, ref, sub]) => ref ?? sub ?? '')
      const template = readTemplate(text, new Map(names.map((one) => [one, 'x'])))
      return [
        name.split('/')[1],
        template.kind === 'unusable'
          ? template.faults[0]?.message
          : template.definitions[0]?.file.definition.objects.length,
      ]
    })
    expect(Object.fromEntries(counts)).toEqual({
      '1-datapipeline.yml': 6,
      '1-datapipeline-template.yml': 8,
      '3-datapipeline-template.yml': 4,
      '1-DataPipeline-StringValue.yaml': 6,
      '3-DataPipeline-multiple-StringValue.json': 6,
      '5-DataPipeline-multiple-StringValue.yaml': 6,
      '7-old__DataPipeline-multiple-StringValue.json':
        'A string goes on over the end of the line. Write \\n for a line break.',
      '1-cfn-min.json': 2,
    })
  })
})
