import { describe, expect, test } from 'vitest'
import { at } from '../../../test/plans.ts'
import { objectId } from '../definition/pipeline-object.ts'
import type { Cause, Runners } from './why.ts'
import { causeText, remediesOf } from './why-text.ts'

const noon = at('2026-01-01T12:00:00')

const runners: Runners = {
  workerGroup: 'wg',
  runners: 'absent',
  watchedSince: noon,
  runningCount: 0,
  hostnames: [],
}

/** What would help an instance `@X` of pipeline `df-1`: the word of the command that decides, or what to do without one. */
const helpFor = (cause: Cause): readonly string[] =>
  remediesOf({ id: objectId('@X'), cause, waitsFor: [] }, 'df-1').map(
    ({ does, command }) => command?.replace('aws datapipeline ', '').replace(' --pipeline-id df-1', '') ?? does,
  )

const rerun = 'set-status --object-ids @X --status RERUN'
const markFinished = 'set-status --object-ids @X --status MARK_FINISHED'

describe('what would move an instance on', () => {
  test.each<[Cause, readonly string[]]>([
    [{ kind: 'failed' }, [rerun, markFinished]],
    [{ kind: 'canceled', by: 'user' }, [rerun]],
    [{ kind: 'canceled', by: 'action' }, [rerun]],
    [{ kind: 'canceled', by: 'deactivation' }, ['activate-pipeline']],
    // Its resource, or what it guards, is what has to be run again.
    [{ kind: 'canceled', by: 'resource' }, []],
    [{ kind: 'canceled', by: 'cascade' }, []],
    [{ kind: 'cascadeFailed' }, []],
    [{ kind: 'skipped' }, [rerun]],
    [{ kind: 'precondition', checkCount: 1 }, [markFinished]],
    [{ kind: 'pausedComponent', componentId: objectId('X') }, ['set-status --object-ids X --status RESUME']],
    [{ kind: 'taskRunner', ...runners }, ['millrace task-runner --workerGroup=wg']],
    [{ kind: 'taskRunner', ...runners, runners: 'busy' }, ['millrace task-runner --workerGroup=wg']],
    [{ kind: 'taskRunner', ...runners, runners: 'polling' }, []],
    [{ kind: 'retry', retryAt: noon, triesLeft: 1 }, []],
    [{ kind: 'notDue', dueAt: noon }, []],
    [{ kind: 'onDemand' }, ['activate-pipeline']],
    [{ kind: 'pipelineState', state: 'PENDING' }, ['activate-pipeline']],
    [{ kind: 'pipelineState', state: 'INACTIVE' }, ['activate-pipeline']],
    [{ kind: 'pipelineState', state: 'DEACTIVATING' }, ['deactivate-pipeline --cancel-active']],
    [{ kind: 'pipelineState', state: 'DELETING' }, []],
    [
      { kind: 'maxActiveInstances', componentId: objectId('X'), max: 1, activeCount: 1 },
      ['give X a larger maxActiveInstances and activate'],
    ],
  ])('%j', (cause, expected) => {
    expect(helpFor(cause)).toEqual(expected)
  })

  test('is written so that a shell takes it as it is', () => {
    expect(helpFor({ kind: 'taskRunner', ...runners, workerGroup: "my 'own' group" })).toEqual([
      "millrace task-runner --workerGroup='my '\\''own'\\'' group'",
    ])
  })
})

describe('a sentence', () => {
  test('has one line, whatever the message of a task looks like', () => {
    expect(causeText({ kind: 'failed', errorMessage: 'exit 3:\n  no such table.\n' })).toBe(
      'failed: exit 3: no such table',
    )
  })

  test.each<[Cause, string]>([
    [{ kind: 'precondition', checkCount: 0 }, 'is being checked for the first time'],
    [{ kind: 'machineStopping' }, 'is being terminated'],
    [
      { kind: 'beingMade', dueAt: noon },
      'has not come to be: it was due at 2026-01-01T12:00:00, and those due before it are made first',
    ],
    [
      { kind: 'noOccurrence', componentId: objectId('X') },
      'will not come to be: the schedule of X has no such interval',
    ],
    [
      { kind: 'dependencies', openCount: 5, failedCount: 2 },
      'waits for 5 dependencies, 2 of them failed; with failureAndRerunMode none it waits until that is finished after all',
    ],
    [
      { kind: 'running', attemptNumber: 2, handedOutAt: noon, leaseEndsAt: noon, stop: 'attemptTimedOut' },
      'attempt 2 runs since 2026-01-01T12:00:00, which has not reported yet; without a report it is taken back at 2026-01-01T12:00:00; its runner is told to stop with its next report (attemptTimeout)',
    ],
    [
      { kind: 'machineUp', resourceId: 'i-1', activityCount: 1, timeoutAt: noon },
      'is up as i-1, for 1 instance that has not ended; is terminated at 2026-01-01T12:00:00',
    ],
  ])('%j', (cause, expected) => {
    expect(causeText(cause)).toBe(expected)
  })
})
