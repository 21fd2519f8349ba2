import { taskId } from '../ids.ts'
import type { Operation } from '../operation.ts'

/** @source model: SetTaskStatus */
export const setTaskStatus: Operation<'SetTaskStatus'> = async (input, { engine }) => {
  const { taskStatus, errorId, errorMessage, errorStackTrace } = input
  await engine.setTaskStatus({ taskId: taskId(input.taskId), taskStatus, errorId, errorMessage, errorStackTrace })
  return {}
}
