import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { instant } from '../../src/core/instant.ts'
import { type Instance, statusOf } from '../../src/core/lifecycle/instance.ts'
import { attemptOf, ended, instances } from '../../test/instances.ts'
import {
  attemptStatuses,
  componentStatuses,
  endStatuses,
  openStates,
  pipelineStates,
  statusSections,
  unusedStatuses,
} from './statuses.ts'

const attempt = attemptOf()
const retrying = { kind: 'retrying', retryAt: instant(0) } as const

/** An instance of every kind in every state in which it is open. */
const open: readonly Instance[] = [
  instances.task({ kind: 'waiting' }),
  instances.task({ kind: 'paused', attempt }),
  instances.task({ kind: 'queued', attempt }),
  instances.task({
    kind: 'running',
    attempt,
    taskId: 't',
    handedOutAt: instant(0),
    reportedAt: undefined,
    stop: undefined,
  }),
  instances.task(retrying),
  instances.dataNode({ kind: 'waiting' }),
  instances.dataNode({ kind: 'held' }),
  instances.check({ kind: 'waiting' }),
  instances.check({ kind: 'held' }),
  instances.check({ kind: 'checking', attempt, checkCount: 0, checkedAt: undefined, message: undefined }),
  instances.check(retrying),
  instances.resource({ kind: 'waiting' }),
  instances.resource({ kind: 'held' }),
  instances.resource({ kind: 'creating', attempt, machineNumber: 1 }),
  instances.resource({ kind: 'up', attempt, machineNumber: 1, resourceId: 'i-1' }),
  instances.resource({ kind: 'shuttingDown', attempt, machineNumber: 1, outcome: ended() }),
  instances.resource(retrying),
]

describe('the page about statuses', () => {
  test.each(open)('gives the word of a $kind that is $state.kind', (instance) => {
    const states: Readonly<Record<string, { status: string }>> = openStates[instance.kind]
    expect(states[instance.state.kind]?.status).toBe(statusOf(instance))
  })

  test('has no state that is not looked at here', () => {
    const states = Object.values(openStates).reduce((count, machine) => count + Object.keys(machine).length, 0)
    expect(states).toBe(open.length)
  })

  test('says which words SetStatus takes, as the transition tables have it', () => {
    const text = statusSections().join('\n')
    expect(text).toMatch(/\| `RUNNING` \| A task runner has it\..*\| `TRY_CANCEL`, `MARK_FINISHED` \|/)
    expect(text).toMatch(/\| `SHUTTING_DOWN` \|.*\| `TRY_CANCEL`, `MARK_FINISHED` \|/)
  })
})

const catalogue = new URL('../../../shared/spec/catalog.json', import.meta.url)
// Where continuous integration is to prove something, the absence of the catalogue is a failure.
const hasCatalogue = existsSync(catalogue) || process.env.CI !== undefined

describe.skipIf(!hasCatalogue)('words of the original (skipped where ../shared/spec is missing)', () => {
  test('are on the page, every one', () => {
    const { statuses } = z
      .object({ statuses: z.array(z.object({ name: z.string() })) })
      .parse(JSON.parse(readFileSync(catalogue, 'utf8')))
    const words = new Set([
      ...Object.keys(pipelineStates),
      ...Object.keys(componentStatuses),
      ...open.map(statusOf),
      ...Object.keys(endStatuses),
      ...Object.keys(attemptStatuses),
      ...Object.keys(unusedStatuses),
    ])
    expect(statuses.map(({ name }) => name).filter((name) => !words.has(name))).toEqual([])
  })
})
