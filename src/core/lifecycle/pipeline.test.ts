import { describe, expect, test } from 'vitest'
import { instant } from '../instant.ts'
import { advancePipeline, type PipelineEvent, type PipelineLife, type PipelineState } from './pipeline.ts'

const now = instant(2000)
const before = instant(1000)

/** A pipeline whose schedules have nothing to come. */
const life = (state: PipelineState, said: Partial<PipelineLife> = {}): PipelineLife => ({
  state,
  lastActivatedAt: before,
  lastDeactivatedAt: before,
  deletionRequestedAt: undefined,
  finishedAt: state === 'FINISHED' ? before : undefined,
  nextRunAt: undefined,
  ...said,
})

const events: Readonly<Record<PipelineEvent['kind'], PipelineEvent>> = {
  activate: { kind: 'activate', runs: 'bySchedule' },
  deactivate: { kind: 'deactivate', cancelActive: 'cancel' },
  delete: { kind: 'delete' },
  busy: { kind: 'busy' },
  idle: { kind: 'idle' },
  erased: { kind: 'erased' },
}

/** A transition in one line: the state afterwards and the timers that are set or cleared, or why it is refused. */
function line(before: PipelineLife, event: PipelineEvent): string {
  const transition = advancePipeline(before, event, now)
  if (transition.kind === 'refused') return `refused: ${transition.reason}`
  const { next, commands } = transition
  return [next === before ? 'same' : next.state, ...commands.map(({ kind, timer }) => `${kind} ${timer}`)].join(', ')
}

describe('the table of pipelines', () => {
  const rows: readonly (readonly [PipelineState, PipelineEvent['kind'], string])[] = [
    ['PENDING', 'activate', 'SCHEDULED, setTimer schedule'],
    ['PENDING', 'deactivate', 'refused: is PENDING; only a SCHEDULED pipeline can be deactivated.'],
    ['PENDING', 'delete', 'DELETING, clearTimer schedule, clearTimer reactivate, setTimer cancel'],
    ['PENDING', 'busy', 'same'],
    ['PENDING', 'idle', 'same'],
    ['PENDING', 'erased', 'same'],
    ['SCHEDULED', 'activate', 'SCHEDULED, setTimer schedule'],
    ['SCHEDULED', 'deactivate', 'DEACTIVATING, clearTimer schedule, clearTimer reactivate, setTimer cancel'],
    ['SCHEDULED', 'delete', 'DELETING, clearTimer schedule, clearTimer reactivate, setTimer cancel'],
    ['SCHEDULED', 'busy', 'same'],
    ['SCHEDULED', 'idle', 'FINISHED'],
    ['SCHEDULED', 'erased', 'same'],
    ['DEACTIVATING', 'activate', 'refused: is DEACTIVATING; activate it again once it is INACTIVE.'],
    ['DEACTIVATING', 'deactivate', 'same, setTimer cancel'],
    ['DEACTIVATING', 'delete', 'DELETING, clearTimer schedule, clearTimer reactivate, setTimer cancel'],
    ['DEACTIVATING', 'busy', 'same'],
    ['DEACTIVATING', 'idle', 'INACTIVE'],
    ['DEACTIVATING', 'erased', 'same'],
    ['INACTIVE', 'activate', 'SCHEDULED, setTimer reactivate'],
    ['INACTIVE', 'deactivate', 'same'],
    ['INACTIVE', 'delete', 'DELETING, clearTimer schedule, clearTimer reactivate, setTimer cancel'],
    ['INACTIVE', 'busy', 'same'],
    ['INACTIVE', 'idle', 'same'],
    ['INACTIVE', 'erased', 'same'],
    ['FINISHED', 'activate', 'SCHEDULED, setTimer schedule'],
    ['FINISHED', 'deactivate', 'refused: is FINISHED; only a SCHEDULED pipeline can be deactivated.'],
    ['FINISHED', 'delete', 'DELETING, clearTimer schedule, clearTimer reactivate, setTimer cancel'],
    ['FINISHED', 'busy', 'SCHEDULED'],
    ['FINISHED', 'idle', 'same'],
    ['FINISHED', 'erased', 'same'],
    ['DELETING', 'activate', 'refused: is being deleted.'],
    ['DELETING', 'deactivate', 'refused: is being deleted.'],
    ['DELETING', 'delete', 'same'],
    ['DELETING', 'busy', 'same'],
    ['DELETING', 'idle', 'same, setTimer erase'],
    ['DELETING', 'erased', 'DELETED, setTimer forget'],
    ['DELETED', 'activate', 'refused: is being deleted.'],
    ['DELETED', 'deactivate', 'refused: is being deleted.'],
    ['DELETED', 'delete', 'same'],
    ['DELETED', 'busy', 'same'],
    ['DELETED', 'idle', 'same'],
    ['DELETED', 'erased', 'same'],
  ]

  test.each(rows)('%s, %s: %s', (state, kind, expected) => {
    expect(line(life(state), events[kind])).toBe(expected)
  })

  test('has a line for every event in every state', () => {
    const states: readonly PipelineState[] = [
      'PENDING',
      'SCHEDULED',
      'DEACTIVATING',
      'INACTIVE',
      'FINISHED',
      'DELETING',
      'DELETED',
    ]
    const pairs = states.flatMap((state) => Object.keys(events).map((kind) => `${state} ${kind}`))
    expect(rows.map(([state, kind]) => `${state} ${kind}`).sort()).toEqual(pairs.sort())
  })
})

describe('an activation', () => {
  test('looks at once for what is due, and is remembered', () => {
    expect(advancePipeline(life('FINISHED'), events.activate, now)).toMatchObject({
      next: { lastActivatedAt: now, finishedAt: undefined, nextRunAt: now },
    })
  })

  test.each(['PENDING', 'SCHEDULED', 'INACTIVE', 'FINISHED'] as const)(
    'on demand of what is %s sets no timer',
    (state) => {
      const event = { kind: 'activate', runs: 'onDemand' } as const
      expect(line(life(state), event)).toBe('SCHEDULED')
      expect(advancePipeline(life(state), event, now)).toMatchObject({ next: { nextRunAt: undefined } })
    },
  )
})

describe('a deactivation', () => {
  const wait = { kind: 'deactivate', cancelActive: 'wait' } as const

  test('that waits lets run what runs', () => {
    const expected = 'DEACTIVATING, clearTimer schedule, clearTimer reactivate, setTimer drain'
    expect(line(life('SCHEDULED'), wait)).toBe(expected)
  })

  test('that waits does not take back one that cancels', () => {
    expect(line(life('DEACTIVATING'), wait)).toBe('same')
  })

  test('makes nothing any more, and is remembered', () => {
    expect(advancePipeline(life('SCHEDULED', { nextRunAt: now }), wait, now)).toMatchObject({
      next: { lastDeactivatedAt: now, nextRunAt: undefined },
    })
  })
})

describe('a pipeline with nothing open', () => {
  test('is not finished while there is more to come', () => {
    expect(line(life('SCHEDULED', { nextRunAt: now }), events.idle)).toBe('same')
  })

  test('is finished when nothing is to come, and says since when', () => {
    expect(advancePipeline(life('SCHEDULED'), events.idle, now)).toMatchObject({ next: { finishedAt: now } })
  })
})

test('a rerun in a finished pipeline takes back that it is finished', () => {
  expect(advancePipeline(life('FINISHED'), events.busy, now)).toMatchObject({ next: { finishedAt: undefined } })
})

test('a deletion remembers when it was asked for first', () => {
  expect(advancePipeline(life('SCHEDULED'), events.delete, now)).toMatchObject({ next: { deletionRequestedAt: now } })
  const deleting = life('DELETING', { deletionRequestedAt: before })
  expect(advancePipeline(deleting, events.delete, now)).toMatchObject({ next: { deletionRequestedAt: before } })
})

test('a pipeline that has been deleted is forgotten after 60 days', () => {
  expect(advancePipeline(life('DELETING'), events.erased, now)).toMatchObject({
    commands: [{ kind: 'setTimer', timer: 'forget', afterMs: 60 * 24 * 3_600_000 }],
  })
})
