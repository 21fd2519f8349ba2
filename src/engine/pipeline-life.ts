import { plusMs } from '../core/instant.ts'
import { advancePipeline, type PipelineEvent, type PipelineTransition } from '../core/lifecycle/pipeline.ts'
import { InvalidRequestException } from '../wire/errors.ts'
import { ofPipeline, type UnitOfWork } from './unit-of-work.ts'

/**
 * Lets something happen to the pipeline of a unit of work as a whole.
 *
 * @throws InvalidRequestException where that cannot be in the state of the pipeline.
 */
export function movePipeline(unit: UnitOfWork, event: PipelineEvent): void {
  const { next, commands } = refuseMove(unit, event)
  if (next !== unit.pipeline) unit.setPipeline(next)
  for (const command of commands) {
    if (command.kind === 'clearTimer') unit.changes.clearTimer(ofPipeline, command.timer)
    else unit.changes.setTimer(ofPipeline, command.timer, plusMs(unit.now, command.afterMs))
  }
}

/**
 * What would happen to the pipeline of a unit of work.
 *
 * @throws InvalidRequestException where that cannot be in the state of the pipeline.
 */
export function refuseMove(unit: UnitOfWork, event: PipelineEvent): Extract<PipelineTransition, { kind: 'moved' }> {
  const transition = advancePipeline(unit.pipeline, event, unit.now)
  if (transition.kind === 'moved') return transition
  throw new InvalidRequestException(`Pipeline ${unit.pipelineId} ${transition.reason}`)
}

/** Moves the pipeline on, at the end of a unit of work, by what that has left open. */
export function settlePipeline(unit: UnitOfWork): void {
  movePipeline(unit, { kind: unit.pipeline.openInstances > 0 ? 'busy' : 'idle' })
}
