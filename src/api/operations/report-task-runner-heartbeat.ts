import type { Operation } from '../operation.ts'

/** @source model: ReportTaskRunnerHeartbeat */
export const reportTaskRunnerHeartbeat: Operation<'ReportTaskRunnerHeartbeat'> = async (input, { engine }) => {
  const { taskrunnerId, workerGroup, hostname } = input
  const { terminate } = await engine.reportTaskRunnerHeartbeat({ taskrunnerId, workerGroup, hostname })
  return { terminate }
}
