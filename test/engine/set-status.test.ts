import { describe, expect, test } from 'vitest'
import type { StatusRequest } from '../../src/engine/engine.ts'
import type { PipelineId } from '../../src/store/rows.ts'
import { object, ref } from '../builders.ts'
import {
  activateAgain,
  at,
  groupOf,
  hourMs,
  machine,
  once,
  onMachine,
  run,
  setStatus,
  shell,
  useEngine,
} from './pipelines.ts'

const engine = useEngine()

const noRetry = { maximumRetries: '0' }
const cascade = { failureAndRerunMode: 'cascade' }
const chain = [once(), shell('A', noRetry), shell('B', { ...cascade, dependsOn: ref('A') })]
const withMachine = [once(), machine(), onMachine('A'), onMachine('B', { dependsOn: ref('A') })]
const guarded = [
  once(),
  object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k' }),
  object('In', { type: 'S3DataNode', filePath: 's3://b/k', schedule: ref('Hourly'), precondition: ref('Key') }),
  shell('A', { input: ref('In') }),
]

/** How to bring about an instance in a status: its id, and the pipeline. */
const situations: Readonly<Record<string, () => Promise<readonly [PipelineId, string]>>> = {
  'an activity WAITING_ON_DEPENDENCIES': async () => [await run(engine.current, ...chain), at('B')],
  'an activity WAITING_FOR_RUNNER': async () => [await run(engine.current, ...chain), at('A')],
  'an activity PAUSED': async () => {
    const pipelineId = await run(engine.current, ...chain)
    await setStatus(engine.current, pipelineId, ['PAUSE', 'A'])
    return [pipelineId, at('A')]
  },
  'an activity RUNNING': async () => {
    const pipelineId = await run(engine.current, ...chain)
    await engine.current.take('wg')
    return [pipelineId, at('A')]
  },
  'an activity between two tries': async () => {
    const pipelineId = await run(engine.current, once(), shell('A'))
    await engine.current.finish(await engine.current.take('wg'), 'FAILED')
    return [pipelineId, at('A')]
  },
  'an activity FINISHED': async () => {
    const pipelineId = await run(engine.current, ...chain)
    await engine.current.finish(await engine.current.take('wg'))
    return [pipelineId, at('A')]
  },
  'an activity FAILED': async () => {
    const pipelineId = await run(engine.current, ...chain)
    await engine.current.finish(await engine.current.take('wg'), 'FAILED')
    return [pipelineId, at('A')]
  },
  'an activity CASCADE_FAILED': async () => {
    const pipelineId = await run(engine.current, ...chain)
    await engine.current.finish(await engine.current.take('wg'), 'FAILED')
    return [pipelineId, at('B')]
  },
  'an activity CANCELED': async () => {
    const pipelineId = await run(engine.current, ...chain)
    await setStatus(engine.current, pipelineId, ['TRY_CANCEL', at('A')])
    return [pipelineId, at('A')]
  },
  'an activity SKIPPED': async () => {
    const pipelineId = await engine.current.put({
      objects: [once(), shell('A')],
      parameterObjects: [],
      parameterValues: [],
    })
    engine.current.clock.advance(hourMs)
    await activateAgain(engine.current, pipelineId, { startAt: engine.current.clock.now() })
    return [pipelineId, at('A')]
  },
  'a data node WAITING_ON_DEPENDENCIES': async () => {
    engine.current.checkResult = { kind: 'notYet', message: 'no key' }
    return [await run(engine.current, ...guarded), at('In')]
  },
  'a data node PAUSED': async () => {
    engine.current.checkResult = { kind: 'notYet', message: 'no key' }
    const pipelineId = await run(engine.current, ...guarded)
    await setStatus(engine.current, pipelineId, ['PAUSE', 'In'])
    engine.current.checkResult = { kind: 'met' }
    await engine.current.pass(10_000)
    return [pipelineId, at('In')]
  },
  'a data node FINISHED': async () => [await run(engine.current, ...guarded), at('In')],
  'a precondition RUNNING': async () => {
    engine.current.checkResult = { kind: 'notYet', message: 'no key' }
    return [await run(engine.current, ...guarded), at('Key')]
  },
  'a precondition FINISHED': async () => [await run(engine.current, ...guarded), at('Key')],
  'a machine CREATING': async () => {
    engine.current.machines.mode = 'wait'
    return [await run(engine.current, ...withMachine), at('M')]
  },
  'a machine RUNNING': async () => [await run(engine.current, ...withMachine), at('M')],
  'a machine FINISHED': async () => {
    const pipelineId = await run(engine.current, ...withMachine)
    for (const _ of ['A', 'B']) await engine.current.finish(await engine.current.take(groupOf(pipelineId)))
    return [pipelineId, at('M')]
  },
  'a machine TIMEDOUT': async () => {
    const pipelineId = await run(engine.current, once(), machine({ terminateAfter: '30 minutes' }), onMachine('A'))
    await engine.current.pass(hourMs)
    return [pipelineId, at('M')]
  },
}

const refused = 'is not possible in that status'

/** What each request comes to: the status afterwards, or that it is refused. */
const rows: readonly (readonly [string, StatusRequest, string])[] = [
  ['an activity WAITING_ON_DEPENDENCIES', 'RERUN', refused],
  ['an activity WAITING_ON_DEPENDENCIES', 'TRY_CANCEL', 'CANCELED'],
  ['an activity WAITING_ON_DEPENDENCIES', 'MARK_FINISHED', 'FINISHED'],
  ['an activity WAITING_FOR_RUNNER', 'RERUN', refused],
  ['an activity WAITING_FOR_RUNNER', 'TRY_CANCEL', 'CANCELED'],
  ['an activity WAITING_FOR_RUNNER', 'MARK_FINISHED', 'FINISHED'],
  ['an activity PAUSED', 'RERUN', refused],
  ['an activity PAUSED', 'TRY_CANCEL', 'CANCELED'],
  ['an activity PAUSED', 'MARK_FINISHED', 'FINISHED'],
  ['an activity RUNNING', 'RERUN', refused],
  // Its runner learns of it with its next report.
  ['an activity RUNNING', 'TRY_CANCEL', 'RUNNING'],
  ['an activity RUNNING', 'MARK_FINISHED', 'FINISHED'],
  ['an activity between two tries', 'RERUN', refused],
  ['an activity between two tries', 'TRY_CANCEL', 'CANCELED'],
  ['an activity between two tries', 'MARK_FINISHED', 'FINISHED'],
  ['an activity FINISHED', 'RERUN', 'WAITING_FOR_RUNNER'],
  ['an activity FINISHED', 'TRY_CANCEL', 'FINISHED'],
  ['an activity FINISHED', 'MARK_FINISHED', 'FINISHED'],
  ['an activity FAILED', 'RERUN', 'WAITING_FOR_RUNNER'],
  ['an activity FAILED', 'TRY_CANCEL', 'FAILED'],
  ['an activity FAILED', 'MARK_FINISHED', 'FINISHED'],
  ['an activity CASCADE_FAILED', 'RERUN', 'CASCADE_FAILED'],
  ['an activity CASCADE_FAILED', 'TRY_CANCEL', 'CASCADE_FAILED'],
  ['an activity CASCADE_FAILED', 'MARK_FINISHED', 'FINISHED'],
  ['an activity CANCELED', 'RERUN', 'WAITING_FOR_RUNNER'],
  ['an activity CANCELED', 'TRY_CANCEL', 'CANCELED'],
  ['an activity CANCELED', 'MARK_FINISHED', 'FINISHED'],
  ['an activity SKIPPED', 'RERUN', 'WAITING_FOR_RUNNER'],
  ['an activity SKIPPED', 'TRY_CANCEL', 'SKIPPED'],
  ['an activity SKIPPED', 'MARK_FINISHED', 'FINISHED'],
  ['a data node WAITING_ON_DEPENDENCIES', 'RERUN', refused],
  ['a data node WAITING_ON_DEPENDENCIES', 'TRY_CANCEL', 'CANCELED'],
  ['a data node WAITING_ON_DEPENDENCIES', 'MARK_FINISHED', 'FINISHED'],
  ['a data node PAUSED', 'RERUN', refused],
  ['a data node PAUSED', 'TRY_CANCEL', 'CANCELED'],
  ['a data node PAUSED', 'MARK_FINISHED', 'FINISHED'],
  ['a data node FINISHED', 'RERUN', 'FINISHED'],
  ['a data node FINISHED', 'TRY_CANCEL', 'FINISHED'],
  ['a data node FINISHED', 'MARK_FINISHED', 'FINISHED'],
  ['a precondition RUNNING', 'RERUN', refused],
  ['a precondition RUNNING', 'TRY_CANCEL', 'CANCELED'],
  ['a precondition RUNNING', 'MARK_FINISHED', 'FINISHED'],
  ['a precondition FINISHED', 'RERUN', 'FINISHED'],
  ['a precondition FINISHED', 'TRY_CANCEL', 'FINISHED'],
  ['a precondition FINISHED', 'MARK_FINISHED', 'FINISHED'],
  ['a machine CREATING', 'RERUN', refused],
  ['a machine CREATING', 'TRY_CANCEL', 'CANCELED'],
  // Work that still needs a machine gets another one.
  ['a machine CREATING', 'MARK_FINISHED', 'CREATING'],
  ['a machine RUNNING', 'RERUN', refused],
  ['a machine RUNNING', 'TRY_CANCEL', 'CANCELED'],
  ['a machine RUNNING', 'MARK_FINISHED', 'RUNNING'],
  ['a machine FINISHED', 'RERUN', 'RUNNING'],
  ['a machine FINISHED', 'TRY_CANCEL', 'FINISHED'],
  ['a machine FINISHED', 'MARK_FINISHED', 'FINISHED'],
  ['a machine TIMEDOUT', 'RERUN', 'RUNNING'],
  ['a machine TIMEDOUT', 'TRY_CANCEL', 'TIMEDOUT'],
  ['a machine TIMEDOUT', 'MARK_FINISHED', 'FINISHED'],
]

describe('a change of status by hand', () => {
  test.each(rows)('of %s, %s: %s', async (situation, status, expected) => {
    const bringAbout = situations[situation]
    if (bringAbout === undefined) throw new Error(`The test knows no ${situation}.`)
    const [pipelineId, id] = await bringAbout()
    const outcome = await setStatus(engine.current, pipelineId, [status, id]).then(
      async () => await engine.current.field(pipelineId, id, '@status'),
      (error: Error) => error.message,
    )
    expect(outcome.replace(/^@.* and (\w+) is/, '$1 is')).toBe(
      expected === refused ? `${status} ${refused}.` : expected,
    )
    expect(engine.current.errors).toEqual([])
    engine.current.machines.goOn('up')
  })

  test('has a line for every request in every situation', () => {
    const pairs = Object.keys(situations).flatMap((situation) =>
      ['RERUN', 'TRY_CANCEL', 'MARK_FINISHED'].map((status) => `${situation} ${status}`),
    )
    expect(rows.map(([situation, status]) => `${situation} ${status}`).sort()).toEqual(pairs.sort())
  })
})

describe('a batch', () => {
  test.each<[StatusRequest, readonly string[]]>([
    ['TRY_CANCEL', [at('A'), at('Nothing')]],
    ['MARK_FINISHED', [at('A'), 'A']],
    ['PAUSE', ['A', at('A')]],
    ['PAUSE', ['A', 'Hourly']],
    ['RESUME', ['A', 'Nothing']],
  ])('of %s with one wrong id changes nothing, and names it: %j', async (status, ids) => {
    const pipelineId = await run(engine.current, ...chain)
    await expect(setStatus(engine.current, pipelineId, [status, ...ids])).rejects.toThrow(ids[1])
    expect(await engine.current.field(pipelineId, at('A'), '@status')).toBe('WAITING_FOR_RUNNER')
    expect(await engine.current.field(pipelineId, 'A', '@status')).toBe('SCHEDULED')
  })

  test('may name an instance twice', async () => {
    const pipelineId = await run(engine.current, ...chain)
    await setStatus(engine.current, pipelineId, ['TRY_CANCEL', at('A'), at('A')])
    await setStatus(engine.current, pipelineId, ['RERUN', at('A'), at('A')])
    expect(await engine.current.field(pipelineId, at('A'), '@attemptCount')).toBe('2')
  })
})

describe('a pipeline', () => {
  test('that has never been activated has nothing to change', async () => {
    const pipelineId = await engine.current.put({ objects: chain, parameterObjects: [], parameterValues: [] })
    await expect(setStatus(engine.current, pipelineId, ['PAUSE', 'A'])).rejects.toThrow('has never been activated')
  })
})
