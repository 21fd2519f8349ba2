import { describe, expect, test } from 'vitest'
import { object, ref } from '../../../test/builders.ts'
import { planFrom } from '../../../test/plans.ts'
import { objectId } from '../definition/pipeline-object.ts'
import { evaluateObject, evaluateReachable } from './evaluated-objects.ts'
import { definitionScope } from './field-text.ts'

const plan = planFrom(
  object('A', {
    type: 'EmrActivity',
    step: ['jar,#{myArgument}', 'other.jar'],
    myArgument: ['one', 'two'],
    input: ref('In'),
    runsOn: ref('Cluster'),
    myLoop: ref('A'),
    '*myPassword': 'secret',
  }),
  object('In', { type: 'S3DataNode', filePath: 's3://b/#{name}', dataFormat: ref('Csv'), precondition: ref('Key') }),
  object('Csv', { type: 'CSV', column: ['a INT', 'b INT'] }),
  object('Key', { type: 'S3KeyExists', role: 'r', s3Key: '#{nothing}' }),
  object('Cluster', { type: 'EmrCluster', keyPair: '#{nothing}' }),
)

const scope = definitionScope(plan)

const describeObject = (id: string) => {
  const found = plan.objects.get(objectId(id))
  return found === undefined ? undefined : { id: found.id, name: found.name, keys: [...found.fields.keys()] }
}

const wanted = (id: string, ...keys: readonly string[]) => ({ id: objectId(id), name: id, keys })

describe('an evaluated object', () => {
  test('has a field for each value, and one for each item of a value that is a list', () => {
    expect(evaluateObject(wanted('A', 'step', 'input'), scope)).toEqual({
      kind: 'objects',
      objects: [object('A', { step: ['jar,one', 'jar,two', 'other.jar'], input: ref('In') })],
    })
  })

  test('leaves out fields that it does not have', () => {
    expect(evaluateObject(wanted('A', 'stdout'), scope)).toEqual({ kind: 'objects', objects: [object('A', {})] })
  })

  test('is a problem that names object and field, if one cannot be evaluated', () => {
    const evaluated = evaluateObject(wanted('Key', 's3Key'), scope)
    expect(evaluated).toMatchObject({ kind: 'failure', problem: { objectId: 'Key', field: 's3Key' } })
  })
})

describe('everything that a task needs', () => {
  test('is what its fields lead to, each object once, but for what only the service follows', () => {
    const first = wanted('A', 'step', 'input', 'runsOn', 'myLoop')
    const reachable = evaluateReachable(first, (id) => describeObject(id), scope)
    expect(reachable).toEqual({
      kind: 'objects',
      objects: [
        object('A', {
          step: ['jar,one', 'jar,two', 'other.jar'],
          input: ref('In'),
          runsOn: ref('Cluster'),
          myLoop: ref('A'),
        }),
        object('In', {
          type: 'S3DataNode',
          filePath: 's3://b/In',
          dataFormat: ref('Csv'),
          precondition: ref('Key'),
        }),
        object('Csv', { type: 'CSV', column: ['a INT', 'b INT'] }),
      ],
    })
  })

  test('is a problem if an object on the way cannot be evaluated', () => {
    const reachable = evaluateReachable(wanted('Key', 's3Key'), () => undefined, scope)
    expect(reachable.kind).toBe('failure')
  })
})
