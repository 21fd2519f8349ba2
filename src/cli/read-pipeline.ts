import type { PipelineObject } from '../core/definition/pipeline-object.ts'
import type { Client } from '../wire/client.ts'
import { decodeObject } from '../wire/codec.ts'
import { hasEnded, type InstanceView, toInstanceView } from './instance-view.ts'

/** Ids that one DescribeObjects takes. @source observed: 4.11 */
const DESCRIBE_MAX = 100

/** A pipeline as commands show it. */
export type PipelineView = {
  readonly pipelineId: string
  readonly name: string
  readonly state: string
  readonly health: string | undefined
  readonly nextRunTime: string | undefined
}

/** Describes one pipeline. */
export async function readPipeline(client: Client, pipelineId: string): Promise<PipelineView> {
  const { pipelineDescriptionList } = await client.describePipelines({ pipelineIds: [pipelineId] })
  const [description] = pipelineDescriptionList
  const text = (key: string) => description?.fields.find((field) => field.key === key)?.stringValue
  return {
    pipelineId,
    name: description?.name ?? '',
    state: text('@pipelineState') ?? '',
    health: text('@healthStatus'),
    nextRunTime: text('@nextRunTime'),
  }
}

/** The instances of one pipeline, kept up to date at the price of those that are open. */
export class InstanceReader {
  readonly #client: Client
  readonly #pipelineId: string
  readonly #known = new Map<string, InstanceView>()

  constructor(client: Client, pipelineId: string) {
    this.#client = client
    this.#pipelineId = pipelineId
  }

  /** All instances, as they are. */
  async read(): Promise<readonly InstanceView[]> {
    const ids = await queryAll(this.#client, this.#pipelineId, { sphere: 'INSTANCE' })
    const isOpen = (id: string): boolean => {
      const known = this.#known.get(id)
      return known === undefined || !hasEnded(known)
    }
    const objects = await describeAll(this.#client, this.#pipelineId, {
      ids: ids.filter(isOpen),
      expressions: 'verbatim',
    })
    for (const view of objects.map(toInstanceView)) this.#known.set(view.id, view)
    return [...this.#known.values()]
  }
}

/** The ids of all pipelines. */
export async function listPipelineIds(client: Client): Promise<readonly string[]> {
  const ids: string[] = []
  let marker: string | undefined
  do {
    const page = await client.listPipelines(marker === undefined ? {} : { marker })
    ids.push(...page.pipelineIdList.flatMap(({ id }) => id ?? []))
    marker = page.hasMoreResults === true ? page.marker : undefined
  } while (marker !== undefined)
  return ids
}

/** The ids of all objects of one sphere in which each of the fields has one of its values. */
export async function queryAll(
  client: Client,
  pipelineId: string,
  { sphere, having = [] }: ObjectQuery,
): Promise<readonly string[]> {
  const ids: string[] = []
  let marker: string | undefined
  do {
    const page = await client.queryObjects({
      pipelineId,
      sphere,
      ...(having.length === 0 ? {} : { query: { selectors: having.map(selectorOf) } }),
      ...(marker === undefined ? {} : { marker }),
    })
    ids.push(...(page.ids ?? []))
    marker = page.hasMoreResults === true ? page.marker : undefined
  } while (marker !== undefined)
  return ids
}

type ObjectQuery = {
  readonly sphere: 'COMPONENT' | 'INSTANCE' | 'ATTEMPT'
  readonly having?: readonly { readonly fieldName: string; readonly values: readonly string[] }[]
}

const selectorOf = ({ fieldName, values }: NonNullable<ObjectQuery['having']>[number]) => ({
  fieldName,
  operator: { type: 'EQ' as const, values: [...values] },
})

/** The objects with these ids. */
export async function describeAll(
  client: Client,
  pipelineId: string,
  { ids, expressions }: { readonly ids: readonly string[]; readonly expressions: 'evaluated' | 'verbatim' },
): Promise<readonly PipelineObject[]> {
  const evaluateExpressions = expressions === 'evaluated'
  const objects: PipelineObject[] = []
  for (let start = 0; start < ids.length; start += DESCRIBE_MAX) {
    const objectIds = ids.slice(start, start + DESCRIBE_MAX)
    const page = await client.describeObjects({ pipelineId, objectIds, evaluateExpressions })
    objects.push(...page.pipelineObjects.map(decodeObject))
  }
  return objects
}
