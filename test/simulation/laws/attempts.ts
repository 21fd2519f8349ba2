import { type Instance, openAttempt } from '../../../src/core/lifecycle/instance.ts'
import type { Change } from '../ledger.ts'
import type { Oracle } from '../oracle.ts'
import { type Case, isSameRow, type Law, unless } from './law.ts'

/** An instance has one open attempt at the most, and the stored ones are those that it has counted. */
export const attemptsAreCounted: Law = ({ books, instances }) =>
  instances.flatMap((instance) => {
    const attempts = (books.attempts.get(instance.id) ?? []).map(({ attempt }) => attempt)
    const open = attempts.filter(({ endedAt }) => endedAt === undefined)
    const current = openAttempt(instance)
    return [
      ...unless(
        attempts.length === instance.attemptCount && attempts.every(({ number }, index) => number === index + 1),
        () => `${instance.id} has the attempts ${attempts.map(({ number }) => number)} of ${instance.attemptCount}`,
      ),
      ...unless(
        open.length === (current === undefined ? 0 : 1),
        () => `${instance.id} is ${instance.state.kind} and has ${open.length} open attempts`,
      ),
      ...unless(
        current === undefined || isSameRow(current, open[0]),
        () => `${instance.id} is at another attempt than the stored one`,
      ),
    ]
  })

/** What has been closed stays as it is: a late word changes nothing. */
export const closedAttemptsStay: Law = ({ step }) =>
  (step?.attempts ?? []).flatMap(({ before, after }) =>
    unless(
      before?.attempt.endedAt === undefined || isSameRow(before.attempt, after.attempt),
      () => `attempt ${after.attempt.number} of ${after.instanceId} changed after it was closed`,
    ),
  )

/** What an instance is by birth never changes; attempts are never taken back. */
export const birthsStay: Law = ({ step }) =>
  changesOf(step).flatMap(({ before, after }) =>
    unless(
      before === undefined ||
        (before.startedAt === after.startedAt &&
          before.version === after.version &&
          before.nodeId === after.nodeId &&
          isSameRow(before.occurrence, after.occurrence) &&
          before.attemptCount <= after.attemptCount),
      () => `${after.id} came to be a second time`,
    ),
  )

/** No more tries than maximumRetries allows, and no try before its delay is over. */
export const retriesAreBounded: Law = ({ step, oracleOf, now }) =>
  changesOf(step).flatMap((change) => {
    const { before, after } = change
    const oracle = oracleOf(after.version)
    const most = Number(oracle.text(after.componentId, 'maximumRetries') ?? 2)
    return [
      ...unless(after.triesFailed <= most, () => `${after.id} has failed ${after.triesFailed} tries, ${most} allowed`),
      ...wrongDelay(change, { oracle, now }),
      ...unless(
        before?.state.kind !== 'retrying' ||
          after.attemptCount === before.attemptCount ||
          now >= before.state.retryAt ||
          // It has ended meanwhile, and has come back with all its tries.
          after.triesFailed === 0,
        () => `${after.id} is tried again before its delay is over`,
      ),
    ]
  })

function wrongDelay(
  { before, after }: Change,
  { oracle, now }: { readonly oracle: Oracle; readonly now: number },
): readonly string[] {
  const { state } = after
  if (state.kind !== 'retrying' || before?.state.kind === 'retrying') return []
  const delayMs = state.retryAt - now
  const givenMs = oracle.lengthMs(after.componentId, 'retryDelay')
  const isRight = givenMs === undefined ? delayMs === 600_000 || delayMs === 420_000 : delayMs === givenMs
  return unless(isRight, () => `${after.id} is tried again after ${delayMs} ms, and retryDelay is ${givenMs} ms`)
}

/** How often an attempt is handed out, as documented, before it counts as one that ends every runner. */
const handOutsMost = 10

/** An attempt whose runners fall silent is handed out again, and not given up before its last hand-out. */
export const silenceIsForgiven: Law = ({ step }) =>
  (step?.attempts ?? []).flatMap(({ after: { attempt, instanceId } }) =>
    unless(
      attempt.error?.id !== 'Service_RunnerLost' || attempt.handOuts === handOutsMost,
      () => `attempt ${attempt.number} of ${instanceId} is given up after ${attempt.handOuts} hand-outs`,
    ),
  )

/** Only the runner to which an attempt was handed last can end it, and it is handed out again only when that one is silent. */
export const onlyTheHolderIsHeard: Law = (found) =>
  changesOf(found.step).flatMap(({ before, after }) => {
    if (before?.state.kind !== 'running') return []
    const { taskId } = before.state
    const closed = (found.books.attempts.get(after.id) ?? []).find(
      ({ attempt }) => attempt.number === before.attemptCount,
    )?.attempt
    const isNewlyClosed = closed?.endedAt !== undefined
    return [
      ...unless(
        !isNewlyClosed ||
          closed.status !== 'FINISHED' ||
          found.said.results.has(`${taskId} FINISHED`) ||
          found.said.markedFinished.has(after.id),
        () => `${after.id} is FINISHED, and the runner that holds it has not said so`,
      ),
      ...unless(
        !isNewlyClosed || closed.error?.id !== 'Failed' || closed.error.message === taskId,
        () => `${after.id} failed by the word of a runner that does not hold it`,
      ),
      ...unless(
        after.state.kind !== 'queued' || mayBeTakenBack(before, found),
        () => `${after.id} is taken from a runner that is not silent`,
      ),
    ]
  })

/** The times after which a silent runner loses its task, in milliseconds: as documented, before and after its first report. */
const silenceMs = { unacknowledged: 2 * 60_000, acknowledged: 15 * 60_000 } as const

function mayBeTakenBack(before: Instance, { books, now, said }: Case): boolean {
  if (before.state.kind !== 'running') return false
  const { reportedAt, handedOutAt } = before.state
  const runsOnMachine = (books.dependencies.get(before.id) ?? []).some(({ kind }) => kind === 'runsOn')
  if (runsOnMachine) return true
  return reportedAt === undefined
    ? said.hasAbandonedPolls || now >= handedOutAt + silenceMs.unacknowledged
    : now >= reportedAt + silenceMs.acknowledged
}

const changesOf = (step: Case['step']): readonly Change[] => [...(step?.changes.values() ?? [])]
