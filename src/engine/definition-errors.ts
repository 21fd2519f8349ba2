import type { ObjectId } from '../core/definition/pipeline-object.ts'
import type { Problem } from '../core/definition/problem.ts'
import { validateDefinition } from '../core/definition/validate.ts'
import type { DefinitionRow } from '../store/rows.ts'
import { isError } from './definition-operations.ts'
import type { Workshop } from './workshop.ts'

/** What is wrong with the single objects of a stored definition; found out once for each call that wants to know. */
export class DefinitionErrors {
  readonly #workshop: Workshop
  #problems: ReadonlyMap<ObjectId | undefined, readonly Problem[]> | undefined

  constructor(workshop: Workshop) {
    this.#workshop = workshop
  }

  /** The errors of one object, as one text; `undefined` if it has none. A call is about one definition only. */
  of({ definition, isValid }: DefinitionRow, id: ObjectId): string | undefined {
    if (isValid) return undefined
    this.#problems ??= Map.groupBy(
      validateDefinition(definition, { limits: this.#workshop.limits, now: this.#workshop.clock.now() }).filter(
        isError,
      ),
      ({ objectId }) => objectId,
    )
    const own = this.#problems.get(id)
    return own?.map(({ field, message }) => (field === undefined ? message : `${field}: ${message}`)).join(' ')
  }
}
