import { encodeTask } from '../../wire/codec.ts'
import type { Operation } from '../operation.ts'

/**
 * How long a poll waits for work, in milliseconds.
 *
 * @source model: PollForTask
 */
const pollWaitMs = 90_000

/** @source model: PollForTask */
export const pollForTask: Operation<'PollForTask'> = async ({ workerGroup, hostname }, { engine, abandoned }) => {
  const task = await engine.pollForTask({ workerGroup, hostname, waitMs: pollWaitMs, signal: abandoned() })
  return task === undefined ? {} : { taskObject: encodeTask(task) }
}
