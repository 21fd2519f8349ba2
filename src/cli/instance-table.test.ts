import { expect, test } from 'vitest'
import { startOfTest } from '../../test/test-engine.ts'
import { instant, plusMs } from '../core/instant.ts'
import { tableLines } from './instance-table.ts'
import type { InstanceView } from './instance-view.ts'

const start = instant(startOfTest)

const instance = (name: string, status: string, rest: Partial<InstanceView> = {}): InstanceView => ({
  id: `@${name}_2026-01-01T00:00:00`,
  name: `@${name}_2026-01-01T00:00:00`,
  componentId: name,
  type: 'ShellCommandActivity',
  status,
  scheduledStart: start,
  actualStart: start,
  actualEnd: undefined,
  attemptCount: 1,
  waitingOn: [],
  users: [],
  errorMessage: undefined,
  note: undefined,
  ...rest,
})

const layout = { columns: 80, rows: 24, colours: 'none' } as const

test('each instance is a line: component, scheduled start, status, tries and how long it took', () => {
  const done = instance('Copy', 'FINISHED', { actualEnd: plusMs(start, 61_000) })
  expect(tableLines([done], layout, start)).toEqual([
    'Name          Scheduled start      Status    Tries  Took',
    'Copy          2026-01-01T00:00:00  FINISHED  1      1 min 1 s',
  ])
})

test('instances are in the order of their schedule', () => {
  const instances = [
    instance('Late', 'RUNNING', { scheduledStart: plusMs(start, 86_400_000) }),
    instance('B', 'RUNNING'),
    instance('A', 'RUNNING'),
  ]
  const names = tableLines(instances, layout, start)
    .slice(1)
    .map((line) => line.split(' ')[0])
  expect(names).toEqual(['A', 'B', 'Late'])
})

test('no line is wider than the terminal, and no table higher', () => {
  const instances = Array.from({ length: 50 }, (_, index) => instance(`Component${index}`.padEnd(60, 'x'), 'FINISHED'))
  const lines = tableLines(instances, { columns: 70, rows: 10, colours: 'none' }, start)
  expect(lines.length).toBeLessThanOrEqual(10)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(70)
})

test('where there is no room for all, what has ended well is summed up first', () => {
  const instances = [
    ...Array.from({ length: 20 }, (_, index) => instance(`Done${index}`, 'FINISHED')),
    instance('Broken', 'FAILED'),
    instance('Busy', 'RUNNING'),
  ]
  const lines = tableLines(instances, { columns: 80, rows: 5, colours: 'none' }, start)
  expect(lines.map((line) => line.split(' ')[0])).toEqual(expect.arrayContaining(['Broken', 'Busy']))
  expect(lines.at(-1)).toBe('… and 19 FINISHED')
})
