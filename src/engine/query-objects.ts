import { isSecret } from '../core/definition/parameters.ts'
import { type Field, objectId, type PipelineObject, textField } from '../core/definition/pipeline-object.ts'
import { type Instant, parseInstant } from '../core/instant.ts'
import { componentFields, pendingFields } from '../core/lifecycle/component-fields.ts'
import { quote } from '../core/quote.ts'
import type { PipelineRow } from '../store/rows.ts'
import type { ObjectFilter, TimeFilter } from '../store/store.ts'
import { InvalidRequestException } from '../wire/errors.ts'
import { surroundingsOf, typeOf } from './describe-component.ts'
import type { Engine, Selector, Sphere } from './engine.ts'
import { existing, type Workshop } from './workshop.ts'

/** Finds the ids of objects; a selector on a field that an object does not have leaves the object out. */
export const createQueryObjects = (workshop: Workshop): Pick<Engine, 'queryObjects'> => ({
  async queryObjects({ pipelineId, sphere, selectors, marker, limit }) {
    for (const selector of selectors) refuseSecret(selector)
    const { reads } = workshop.store
    const pipeline = existing(await reads.findPipeline(pipelineId), pipelineId)
    if (sphere === 'INSTANCE' && marker !== undefined) await refuseLost(workshop, pipeline, marker)
    const page = { afterId: marker ?? '', limit: limit + 1 }
    const ids = selectors.some((selector) => matchesNone(selector, sphere))
      ? []
      : sphere === 'COMPONENT'
        ? await queryComponents(workshop, pipeline, { selectors, page })
        : sphere === 'INSTANCE'
          ? await reads.queryInstances(pipelineId, filterOf(selectors), page)
          : await reads.queryAttempts(pipelineId, filterOf(selectors), page)
    const items = ids.slice(0, limit)
    return { items, marker: ids.length > limit ? items.at(-1) : undefined }
  },
})

/** Instances come in the order of their beginning, which only the one of the marker tells; it may have been removed since. */
async function refuseLost(workshop: Workshop, { id }: PipelineRow, marker: string): Promise<void> {
  const last = await workshop.store.reads.findInstance(id, objectId(marker))
  if (last !== undefined) return
  throw new InvalidRequestException(
    `The marker ${quote(marker)} is of no instance that is there. Begin with the first page.`,
  )
}

/** Whoever may guess at a secret again and again, and is told when the guess is right, has it in the end. */
function refuseSecret({ fieldName }: Selector): void {
  if (!isSecret(fieldName)) return
  throw new InvalidRequestException(`A query cannot select by ${fieldName}, which holds a secret. Use another field.`)
}

/** Whether a selector rules out a whole sphere: it asks for another one, or for a field that nothing in it has. */
function matchesNone({ fieldName, values }: Selector, sphere: Sphere): boolean {
  if (fieldName === '@sphere') return !values.includes(sphere)
  return fieldName === '@instanceParent' && sphere !== 'ATTEMPT'
}

/** The fields whose values are the ids of components, and those that name an attempt's instance. */
const componentIdFields: ReadonlySet<string> = new Set(['@componentParent', 'parent'])

const timeFields = {
  '@scheduledStartTime': 'scheduledStart',
  '@scheduledEndTime': 'scheduledEnd',
  '@actualStartTime': 'actualStart',
  '@actualEndTime': 'actualEnd',
} as const

const anyTime: TimeFilter = { from: undefined, to: undefined, anyOf: undefined }

const everything: ObjectFilter = {
  names: undefined,
  statuses: undefined,
  componentIds: undefined,
  instanceIds: undefined,
  scheduledStart: anyTime,
  scheduledEnd: anyTime,
  actualStart: anyTime,
  actualEnd: anyTime,
}

function filterOf(selectors: readonly Selector[]): ObjectFilter {
  return selectors.reduce<ObjectFilter>((filter, selector) => narrowed(filter, selector), everything)
}

function narrowed(filter: ObjectFilter, selector: Selector): ObjectFilter {
  const { fieldName, values } = selector
  const time = Object.entries(timeFields).find(([key]) => key === fieldName)?.[1]
  if (time !== undefined) return { ...filter, [time]: narrowedTime(filter[time], selector) }
  refuseComparison(selector)
  if (componentIdFields.has(fieldName)) return { ...filter, componentIds: common(filter.componentIds, values) }
  switch (fieldName) {
    case 'name':
      return { ...filter, names: common(filter.names, values) }
    case '@status':
      return { ...filter, statuses: common(filter.statuses, values) }
    case '@instanceParent':
      return { ...filter, instanceIds: common(filter.instanceIds, values) }
    case '@sphere':
      return filter
    default:
      throw new InvalidRequestException(
        `A query cannot select by ${fieldName}; it can by name, parent, @componentParent, @instanceParent, @status, @sphere and ${Object.keys(timeFields).join(', ')}.`,
      )
  }
}

/** Only times have an order. */
function refuseComparison({ operator, fieldName }: Selector): void {
  if (operator === 'EQ' || operator === 'REF_EQ') return
  throw new InvalidRequestException(
    `${operator} compares times; ${fieldName} is none. Use EQ, or one of ${Object.keys(timeFields).join(', ')}.`,
  )
}

const common = (known: readonly string[] | undefined, values: readonly string[]): readonly string[] =>
  known === undefined ? values : values.filter((value) => known.includes(value))

function narrowedTime(filter: TimeFilter, { fieldName, operator, values }: Selector): TimeFilter {
  const times = values.map((value) => readTime(fieldName, value))
  const [first, second] = times
  switch (operator) {
    case 'EQ':
    case 'REF_EQ':
      return {
        ...filter,
        anyOf: filter.anyOf === undefined ? times : times.filter((time) => filter.anyOf?.includes(time)),
      }
    case 'GE':
      return { ...filter, from: latest(filter.from, first) }
    case 'LE':
      return { ...filter, to: earliest(filter.to, first) }
    case 'BETWEEN':
      if (times.length !== 2) throw new InvalidRequestException(`BETWEEN on ${fieldName} takes two times.`)
      return { ...filter, from: latest(filter.from, first), to: earliest(filter.to, second) }
  }
}

function readTime(fieldName: string, value: string): Instant {
  const time = parseInstant(value)
  if (time !== undefined) return time
  throw new InvalidRequestException(`'${value}' for ${fieldName} is no time; write YYYY-MM-DDTHH:MM:SS.`)
}

const latest = (left: Instant | undefined, right: Instant | undefined): Instant | undefined =>
  left === undefined || (right !== undefined && right > left) ? right : left

const earliest = (left: Instant | undefined, right: Instant | undefined): Instant | undefined =>
  left === undefined || (right !== undefined && right < left) ? right : left

/** Components are those of the definition; few enough to be looked through, with the fields that the service sets. */
async function queryComponents(
  workshop: Workshop,
  pipeline: PipelineRow,
  { selectors, page }: { readonly selectors: readonly Selector[]; readonly page: { afterId: string; limit: number } },
) {
  const { reads } = workshop.store
  const version = pipeline.activeVersion ?? pipeline.latestVersion
  const row = await reads.findDefinition(pipeline.id, version)
  const setFields = await setFieldsOf(workshop, pipeline)
  const conditions = selectors.map((selector) => ({ key: selector.fieldName, holds: conditionOf(selector) }))
  const found = (row?.definition.objects ?? []).filter((object) => {
    const fields = [textField('name', object.name), ...object.fields, ...setFields(object)]
    return conditions.every(({ key, holds }) =>
      fields.some(
        (field) => field.key === key && holds(field.value.kind === 'string' ? field.value.text : field.value.target),
      ),
    )
  })
  const ids = found.map(({ id }) => id).sort()
  return ids.filter((id) => id > page.afterId).slice(0, page.limit)
}

/** The fields that the service sets on each object of a definition. */
async function setFieldsOf(
  workshop: Workshop,
  pipeline: PipelineRow,
): Promise<(object: PipelineObject) => readonly Field[]> {
  if (pipeline.activeVersion === undefined) return (object) => pendingFields(typeOf(object))
  const { reads } = workshop.store
  const plan = await workshop.plans.planOf(pipeline, pipeline.activeVersion, reads)
  const around = surroundingsOf(pipeline, plan, await reads.listComponents(pipeline.id))
  return ({ id }) => componentFields(id, around)
}

/** Whether a value fulfils a selector. What is no time lies neither before nor after one. */
function conditionOf(selector: Selector): (text: string) => boolean {
  const { fieldName, operator, values } = selector
  if (operator === 'EQ' || operator === 'REF_EQ') return (text) => values.includes(text)
  if (!isTimeField(fieldName)) refuseComparison(selector)
  const { from, to } = narrowedTime(anyTime, selector)
  return (text) => {
    const time = parseInstant(text)
    return time !== undefined && (from === undefined || time >= from) && (to === undefined || time <= to)
  }
}

/** Of all fields of components, these hold times. */
const isTimeField = (key: string): boolean => key.endsWith('Time') || key.endsWith('DateTime')
