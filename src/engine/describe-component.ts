import {
  type Field,
  type ObjectId,
  type PipelineObject,
  referenceField,
  textField,
} from '../core/definition/pipeline-object.ts'
import { maskField, maskScope } from '../core/definition/secrets.ts'
import { type ComponentSurroundings, componentFields, pendingFields } from '../core/lifecycle/component-fields.ts'
import { evaluateObject } from '../core/lifecycle/evaluated-objects.ts'
import { definitionScope } from '../core/lifecycle/field-text.ts'
import type { Plan } from '../core/lifecycle/plan.ts'
import { scheduledLeadersOf } from '../core/lifecycle/users-to-come.ts'
import type { Why } from '../core/lifecycle/why.ts'
import { whyPending } from '../core/lifecycle/why-unborn.ts'
import type { ComponentRow, PipelineRow } from '../store/rows.ts'
import { encodeWhy, whyKey } from '../wire/why.ts'
import type { DefinitionErrors } from './definition-errors.ts'
import type { WhyReader } from './why.ts'
import type { Workshop } from './workshop.ts'

/** The most open instances that a component lists. */
const activeInstancesMax = 100

/** A component that is to be described, and what the call that describes it has found out. */
type WantedComponent = {
  readonly id: ObjectId
  readonly expressions: 'evaluated' | 'verbatim'
  readonly whys: WhyReader
  readonly errors: DefinitionErrors
}

/**
 * A component: its fields as written, and what the service knows of its runs.
 *
 * @source observed: 4.1
 */
export async function describeComponent(
  workshop: Workshop,
  pipeline: PipelineRow,
  wanted: WantedComponent,
): Promise<PipelineObject | undefined> {
  const { reads } = workshop.store
  const version = pipeline.activeVersion ?? pipeline.latestVersion
  const row = await reads.findDefinition(pipeline.id, version)
  const object = row?.definition.objects.find(({ id }) => id === wanted.id)
  if (row === undefined || object === undefined) return undefined
  const masked = object.fields.map(maskField)
  if (pipeline.activeVersion === undefined) {
    return { ...object, fields: [...masked, ...inactiveFields(object, wanted.errors.of(row, object.id))] }
  }
  const plan = await workshop.plans.planOf(pipeline, version, reads)
  const component = plan.components.get(object.id)
  const own = wanted.expressions === 'verbatim' ? masked : evaluatedFields(plan, object)
  const ids = component === undefined ? [] : [object.id, ...scheduledLeadersOf(plan, component).map(({ id }) => id)]
  const rows = await Promise.all([...new Set(ids)].map(async (id) => await reads.findComponent(pipeline.id, id)))
  const set = componentFields(object.id, surroundingsOf(pipeline, plan, rows))
  if (component === undefined) return { ...object, fields: [...own, ...set] }
  const selection = { componentId: object.id, limit: activeInstancesMax }
  const active = await reads.listActiveInstanceIds(pipeline.id, selection)
  const why = await wanted.whys.component(plan, component)
  const fields = [...own, ...set, ...active.map((id) => referenceField('@activeInstances', id)), ...whyFields(why)]
  return { ...object, fields }
}

/** What the service sets on an object of a pipeline that has never been activated, which may be ill-formed. */
function inactiveFields(object: PipelineObject, error: string | undefined): readonly Field[] {
  const set = pendingFields(typeOf(object))
  const isPending = set.some(({ key }) => key === '@status')
  return [
    ...set,
    ...(error === undefined ? [] : [textField('@error', error)]),
    ...whyFields(isPending ? { nodes: [whyPending(object.id)] } : undefined),
  ]
}

const whyFields = (why: Why | undefined): readonly Field[] =>
  why === undefined ? [] : [textField(whyKey, encodeWhy(why))]

/** What the fields of components show of their pipeline, with these rows of components. */
export function surroundingsOf(
  pipeline: PipelineRow,
  plan: Plan,
  rows: readonly (ComponentRow | undefined)[],
): ComponentSurroundings {
  const known = new Map(rows.flatMap((row) => (row === undefined ? [] : [[row.id, row] as const])))
  return {
    plan,
    version: pipeline.activeVersion ?? pipeline.latestVersion,
    isScheduled: pipeline.state === 'SCHEDULED',
    firstActivatedAt: pipeline.firstActivatedAt,
    lastDeactivatedAt: pipeline.lastDeactivatedAt,
    progressOf: (id) => known.get(id),
  }
}

/** The type that an object itself names. */
export function typeOf({ fields }: PipelineObject): string | undefined {
  const value = fields.find(({ key }) => key === 'type')?.value
  return value?.kind === 'string' ? value.text : undefined
}

function evaluatedFields(plan: Plan, object: PipelineObject): readonly Field[] {
  const scope = maskScope(definitionScope(plan))
  return [...new Set(object.fields.map(({ key }) => key))].flatMap((key) => {
    const evaluated = evaluateObject({ id: object.id, name: object.name, keys: [key] }, scope)
    // What needs an instance cannot be evaluated here, and is shown as it is written.
    if (evaluated.kind === 'failure') return object.fields.filter((field) => field.key === key).map(maskField)
    return evaluated.objects.flatMap(({ fields }) => fields)
  })
}
