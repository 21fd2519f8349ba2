import { type Instant, parseInstant } from '../core/instant.ts'
import type { PipelineRow } from '../store/rows.ts'
import type { ObjectFilter, TimeFilter } from '../store/store.ts'
import { InvalidRequestException } from '../wire/errors.ts'
import type { Engine, Selector, Sphere } from './engine.ts'
import { existing, type Workshop } from './workshop.ts'

/** Finds the ids of objects; a selector on a field that an object does not have leaves the object out. */
export const createQueryObjects = (workshop: Workshop): Pick<Engine, 'queryObjects'> => ({
  async queryObjects({ pipelineId, sphere, selectors, marker, limit }) {
    const { reads } = workshop.store
    const pipeline = existing(await reads.findPipeline(pipelineId), pipelineId)
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

/** Whether a selector rules out a whole sphere: it asks for another one, or for a field that nothing in it has. */
function matchesNone({ fieldName, values }: Selector, sphere: Sphere): boolean {
  if (fieldName === '@sphere') return !values.includes(sphere)
  return fieldName === '@instanceParent' && sphere !== 'ATTEMPT'
}

/** The fields whose values are the ids of components, and those that name an attempt's instance. */
const componentFields: ReadonlySet<string> = new Set(['@componentParent', 'parent'])

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
  if (componentFields.has(fieldName)) return { ...filter, componentIds: common(filter.componentIds, values) }
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

/** Components are those of the definition; few enough to be looked through. */
async function queryComponents(
  workshop: Workshop,
  pipeline: PipelineRow,
  { selectors, page }: { readonly selectors: readonly Selector[]; readonly page: { afterId: string; limit: number } },
) {
  for (const selector of selectors) refuseComparison(selector)
  const { reads } = workshop.store
  const version = pipeline.activeVersion ?? pipeline.latestVersion
  const row = await reads.findDefinition(pipeline.id, version)
  const statuses = await componentStatuses(workshop, pipeline)
  const found = (row?.definition.objects ?? []).filter((object) =>
    selectors.every(({ fieldName, values }) => {
      if (fieldName === '@sphere') return true
      if (fieldName === 'name') return values.includes(object.name)
      if (fieldName === '@status') return values.includes(statuses?.get(object.id) ?? (statuses ? '' : 'PENDING'))
      return object.fields.some(
        ({ key, value }) => key === fieldName && values.includes(value.kind === 'string' ? value.text : value.target),
      )
    }),
  )
  const ids = found.map(({ id }) => id).sort()
  return ids.filter((id) => id > page.afterId).slice(0, page.limit)
}

/** The status words of the components that run; none while the pipeline has never been activated, where all are PENDING. */
async function componentStatuses(workshop: Workshop, pipeline: PipelineRow) {
  if (pipeline.activeVersion === undefined) return undefined
  const { reads } = workshop.store
  const plan = await workshop.plans.planOf(pipeline, pipeline.activeVersion, reads)
  const paused = new Set(
    (await reads.listComponents(pipeline.id)).flatMap(({ id, isPaused }) => (isPaused ? [id] : [])),
  )
  return new Map([...plan.components.keys()].map((id) => [id, paused.has(id) ? 'PAUSED' : 'SCHEDULED']))
}
