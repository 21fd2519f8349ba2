import { describe, expect, test } from 'vitest'
import { object, parameter, ref, values } from '../../../test/builders.ts'
import { at, componentOf, interval, schedule, sketchPlan } from '../../../test/plans.ts'
import { objectId } from '../definition/pipeline-object.ts'
import { evaluateTemplate } from '../expression/evaluate.ts'
import { valueText } from '../expression/text.ts'
import { birthsOf } from './birth.ts'
import { finished } from './ending.ts'
import type { Instance } from './instance.ts'
import { runScope } from './run-scope.ts'

const { plan } = sketchPlan(
  [
    schedule('Hourly', '1 hour'),
    schedule('Often', '20 minutes'),
    object('In', {
      type: 'S3DataNode',
      directoryPath: "s3://b/#{format(@scheduledStartTime, 'YYYY-MM-dd-HH')}",
      schedule: ref('Hourly'),
      precondition: ref('Key'),
    }),
    object('Parts', { type: 'S3DataNode', directoryPath: 's3://b/#{@scheduledStartTime}', schedule: ref('Often') }),
    object('Out', { type: 'S3DataNode', directoryPath: '#{myBucket}/out', dataFormat: ref('Csv') }),
    object('Csv', { type: 'CSV', column: ['id INT', 'name STRING'] }),
    object('Key', { type: 'S3KeyExists', role: 'r', s3Key: '#{node.directoryPath}/ready' }),
    object('A', {
      name: 'Copy it',
      type: 'ShellCommandActivity',
      command: 'true',
      workerGroup: 'wg',
      schedule: ref('Hourly'),
      input: [ref('In'), ref('Parts')],
      output: ref('Out'),
      myDay: "#{format(@scheduledStartTime, 'DD')}",
      onFail: ref('Alarm'),
    }),
    object('Alarm', { type: 'SnsAlarm', topicArn: 't', role: 'r', subject: '#{node.name}', message: 'm' }),
  ],
  { parameterObjects: [parameter('myBucket')], parameterValues: values('myBucket', 's3://bucket') },
)

const occurrence = interval('2026-01-02T05:00:00', '2026-01-02T06:00:00')

const instanceOf = (id: string): Instance => {
  const made = { occurrence, version: 2, now: at('2026-01-02T05:00:01') }
  const found = birthsOf(plan, componentOf(plan, id === 'Key' ? 'In' : id), made).find(
    ({ instance }) => instance.componentId === id,
  )
  if (found === undefined) throw new Error(`no instance of ${id}`)
  return found.instance
}

/** What an expression is in an instance, or why it is nothing. */
function evaluate(id: string, expression: string, instance: Instance = instanceOf(id)): string {
  const evaluation = evaluateTemplate(`#{${expression}}`, instance.id, runScope(plan, [instance]))
  return evaluation.kind === 'value' ? valueText(evaluation.value) : evaluation.message
}

describe('in an instance', () => {
  test.each([
    ['@id', '@A_2026-01-02T05:00:00'],
    ['parent.@id', 'A'],
    ['name', 'Copy it'],
    ['@scheduledStartTime', '2026-01-02T05:00:00'],
    ['@scheduledEndTime', '2026-01-02T06:00:00'],
    ['@actualStartTime', '2026-01-02T05:00:01'],
    ['@status', 'WAITING_ON_DEPENDENCIES'],
    ['@version', '2'],
    ['@pipelineId', 'df-0000000TEST'],
    ['myDay', '02'],
    ['myBucket', 's3://bucket'],
    ['output.directoryPath', 's3://bucket/out'],
    ['output.@scheduledStartTime', '2026-01-02T05:00:00'],
    ['output.dataFormat.@id', 'Csv'],
  ])('%s is %s', (expression, expected) => {
    expect(evaluate('A', expression)).toBe(expected)
  })

  test('a name that nothing supplies has no value', () => {
    expect(evaluate('A', 'myOther')).toContain('myOther')
  })

  test('a reference to another schedule is all its instances that overlap', () => {
    const instance = instanceOf('A')
    const scope = runScope(plan, [instance])
    const entries = scope.entries(instance.id, 'input') ?? []
    expect(entries.map((entry) => (entry.kind === 'reference' ? entry.target : ''))).toEqual([
      '@In_2026-01-02T05:00:00',
      '@Parts_2026-01-02T05:00:00',
      '@Parts_2026-01-02T05:20:00',
      '@Parts_2026-01-02T05:40:00',
    ])
    const part = evaluateTemplate('#{directoryPath}', objectId('@Parts_2026-01-02T05:20:00'), scope)
    expect(part.kind === 'value' ? valueText(part.value) : part).toBe('s3://b/2026-01-02T05:20:00')
  })

  test('what is known of its end can be read, and before that cannot', () => {
    const error = { id: 'ExitStatus', message: 'it failed', stackTrace: undefined }
    const ended: Instance = {
      ...instanceOf('Out'),
      kind: 'dataNode',
      state: { kind: 'ended', endedAt: at('2026-01-02T05:30:00'), ...finished, status: 'FAILED', error },
    }
    expect(evaluate('Out', '@actualEndTime', ended)).toBe('2026-01-02T05:30:00')
    expect(evaluate('Out', 'errorMessage', ended)).toBe('it failed')
    expect(evaluate('A', '@actualEndTime')).toContain('@actualEndTime')
  })

  test('the reason of its cancellation can be read', () => {
    const canceled = { ...finished, status: 'CANCELED', canceledBy: 'user' } as const
    const ended: Instance = {
      ...instanceOf('A'),
      state: { kind: 'ended', endedAt: at('2026-01-02T05:30:00'), ...canceled },
    }
    expect(evaluate('A', 'cancellationReason', ended)).toBe('Cancelled by user.')
  })
})

describe('node', () => {
  test('is what a precondition guards, in the same interval', () => {
    expect(evaluate('Key', 'node.directoryPath')).toBe('s3://b/2026-01-02-05')
    expect(evaluate('Key', 's3Key')).toBe('s3://b/2026-01-02-05/ready')
  })

  test('is what has triggered an action, and its references are the instances', () => {
    const instance = instanceOf('A')
    const scope = runScope(plan, [instance], instance.id)
    const text = (template: string) => {
      const evaluation = evaluateTemplate(template, objectId('Alarm'), scope)
      return evaluation.kind === 'value' ? valueText(evaluation.value) : evaluation.message
    }
    expect(text('#{node.name} of #{node.@scheduledStartTime}')).toBe('Copy it of 2026-01-02T05:00:00')
    expect(text('#{node.output}')).toBe('@Out_2026-01-02T05:00:00')
    expect(text('#{node.errorStackTrace}|#{node.output.errorMessage}')).toBe('|')
    expect(text('#{node.noSuchField}')).toContain('noSuchField')
  })
})
