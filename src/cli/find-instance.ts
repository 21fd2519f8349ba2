import type { PipelineObject } from '../core/definition/pipeline-object.ts'
import { parseAttemptId } from '../core/lifecycle/component.ts'
import type { Client } from '../wire/client.ts'
import { decodeObject } from '../wire/codec.ts'
import { InvalidRequestException } from '../wire/errors.ts'
import { hasEnded, OPEN_STATUSES, toInstanceView } from './instance-view.ts'
import { queryAll } from './read-pipeline.ts'

/** What a user means by the name of an instance or a component. */
export type Found =
  | { readonly kind: 'instance'; readonly object: PipelineObject }
  /** A component that has no instance which is of interest, or not the one that was asked for. */
  | { readonly kind: 'component'; readonly object: PipelineObject; readonly missing: string | undefined }

/**
 * Finds what is meant by the id of an instance or attempt, or by the id or name of a component: of that its newest open instance, or else
 * its newest one if that has not finished.
 */
export async function findInstance(client: Client, pipelineId: string, name: string): Promise<Found | undefined> {
  const id = parseAttemptId(name)?.instanceId ?? name
  const object = await describe(client, pipelineId, id)
  if (object !== undefined && id.startsWith('@')) return { kind: 'instance', object }
  if (id.startsWith('@')) {
    const component = await describe(client, pipelineId, componentIdIn(id))
    return component === undefined ? undefined : { kind: 'component', object: component, missing: id }
  }
  const component = object ?? (await describeNamed(client, pipelineId, name))
  if (component === undefined) return undefined
  const newest = await newestOf(client, pipelineId, component)
  return newest === undefined
    ? { kind: 'component', object: component, missing: undefined }
    : { kind: 'instance', object: newest }
}

async function describe(client: Client, pipelineId: string, objectId: string): Promise<PipelineObject | undefined> {
  try {
    const { pipelineObjects } = await client.describeObjects({ pipelineId, objectIds: [objectId] })
    return pipelineObjects.map(decodeObject)[0]
  } catch (error) {
    if (error instanceof InvalidRequestException) return undefined
    throw error
  }
}

/** An instance id is that of its component between `@` and the start; one of a precondition may name what it guards as well. */
const componentIdIn = (instanceId: string): string => instanceId.slice(1, instanceId.lastIndexOf('_'))

async function describeNamed(client: Client, pipelineId: string, name: string): Promise<PipelineObject | undefined> {
  const ids = await queryAll(client, pipelineId, {
    sphere: 'COMPONENT',
    having: [{ fieldName: 'name', values: [name] }],
  })
  return ids[0] === undefined ? undefined : await describe(client, pipelineId, ids[0])
}

async function newestOf(
  client: Client,
  pipelineId: string,
  component: PipelineObject,
): Promise<PipelineObject | undefined> {
  const latest = await latestOf(client, pipelineId, component)
  if (latest !== undefined && !hasEnded(toInstanceView(latest))) return latest
  const open = await queryAll(client, pipelineId, {
    sphere: 'INSTANCE',
    having: [
      { fieldName: '@componentParent', values: [component.id] },
      { fieldName: '@status', values: OPEN_STATUSES },
    ],
  })
  const newest = open.toSorted(byStart).at(-1)
  if (newest !== undefined) return await describe(client, pipelineId, newest)
  return latest === undefined || toInstanceView(latest).status === 'FINISHED' ? undefined : latest
}

/** The instance of the latest run, which is the newest one unless older ones alone are open. */
async function latestOf(client: Client, pipelineId: string, { id, fields }: PipelineObject) {
  const latestRun = fields.find(({ key }) => key === '@latestRunTime')?.value
  if (latestRun?.kind !== 'string') return undefined
  const [latest] = await queryAll(client, pipelineId, {
    sphere: 'INSTANCE',
    having: [
      { fieldName: '@componentParent', values: [id] },
      { fieldName: '@scheduledStartTime', values: [latestRun.text] },
    ],
  })
  return latest === undefined ? undefined : await describe(client, pipelineId, latest)
}

/** Ids of one component end in their scheduled start, in a form that sorts by time. */
function byStart(left: string, right: string): number {
  const [leftStart, rightStart] = [left, right].map((id) => id.slice(id.lastIndexOf('_')))
  return (leftStart ?? '') < (rightStart ?? '') ? -1 : 1
}
