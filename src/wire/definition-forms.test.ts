import { expect, test } from 'vitest'
import { definition, object, parameter, ref, values } from '../../test/builders.ts'
import { type DefinitionForm, definitionForms, readDefinitions, writeDefinition } from './definition-forms.ts'

const original = definition(
  [object('A', { name: 'The A', runsOn: ref('B'), step: ['x', '${HOME}'], type: 'EmrActivity' })],
  {
    parameterObjects: [parameter('myX', { type: 'String' })],
    parameterValues: values('myX', '1', '2'),
  },
)

async function read(text: string) {
  const file = await readDefinitions(text, new Map())
  if (file.kind === 'unusable') throw new Error(JSON.stringify(file.faults))
  return file.definitions.map(({ name, file: { definition: found } }) => ({ name, definition: found }))
}

test.each(definitionForms.flatMap((from) => definitionForms.map((to): [DefinitionForm, DefinitionForm] => [from, to])))(
  'nothing is lost on the way from %s to %s',
  async (from, to) => {
    const [first] = await read(await writeDefinition(original, from, 'p'))
    if (first === undefined) throw new Error('Nothing was read.')
    expect((await read(await writeDefinition(first.definition, to, 'p')))[0]?.definition).toEqual(original)
  },
)

test('a template names its pipeline', async () => {
  const written = await writeDefinition(original, 'cloudformation', 'The pipeline')
  const named = 'Resources:\n  P:\n    Type: AWS::DataPipeline::Pipeline\n    Properties: { PipelineObjects: [] }'
  expect([(await read(written))[0]?.name, (await read(named))[0]?.name]).toEqual(['The pipeline', 'P'])
})

test.each([
  ['{"objects": [}', 1, 14],
  ['Resources: [', 1, 13],
  ['resource "a" "b" {\n  c = "d\n}', 2, 7],
  ['\uFEFF \n', 1, 1],
])('what is malformed is told with its place: %j', async (text, line, column) => {
  expect(await readDefinitions(text, new Map())).toMatchObject({ kind: 'unusable', faults: [{ line, column }] })
})
