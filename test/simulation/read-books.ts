import { instant } from '../../src/core/instant.ts'
import type { Store } from '../../src/store/store.ts'
import { isSameRow } from './laws/law.ts'
import { type Books, timerKey } from './ledger.ts'

/** More than a pipeline of the simulation has of anything. */
const all = 100_000

/** Reads all that the store holds of a pipeline, and names what is not as it has been written; `undefined` if everything is. */
export async function readBooks({ reads }: Store, books: Books): Promise<string | undefined> {
  const { id } = books.row
  const ids = [...books.instances.keys()]
  const filter = {
    names: undefined,
    statuses: undefined,
    componentIds: undefined,
    instanceIds: undefined,
    scheduledStart: anyTime,
    scheduledEnd: anyTime,
    actualStart: anyTime,
    actualEnd: anyTime,
  }
  const stored = await reads.queryInstances(id, filter, { afterId: '', limit: all })
  const timers = await reads.listDueTimers(instant(Number.MAX_SAFE_INTEGER), all)
  const outbox = await reads.listOutbox(0, all)
  const comparisons: readonly (readonly [string, unknown, unknown])[] = [
    ['pipeline', books.row, await reads.findPipeline(id)],
    ['components', byId([...books.components.values()]), await reads.listComponents(id)],
    ['instances', [...ids].sort(), [...stored].sort()],
    ...(await Promise.all(
      ids.map(async (each) => [each, books.instances.get(each), await reads.findInstance(id, each)] as const),
    )),
    ...(await Promise.all(
      ids.map(
        async (each) => [each, books.dependencies.get(each) ?? [], await reads.listDependencies(id, each)] as const,
      ),
    )),
    ...(await Promise.all(
      ids.map(async (each) => [each, books.attempts.get(each) ?? [], await reads.listAttempts(id, each)] as const),
    )),
    [
      'timers',
      [...books.timers.keys()].sort(),
      timers
        .filter(({ pipelineId }) => pipelineId === id)
        .map(timerKey)
        .sort(),
    ],
    [
      'commands',
      [...books.commands.keys()],
      outbox.filter(({ pipelineId }) => pipelineId === id).map((row) => row.sequence),
    ],
  ]
  const wrong = comparisons.find(([, written, found]) => !isSameRow(written, found))
  return wrong === undefined ? undefined : `${wrong[0]}: ${JSON.stringify(wrong[2])} for ${JSON.stringify(wrong[1])}`
}

const anyTime = { from: undefined, to: undefined, anyOf: undefined }

const byId = <Row extends { readonly id: string }>(rows: readonly Row[]): readonly Row[] =>
  rows.toSorted((left, right) => (left.id < right.id ? -1 : 1))
