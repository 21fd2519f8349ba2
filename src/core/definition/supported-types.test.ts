import { expect, test } from 'vitest'
import { definition, object, ref } from '../../../test/builders.ts'
import { holdToForm } from '../../../test/validation.ts'
import { resolveObjects } from './effective-object.ts'
import type { PipelineObject } from './pipeline-object.ts'
import { unsupportedObjects, unsupportedYet } from './supported-types.ts'

const refusals = (...objects: readonly PipelineObject[]) =>
  unsupportedObjects(resolveObjects(definition(objects)).objects).map((problem) => {
    holdToForm(problem)
    return [problem.objectId, problem.field]
  })

test('a type that cannot be run is refused by name', () => {
  const [problem] = unsupportedObjects(resolveObjects(definition([object('Q', { type: 'SqlActivity' })])).objects)
  expect(problem).toMatchObject({ severity: 'error', objectId: 'Q', field: 'type' })
  expect(problem?.message).toContain('SqlActivity')
  expect(problem?.message).toContain('the connection to SQL databases')
})

test('a definition with such a type is warned of before it is activated', () => {
  const inherited = definition([object('Base', { type: 'SqlActivity' }), object('Q', { parent: ref('Base') })])
  expect(unsupportedYet(inherited).map(({ severity, objectId }) => [severity, objectId])).toEqual([
    ['warning', 'Base'],
    ['warning', 'Q'],
  ])
})

test('user code that nothing would run is refused', () => {
  expect(refusals(object('C', { type: 'EmrCluster', bootstrapAction: 's3://b/setup.sh' }))).toEqual([
    ['C', 'bootstrapAction'],
  ])
})

test('a step of another jar is refused, and one that is only known at run time is not', () => {
  const steps = (...step: readonly string[]) => refusals(object('E', { type: 'EmrActivity', step }))
  expect(
    steps('command-runner.jar,ls', 's3://r.elasticmapreduce/libs/script-runner/script-runner.jar,s3://b/x'),
  ).toEqual([])
  expect(steps('#{myStep}')).toEqual([])
  expect(steps('s3://b/my.jar,arg')).toEqual([['E', 'step']])
})

test('CopyActivity is refused where a format is neither CSV nor TSV', () => {
  const copy = (type: string) =>
    refusals(
      object('Copy', { type: 'CopyActivity', input: ref('In'), output: ref('Out') }),
      object('In', { type: 'S3DataNode', filePath: 's3://b/in', dataFormat: ref('Format') }),
      object('Out', { type: 'S3DataNode', filePath: 's3://b/out' }),
      object('Format', { type }),
    )
  expect(copy('RegEx')).toEqual([['Copy', 'input']])
  expect(copy('TSV')).toEqual([])
})
