import { decodeField } from '../../wire/codec.ts'
import { taskId } from '../ids.ts'
import type { Operation } from '../operation.ts'

/** @source model: ReportTaskProgress */
export const reportTaskProgress: Operation<'ReportTaskProgress'> = async (input, { engine }) => {
  const fields = input.fields?.map(decodeField) ?? []
  const { canceled } = await engine.reportTaskProgress({ taskId: taskId(input.taskId), fields })
  return { canceled }
}
