import { expect, test } from 'vitest'
import { definition, object, ref } from '../../../test/builders.ts'
import { holdToForm } from '../../../test/validation.ts'
import { checkEdit } from './check-edit.ts'
import type { PipelineObject } from './pipeline-object.ts'

const schedule = object('S', { type: 'Schedule', period: '1 day', startDateTime: '2026-01-01T00:00:00' })
const activity = object('A', { type: 'ShellCommandActivity', command: 'true', schedule: ref('S'), output: ref('N') })
const node = object('N', { type: 'S3DataNode', directoryPath: 's3://b/d' })

function edit(...next: readonly PipelineObject[]) {
  const problems = checkEdit(definition([schedule, activity, node]), definition(next))
  for (const problem of problems) holdToForm(problem)
  return problems
}

test('text of an object may change, and objects may be added', () => {
  const changed = object('A', { type: 'ShellCommandActivity', command: 'false', schedule: ref('S'), output: ref('N') })
  expect(edit(schedule, changed, node, object('B', { type: 'CSV' }))).toEqual([])
})

test('no object may be removed', () => {
  expect(edit(schedule, activity)).toMatchObject([{ severity: 'error', objectId: 'N' }])
})

test.each([
  ['period', object('S', { type: 'Schedule', period: '1 hour', startDateTime: '2026-01-01T00:00:00' })],
  ['startDateTime', object('S', { type: 'Schedule', period: '1 day', startDateTime: '2026-02-01T00:00:00' })],
  ['type', object('S', { type: 'CSV', period: '1 day', startDateTime: '2026-01-01T00:00:00' })],
])('%s is fixed', (field, changed) => {
  expect(edit(changed, activity, node)).toMatchObject([{ severity: 'error', objectId: 'S', field }])
})

test('the end of a schedule may move', () => {
  const longer = object('S', {
    type: 'Schedule',
    period: '1 day',
    startDateTime: '2026-01-01T00:00:00',
    endDateTime: '2027-01-01T00:00:00',
  })
  expect(edit(longer, activity, node)).toEqual([])
})

test.each([
  ['changed', { output: ref('S'), schedule: ref('S') }, 'output'],
  ['removed', { output: ref('N') }, 'schedule'],
  ['added', { output: ref('N'), schedule: ref('S'), input: ref('N') }, 'input'],
])('a reference of a known object may not be %s', (_, references, field) => {
  const changed = object('A', { type: 'ShellCommandActivity', command: 'true', ...references })
  expect(edit(schedule, changed, node)).toMatchObject([{ severity: 'error', objectId: 'A', field }])
})

test('a new object may read what is there, but not write to it', () => {
  const reader = object('B', { type: 'ShellCommandActivity', command: 'true', input: ref('N') })
  const writer = object('C', { type: 'ShellCommandActivity', command: 'true', output: ref('N') })
  expect(edit(schedule, activity, node, reader, writer)).toMatchObject([
    { objectId: 'C', field: 'output', valueIndex: 0 },
  ])
})
