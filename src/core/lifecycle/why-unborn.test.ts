import { describe, expect, test } from 'vitest'
import { object, ref } from '../../../test/builders.ts'
import { at, componentOf, planFrom, schedule } from '../../../test/plans.ts'
import { objectId } from '../definition/pipeline-object.ts'
import { type BirthFacts, componentNamedBy, whyNext, whyUnborn, withActive } from './why-unborn.ts'

const shell = (id: string, fields: Parameters<typeof object>[1] = {}) =>
  object(id, { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('Hourly'), ...fields })

const ready = object('Ready', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k' })

const plan = planFrom(
  schedule('Hourly', '1 hour', { occurrences: '5' }),
  shell('A'),
  shell('Late', { scheduleType: 'timeseries' }),
  shell('Few', { maxActiveInstances: '2' }),
  shell('One', { precondition: ref('Ready') }),
  shell('Other', { precondition: ref('Ready') }),
  object('Data', { type: 'S3DataNode', filePath: 's3://b/k' }),
  shell('Reads', { input: ref('Data') }),
  ready,
)

/** Half past one: of every component, two instances have come to be, and are active. */
const factsOf = (said: Partial<BirthFacts> = {}): BirthFacts => ({
  plan,
  pipelineState: 'SCHEDULED',
  now: at('2026-01-01T01:30:00'),
  counts: () => ({ nextIndex: 2, activeInstances: 2 }),
  ...said,
})

const causeOf = (id: string, said: Partial<BirthFacts> = {}) => {
  const named = componentNamedBy(objectId(id), plan)
  return named === undefined ? undefined : whyUnborn(objectId(id), named, factsOf(said)).cause
}

const later = { now: at('2026-01-01T03:30:00') }

describe('why an instance has not come to be', () => {
  const two = at('2026-01-01T02:00:00')
  const three = at('2026-01-01T03:00:00')
  const noRoom = { kind: 'maxActiveInstances', componentId: 'Few', max: 2, activeCount: 2 }

  test.each([
    { when: 'it is due later', id: '@A_2026-01-01T02:00:00', expected: { kind: 'notDue', dueAt: two } },
    { when: 'it runs at its end', id: '@Late_2026-01-01T02:00:00', expected: { kind: 'notDue', dueAt: three } },
    {
      when: 'its turn is next',
      id: '@A_2026-01-01T02:00:00',
      said: later,
      expected: { kind: 'beingMade', dueAt: two },
    },
    { when: 'there is no room', id: '@Few_2026-01-01T03:00:00', said: later, expected: noRoom },
    {
      when: 'the pipeline rests',
      id: '@A_2026-01-01T02:00:00',
      said: { pipelineState: 'INACTIVE' },
      expected: { kind: 'pipelineState', state: 'INACTIVE' },
    },
    { when: 'its turn has been', id: '@A_2026-01-01T01:00:00', expected: { kind: 'passed' } },
    {
      when: 'the schedule has no such time',
      id: '@A_2026-01-01T02:30:00',
      expected: { kind: 'noOccurrence', componentId: 'A' },
    },
    {
      when: 'the schedule is over by then',
      id: '@A_2026-01-01T05:00:00',
      expected: { kind: 'noOccurrence', componentId: 'A' },
    },
    { when: 'what it follows is due later', id: '@Data_2026-01-01T02:00:00', expected: { kind: 'notDue', dueAt: two } },
    {
      when: 'what it guards is due later',
      id: '@Ready.Other_2026-01-01T02:00:00',
      expected: { kind: 'notDue', dueAt: two },
    },
    { when: 'it is of no component', id: '@B_2026-01-01T02:00:00', expected: undefined },
    { when: 'its id is no instance id', id: '@A_later', expected: undefined },
  ])('is told when $when', ({ id, said, expected }) => {
    expect(causeOf(id, said)).toEqual(expected)
  })
})

describe('the next instance of a component', () => {
  test('has the id that follows from its schedule', () => {
    expect(whyNext(componentOf(plan, 'A'), factsOf())).toMatchObject({
      id: '@A_2026-01-01T02:00:00',
      cause: { kind: 'notDue' },
    })
    expect(whyNext(componentOf(plan, 'Ready'), factsOf())?.id).toBe('@Ready.One_2026-01-01T02:00:00')
  })

  test('of a precondition is that for the object whose turn is first', () => {
    const mixed = planFrom(
      schedule('Daily', '1 day'),
      schedule('Hourly', '1 hour'),
      shell('Rare', { schedule: ref('Daily'), precondition: ref('Ready') }),
      shell('Often', { precondition: ref('Ready') }),
      ready,
    )
    expect(whyNext(componentOf(mixed, 'Ready'), factsOf({ plan: mixed }))?.id).toBe('@Ready.Often_2026-01-01T02:00:00')
  })

  test('is none once the schedule is over', () => {
    const over = factsOf({ counts: () => ({ nextIndex: 5, activeInstances: 0 }) })
    expect(whyNext(componentOf(plan, 'A'), over)).toBeUndefined()
  })

  test('comes with an activation where it runs on demand, and waits since its time where there is no room', () => {
    const onDemand = planFrom(object('Default', { scheduleType: 'ondemand' }), shell('A', { schedule: [] }))
    const facts = factsOf({ plan: onDemand })
    expect(whyNext(componentOf(onDemand, 'A'), facts)).toMatchObject({ id: 'A', cause: { kind: 'onDemand' } })
    expect(whyNext(componentOf(plan, 'Few'), factsOf(later))?.since).toBe(at('2026-01-01T02:00:00'))
  })
})

test('what takes the room is named, and the rest of it counted', () => {
  const node = whyNext(componentOf(plan, 'Few'), factsOf(later))
  if (node === undefined) throw new Error('Few has instances to come.')
  expect(withActive(node, [objectId('@Few_1')])).toMatchObject({ waitsFor: ['@Few_1'], moreCount: 1 })
})
