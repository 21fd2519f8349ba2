import { describe, expect, test } from 'vitest'
import { definition, object, parameter, ref, values } from '../../test/builders.ts'
import { type DefinitionForm, definitionForms, readDefinitions, writeDefinition } from './definition-forms.ts'

const original = definition(
  [object('A', { name: 'The A', runsOn: ref('B'), step: ['x', '${HOME}'], type: 'EmrActivity' })],
  {
    parameterObjects: [parameter('myX', { type: 'String' })],
    parameterValues: values('myX', '1', '2'),
  },
)

function read(text: string) {
  const file = readDefinitions(text, new Map())
  if (file.kind === 'unusable') throw new Error(JSON.stringify(file.faults))
  return file.definitions.map(({ name, file: { definition: found } }) => ({ name, definition: found }))
}

test.each(definitionForms.flatMap((from) => definitionForms.map((to): [DefinitionForm, DefinitionForm] => [from, to])))(
  'nothing is lost on the way from %s to %s',
  (from, to) => {
    const [first] = read(writeDefinition(original, from, 'p'))
    if (first === undefined) throw new Error('Nothing was read.')
    expect(read(writeDefinition(first.definition, to, 'p'))[0]?.definition).toEqual(original)
  },
)

test('a template names its pipeline', () => {
  expect(read(writeDefinition(original, 'cloudformation', 'The pipeline'))[0]?.name).toBe('The pipeline')
  expect(
    read('Resources:\n  P:\n    Type: AWS::DataPipeline::Pipeline\n    Properties: { PipelineObjects: [] }')[0]?.name,
  ).toBe('P')
})

test('what is malformed is told with its place', () => {
  expect(readDefinitions('{"objects": [}', new Map())).toMatchObject({
    kind: 'unusable',
    faults: [{ line: 1, column: 14 }],
  })
})

describe('Terraform', () => {
  const fields =
    '[{"key":"runsOn","ref_value":"B"},{"key":"step","string_value":"x"},{"key":"step","string_value":"$${HOME}"},{"key":"type","string_value":"EmrActivity"}]'
  const parameters =
    '"parameter_object":{"id":"myX","attribute":{"key":"type","string_value":"String"}},"parameter_value":[{"id":"myX","string_value":"1"},{"id":"myX","string_value":"2"}]'
  const blocks = `"pipeline_id":"df-1","pipeline_object":[{"id":"A","name":"The A","field":${fields}}],${parameters}`

  test('configurations are read, single blocks and escapes included', () => {
    const text = `{"resource":{"aws_datapipeline_pipeline_definition":{"nightly":{${blocks}}},"aws_s3_bucket":{"b":{}}}}`
    expect(read(text)).toEqual([{ name: 'nightly', definition: original }])
  })

  test('states are read wherever a module holds them; their texts are literal', () => {
    const empty = blocks.replaceAll('$${', '${').replaceAll('"string_value"', '"ref_value":"","string_value"')
    const resource = `{"type":"aws_datapipeline_pipeline_definition","name":"nightly","values":{${empty}}}`
    const text = `{"terraform_version":"1.9","values":{"root_module":{"child_modules":[{"resources":[${resource}]}]}}}`
    expect(read(text)).toEqual([{ name: 'nightly', definition: original }])
  })

  test('expressions are faults', () => {
    const text = `{"resource":{"aws_datapipeline_pipeline_definition":{"n":{"pipeline_object":{"id":"A","name":"\${var.x}","field":[]}}}}}`
    expect(readDefinitions(text, new Map())).toMatchObject({
      kind: 'unusable',
      faults: [
        { line: 1, column: 94, message: expect.stringContaining('Only Terraform can work out this expression') },
      ],
    })
  })
})
