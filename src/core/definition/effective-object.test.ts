import { describe, expect, test } from 'vitest'
import { definition, object, ref } from '../../../test/builders.ts'
import { type EffectiveObject, resolveObjects, runsOnDemand, targetsOf, textOf, textsOf } from './effective-object.ts'
import { ancestorsMax } from './limits.ts'
import { objectId, type PipelineObject } from './pipeline-object.ts'

const resolve = (...objects: readonly PipelineObject[]) => resolveObjects(definition(objects))

function resolved(id: string, ...objects: readonly PipelineObject[]): EffectiveObject {
  const found = resolve(...objects).objects.get(objectId(id))
  if (found === undefined) throw new Error(`There is no object ${id}.`)
  return found
}

describe('inheritance from Default', () => {
  test('an object has the fields of Default that its type knows', () => {
    const activity = resolved(
      'A',
      object('Default', { workerGroup: 'wg' }),
      object('A', { type: 'ShellCommandActivity' }),
    )
    expect(textOf(activity, 'workerGroup')).toBe('wg')
  })

  test('fields of Default that do not fit the type are ignored there', () => {
    const defaults = object('Default', { workerGroup: 'wg', role: 'r', insertMode: 'APPEND' })
    expect([...resolved('S', defaults, object('S', { type: 'Schedule' })).fields.keys()]).toEqual(['type'])
  })

  test('a machine does not take the worker group of Default', () => {
    const machine = resolved(
      'M',
      object('Default', { workerGroup: 'wg', role: 'r' }),
      object('M', { type: 'Ec2Resource' }),
    )
    expect(machine.fields.has('workerGroup')).toBe(false)
    expect(textOf(machine, 'role')).toBe('r')
  })

  test('user fields of Default reach every type', () => {
    const schedule = resolved(
      'S',
      object('Default', { myTeam: 'blue', '*mySecret': 'x' }),
      object('S', { type: 'Schedule' }),
    )
    expect(textOf(schedule, 'myTeam')).toBe('blue')
    expect(textOf(schedule, '*mySecret')).toBe('x')
  })

  test('the type Default of Default is not inherited', () => {
    const untyped = resolved('P', object('Default', { type: 'Default', role: 'r' }), object('P', {}))
    expect(untyped.fields.has('type')).toBe(false)
    expect(textOf(untyped, 'role')).toBe('r')
  })
})

describe('explicit parents', () => {
  test('own fields replace inherited ones of the same key, all values at once', () => {
    const child = resolved(
      'C',
      object('P', { step: ['a', 'b'], name: 'P' }),
      object('C', { type: 'EmrActivity', parent: ref('P'), step: 'c' }),
    )
    expect(textsOf(child, 'step')).toEqual(['c'])
  })

  test('the last of a chain of parents inherits from Default, and so does the whole chain', () => {
    const child = resolved(
      'C',
      object('Default', { workerGroup: 'wg', maximumRetries: '1' }),
      object('G', { maximumRetries: '2' }),
      object('P', { parent: ref('G'), command: 'true' }),
      object('C', { type: 'ShellCommandActivity', parent: ref('P') }),
    )
    expect(textOf(child, 'workerGroup')).toBe('wg')
    expect(textOf(child, 'maximumRetries')).toBe('2')
    expect(textOf(child, 'command')).toBe('true')
  })

  test('a field of Default that a parent of another type cannot use still reaches a child that can', () => {
    const child = resolved(
      'C',
      object('Default', { insertMode: 'APPEND' }),
      object('P', { type: 'ShellCommandActivity' }),
      object('C', { type: 'RedshiftCopyActivity', parent: ref('P') }),
    )
    expect(textOf(child, 'insertMode')).toBe('APPEND')
  })

  test('the type can come from a parent; the parent field itself is not inherited', () => {
    const child = resolved(
      'C',
      object('G', {}),
      object('P', { type: 'CSV', parent: ref('G') }),
      object('C', { parent: ref('P') }),
    )
    expect(child.type?.name).toBe('CSV')
    expect(targetsOf(child, 'parent')).toEqual(['P'])
  })

  test('Default may have a parent of its own', () => {
    const { objects, problems } = resolve(
      object('Base', { workerGroup: 'wg' }),
      object('Default', { parent: ref('Base') }),
      object('A', { type: 'ShellCommandActivity' }),
    )
    expect(problems).toEqual([])
    expect([...(objects.get(objectId('A'))?.fields.keys() ?? [])]).toContain('workerGroup')
  })

  test('a parent that does not exist counts as absent', () => {
    const child = resolved(
      'C',
      object('Default', { workerGroup: 'wg' }),
      object('C', { type: 'SqlActivity', parent: ref('X') }),
    )
    expect(textOf(child, 'workerGroup')).toBe('wg')
  })

  test('a cycle is one problem that names its path, and its members inherit nothing', () => {
    const { objects, problems } = resolve(
      object('A', { parent: ref('B'), myA: '1' }),
      object('B', { parent: ref('C'), myB: '1' }),
      object('C', { parent: ref('A'), myC: '1' }),
      object('D', { parent: ref('A') }),
    )
    expect(problems).toEqual([
      {
        severity: 'error',
        objectId: 'A',
        field: 'parent',
        message: "'parent' leads back to the object itself: 'A' → 'B' → 'C' → 'A'. Remove one of these parents.",
      },
    ])
    expect([...(objects.get(objectId('A'))?.fields.keys() ?? [])]).toEqual(['parent', 'myA'])
    expect([...(objects.get(objectId('D'))?.fields.keys() ?? [])]).toEqual(['myA', 'parent'])
  })

  test('a chain longer than the limit is a problem, and one of just the limit is none', () => {
    const chain = (length: number) =>
      Array.from({ length }, (_, index) => object(`P${index}`, index === 0 ? {} : { parent: ref(`P${index - 1}`) }))
    expect(resolve(...chain(ancestorsMax + 1)).problems).toEqual([])
    expect(resolve(...chain(ancestorsMax + 2)).problems).toMatchObject([
      { objectId: `P${ancestorsMax + 1}`, field: 'parent' },
    ])
  })
})

test('runtime fields that the author wrote are left out', () => {
  const activity = resolved('A', object('A', { type: 'SqlActivity', '@status': 'FINISHED', errorId: 'x', script: 's' }))
  expect([...activity.fields.keys()]).toEqual(['type', 'script'])
})

test('of several objects with one id, the first counts', () => {
  expect(textOf(resolved('A', object('A', { myX: '1' }), object('A', { myX: '2' })), 'myX')).toBe('1')
})

test('an unknown type is no type, and keeps every field', () => {
  const odd = resolved('A', object('Default', { role: 'r' }), object('A', { type: 'Odd', x: '1' }))
  expect(odd.type).toBeUndefined()
  expect([...odd.fields.keys()]).toEqual(['role', 'type', 'x'])
})

test('keys and ids that JavaScript uses itself are ordinary', () => {
  const odd = resolved('__proto__', object('__proto__', { constructor: '1', toString: '2' }))
  expect(textOf(odd, 'constructor')).toBe('1')
  expect(textOf(odd, 'hasOwnProperty')).toBeUndefined()
})

test('a pipeline runs on demand if Default says so, in any case', () => {
  expect(runsOnDemand(resolve(object('Default', { scheduleType: 'ONDEMAND' })).objects)).toBe(true)
  expect(runsOnDemand(resolve(object('Default', { scheduleType: 'cron' })).objects)).toBe(false)
  expect(runsOnDemand(resolve(object('A', { scheduleType: 'ondemand' })).objects)).toBe(false)
})
