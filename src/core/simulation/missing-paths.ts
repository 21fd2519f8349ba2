import { isA } from '../catalog/object-type.ts'
import type { ObjectId } from '../definition/pipeline-object.ts'
import { evaluateObject } from '../lifecycle/evaluated-objects.ts'
import type { Plan } from '../lifecycle/plan.ts'
import { runScope } from '../lifecycle/run-scope.ts'
import type { Assumptions, MissingData } from './scenario.ts'
import type { SimulatedInstance } from './simulated-instance.ts'

/** Which fields of an object name the data that it stands for. */
const pathFields: Readonly<Record<string, readonly string[]>> = {
  S3KeyExists: ['s3Key'],
  S3PrefixNotEmpty: ['s3Prefix'],
  S3DataNode: ['filePath', 'directoryPath'],
}

/** Finds out which instances look for data that is assumed to be missing. */
export class MissingPaths {
  readonly #plan: Plan
  readonly #assumptions: Assumptions

  constructor(plan: Plan, assumptions: Assumptions) {
    this.#plan = plan
    this.#assumptions = assumptions
  }

  /** What is missing for a precondition, or of the inputs of an activity; of several, what appears last. */
  missedBy(entry: SimulatedInstance): MissingData | undefined {
    const { missing } = this.#assumptions
    if (missing.length === 0) return undefined
    const paths = this.#pathsOf(entry)
    const missed = missing.filter(({ path }) => paths.some((each) => liesIn(each, path)))
    for (const each of missed) this.#assumptions.use(each)
    return missed.reduce<MissingData | undefined>(later, undefined)
  }

  #pathsOf({ instance, component }: SimulatedInstance): readonly string[] {
    const { type } = component
    if (pathFields[type] !== undefined) return this.#texts(instance, instance.id, pathFields[type])
    const nodes = type === 'Exists' ? [instance.nodeId] : this.#isActivity(component.id) ? this.#inputsOf(instance) : []
    return nodes.flatMap((id) => (id === undefined ? [] : this.#texts(instance, id, pathFields.S3DataNode ?? [])))
  }

  #isActivity(id: ObjectId): boolean {
    const type = this.#plan.objects.get(id)?.type
    return type !== undefined && isA(type, 'Activity')
  }

  #inputsOf(instance: SimulatedInstance['instance']): readonly ObjectId[] {
    const entries = runScope(this.#plan, [instance]).entries(instance.id, 'input') ?? []
    return entries.flatMap((entry) => (entry.kind === 'reference' ? [entry.target] : []))
  }

  #texts(instance: SimulatedInstance['instance'], id: ObjectId, keys: readonly string[]): readonly string[] {
    const scope = runScope(this.#plan, [instance])
    // The scope learns of the inputs of an instance when it is asked for them.
    scope.entries(instance.id, 'input')
    const evaluated = evaluateObject({ id, name: id, keys }, scope)
    if (evaluated.kind === 'failure') return []
    return evaluated.objects.flatMap(({ fields }) =>
      fields.flatMap(({ value }) => (value.kind === 'string' ? [value.text] : [])),
    )
  }
}

function liesIn(path: string, missing: string): boolean {
  const folder = missing.replace(/\/+$/, '')
  return path === folder || path.startsWith(`${folder}/`)
}

function later(known: MissingData | undefined, found: MissingData): MissingData {
  if (known === undefined || found.appearsAt === undefined) return found
  return known.appearsAt === undefined || known.appearsAt >= found.appearsAt ? known : found
}
