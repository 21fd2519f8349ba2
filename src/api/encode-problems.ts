import type { Problem } from '../core/definition/problem.ts'
import type { Output } from '../wire/outputs.ts'

/**
 * The answer of PutPipelineDefinition and ValidatePipelineDefinition: problems grouped by what they are about, in the order in which
 * those come up. The lists are there even when they are empty.
 *
 * @source observed: 1.6; ours: differences#problems-of-the-whole-definition
 */
export function encodeProblems(problems: readonly Problem[]): Output<'ValidatePipelineDefinition'> {
  const warnings = problems.filter(({ severity }) => severity === 'warning')
  const errors = problems.filter(({ severity }) => severity !== 'warning')
  return {
    validationErrors: messagesById(errors).map(([id, messages]) => ({ id, errors: messages })),
    validationWarnings: messagesById(warnings).map(([id, messages]) => ({ id, warnings: messages })),
    errored: errors.length > 0,
  }
}

function messagesById(problems: readonly Problem[]): [string, string[]][] {
  const groups = Map.groupBy(problems, idOf)
  return [...groups].map(([id, group]) => [id, group.map(({ message }) => message)])
}

/** Clients print the id without asking whether there is one, so a problem of the definition as a whole stands at `Default`. */
const idOf = (problem: Problem): string => problem.objectId ?? problem.parameterId ?? 'Default'
