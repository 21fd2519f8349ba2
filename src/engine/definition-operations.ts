import { checkEdit } from '../core/definition/check-edit.ts'
import type { Definition } from '../core/definition/pipeline-object.ts'
import type { Problem } from '../core/definition/problem.ts'
import { maskDefinition, remainingMasks, restoreSecrets } from '../core/definition/secrets.ts'
import { unsupportedYet } from '../core/definition/supported-types.ts'
import { validateDefinition } from '../core/definition/validate.ts'
import type { PipelineRow } from '../store/rows.ts'
import type { Reads } from '../store/store.ts'
import { InvalidRequestException } from '../wire/errors.ts'
import type { Engine } from './engine.ts'
import { existing, type Workshop } from './workshop.ts'

type DefinitionOperations = Pick<
  Engine,
  'getPipelineDefinition' | 'putPipelineDefinition' | 'validatePipelineDefinition'
>

/** The operations on definitions. */
export function createDefinitionOperations(workshop: Workshop): DefinitionOperations {
  const check = (definition: Definition): readonly Problem[] => [
    ...validateDefinition(definition, { limits: workshop.limits, now: workshop.clock.now() }),
    ...remainingMasks(definition),
    ...unsupportedYet(definition),
  ]
  return {
    async putPipelineDefinition({ pipelineId, definition: given }) {
      return await workshop.onPipeline(pipelineId, async (unit) => {
        const { pipeline, transaction } = unit
        const definition = await withSecrets(transaction, pipeline, given)
        const problems = check(definition)
        refuseFatal(problems)
        const all = [...problems, ...(await checkAgainstActive(transaction, pipeline, definition))]
        const version = pipeline.latestVersion + 1
        await transaction.insertDefinition({ pipelineId, version, definition, isValid: !all.some(isError) })
        // What is older is not read any more, unless by what was made from it.
        const versions = { below: pipeline.latestVersion, except: pipeline.activeVersion }
        await transaction.removeUnusedDefinitions(pipelineId, versions)
        unit.setPipeline({ latestVersion: version })
        return all
      })
    },

    async validatePipelineDefinition({ pipelineId, definition: given }) {
      const pipeline = existing(await workshop.store.reads.findPipeline(pipelineId), pipelineId)
      const definition = await withSecrets(workshop.store.reads, pipeline, given)
      return [...check(definition), ...(await checkAgainstActive(workshop.store.reads, pipeline, definition))]
    },

    async getPipelineDefinition({ pipelineId, version }): Promise<Definition> {
      const pipeline = existing(await workshop.store.reads.findPipeline(pipelineId), pipelineId)
      const number = version === 'active' ? pipeline.activeVersion : pipeline.latestVersion
      const row = number === undefined ? undefined : await workshop.store.reads.findDefinition(pipelineId, number)
      return row === undefined ? emptyDefinition : maskDefinition(row.definition)
    },
  }
}

const emptyDefinition: Definition = { objects: [], parameterObjects: [], parameterValues: [] }

/** The definition with the secrets that its masks stand for: those of the definition that was put last. */
async function withSecrets(reads: Reads, { id, latestVersion }: PipelineRow, given: Definition): Promise<Definition> {
  if (latestVersion === 0 || remainingMasks(given).length === 0) return given
  const latest = await reads.findDefinition(id, latestVersion)
  return latest === undefined ? given : restoreSecrets(given, latest.definition)
}

/** What may not be changed of a definition that has been activated. */
export async function checkAgainstActive(
  reads: Reads,
  pipeline: PipelineRow,
  definition: Definition,
): Promise<readonly Problem[]> {
  if (pipeline.activeVersion === undefined) return []
  const active = await reads.findDefinition(pipeline.id, pipeline.activeVersion)
  return active === undefined ? [] : checkEdit(active.definition, definition)
}

/** Whether the problem keeps the pipeline from being activated. */
export const isError = ({ severity }: Problem): boolean => severity !== 'warning'

/** One line for each problem that is an error. */
export const errorLines = (problems: readonly Problem[]): string =>
  problems
    .filter(isError)
    .map(({ objectId, parameterId, field, message }) => {
      const place = [objectId ?? parameterId, objectId && field].filter((part) => part !== undefined).join(', field ')
      return place === '' ? message : `${place}: ${message}`
    })
    .join(' ')

function refuseFatal(problems: readonly Problem[]): void {
  const fatal = problems.filter(({ severity }) => severity === 'fatal')
  if (fatal.length === 0) return
  throw new InvalidRequestException(
    `Pipeline definition has errors: Could not save the pipeline definition due to FATAL errors: [${errorLines(fatal)}] Please call Validate to validate your pipeline`,
  )
}
