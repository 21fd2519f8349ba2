import { isLegal } from '../core/lifecycle/advance.ts'
import type { Event } from '../core/lifecycle/event.ts'
import type { Workshop } from './workshop.ts'

/** Tasks of a worker group among which those of one runner are looked for: more than all its runners work on at once. */
const runningMax = 10_000

/** A task runner as its polls name it. */
export type RunnerIdentity = { readonly workerGroup: string; readonly hostname: string }

/**
 * Offers the tasks of a task runner again, at once and as the same attempts. The caller knows that nothing of the runner is left, so
 * that nobody works on them any more.
 */
export async function loseRunner(workshop: Workshop, { workerGroup, hostname }: RunnerIdentity): Promise<void> {
  const event: Event = { kind: 'runnerLost' }
  const rows = await workshop.store.reads.listRunningAttempts(workerGroup, runningMax)
  const held = rows.filter(({ attempt }) => attempt.hostname === hostname)
  for (const [pipelineId, attempts] of Map.groupBy(held, (row) => row.pipelineId)) {
    await workshop.onPipeline(pipelineId, async (unit) => {
      for (const { instanceId, attempt } of attempts) {
        const instance = await unit.instance(instanceId)
        const isHeld = instance?.state.kind === 'running' && instance.state.attempt.handOuts === attempt.handOuts
        if (isHeld && isLegal(instance, event)) await unit.deliver([{ id: instanceId, event }])
      }
    })
  }
}
