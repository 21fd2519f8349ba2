import { describe, expect, test } from 'vitest'
import { object, ref } from '../../../test/builders.ts'
import { at, planFrom, schedule } from '../../../test/plans.ts'
import { objectType } from '../catalog/catalog.ts'
import { type Field, objectId } from '../definition/pipeline-object.ts'
import {
  type ComponentProgress,
  type ComponentSurroundings,
  componentFields,
  pendingFields,
} from './component-fields.ts'

const role = { role: 'r', resourceRole: 'r' }

const plan = planFrom(
  object('Default', { failureAndRerunMode: 'cascade' }),
  schedule('Hourly', '1 hour', { occurrences: '3' }),
  object('Work', {
    type: 'ShellCommandActivity',
    command: 'true',
    runsOn: ref('Machine'),
    schedule: ref('Hourly'),
    precondition: ref('Ready'),
  }),
  object('Machine', { type: 'Ec2Resource', ...role }),
  object('Ready', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k' }),
  object('Format', { type: 'CSV' }),
)

const started: ComponentProgress = {
  isPaused: false,
  nextIndex: 1,
  activeInstances: 1,
  health: undefined,
  healthInstanceId: undefined,
  healthUpdatedAt: undefined,
  latestRunAt: at('2026-01-01T00:00:00'),
  latestCompletedRunAt: undefined,
}

const failed: ComponentProgress = {
  ...started,
  health: 'ERROR',
  healthInstanceId: objectId('@Work_2026-01-01T00:00:00'),
  healthUpdatedAt: at('2026-01-01T00:10:00'),
  latestCompletedRunAt: at('2026-01-01T00:00:00'),
}

const around = (progress?: ComponentProgress, said: Partial<ComponentSurroundings> = {}): ComponentSurroundings => ({
  plan,
  version: 2,
  isScheduled: true,
  firstActivatedAt: at('2026-01-01T00:00:00'),
  lastDeactivatedAt: undefined,
  progressOf: () => progress,
  ...said,
})

const shown = (fields: readonly Field[]) =>
  fields.map(({ key, value }) => `${key}: ${value.kind === 'string' ? value.text : value.target}`)

const fieldsOf = (id: string, surroundings: ComponentSurroundings) => shown(componentFields(objectId(id), surroundings))

const common = ['@sphere: COMPONENT', '@version: 2', '@pipelineId: df-0000000TEST']
const scheduled = [...common, '@status: SCHEDULED']

describe('the service sets exactly these fields on an object of the active definition', () => {
  const inactive = { isScheduled: false, lastDeactivatedAt: at('2026-01-01T00:30:00') }
  const latestRun = '@latestRunTime: 2026-01-01T00:00:00'
  const nextRun = '@nextRunTime: 2026-01-01T01:00:00'

  test.each<[string, string, ComponentSurroundings, readonly string[]]>([
    ['Default', 'Default', around(), ['@sphere: COMPONENT']],
    ['an object without runs', 'Format', around(), common],
    ['a schedule', 'Hourly', around(), [...common, '@firstActivationTime: 2026-01-01T00:00:00']],
    ['before the first run', 'Work', around(), [...scheduled, '@nextRunTime: 2026-01-01T00:00:00']],
    ['while the first runs', 'Work', around(started), [...scheduled, latestRun, nextRun]],
    [
      'after the first has ended',
      'Work',
      around(failed),
      [
        ...scheduled,
        latestRun,
        '@latestCompletedRunTime: 2026-01-01T00:00:00',
        nextRun,
        '@healthStatus: ERROR',
        '@healthStatusFromInstanceId: @Work_2026-01-01T00:00:00',
        '@healthStatusUpdatedTime: 2026-01-01T00:10:00',
      ],
    ],
    ['after the last', 'Work', around({ ...started, nextIndex: 3 }), [...scheduled, latestRun]],
    [
      'while it is paused',
      'Work',
      around({ ...started, isPaused: true }),
      [...common, '@status: PAUSED', latestRun, nextRun],
    ],
    [
      'while the pipeline rests',
      'Work',
      around(started, inactive),
      [...scheduled, latestRun, '@lastDeactivatedTime: 2026-01-01T00:30:00'],
    ],
    ['what follows others', 'Machine', around(started), [...scheduled, latestRun, nextRun]],
    ['a precondition, which has no schedule', 'Ready', around(failed), scheduled],
  ])('%s', (...[, id, surroundings, expected]) => {
    const fields = fieldsOf(id, surroundings)
    expect(fields).toEqual(expected)
    const keys = fields.map((field) => field.split(':')[0] ?? '')
    // Only Default has no type, and no table of fields.
    const known = plan.objects.get(objectId(id))?.type?.fields ?? new Set(['@sphere'])
    expect(keys.filter((key) => !known.has(key))).toEqual([])
  })
})

test('before the first activation what will run is PENDING, and of the rest only the sphere is shown', () => {
  expect(shown(pendingFields('ShellCommandActivity'))).toEqual(['@sphere: COMPONENT', '@status: PENDING'])
  expect(shown(pendingFields('CSV'))).toEqual(['@sphere: COMPONENT'])
  expect(shown(pendingFields(undefined))).toEqual(['@sphere: COMPONENT'])
  expect(objectType('ShellCommandActivity')?.fields.has('@status')).toBe(true)
})
