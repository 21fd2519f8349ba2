import { objectId } from '../../core/definition/pipeline-object.ts'
import { pipelineId } from '../ids.ts'
import type { Operation } from '../operation.ts'

/** @source model: EvaluateExpression */
export const evaluateExpression: Operation<'EvaluateExpression'> = async (input, { engine }) => {
  const evaluatedExpression = await engine.evaluateExpression({
    pipelineId: pipelineId(input.pipelineId),
    objectId: objectId(input.objectId),
    expression: input.expression,
  })
  return { evaluatedExpression }
}
