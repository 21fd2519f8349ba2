import type { PipelineId, PipelineRow, Tag } from '../store/rows.ts'
import { InvalidRequestException } from '../wire/errors.ts'
import { describePipeline } from './describe-pipeline.ts'
import type { Engine } from './engine.ts'
import { newPipelineId } from './pipeline-id.ts'
import { movePipeline } from './pipeline-life.ts'
import { existing, type Workshop } from './workshop.ts'

/**
 * The most tags of one pipeline.
 *
 * @source guide: dp-adding-tags
 */
const tagsMax = 10

/** Pipelines in one page of ListPipelines. */
const pageMax = 100

type PipelineOperations = Pick<
  Engine,
  | 'addTags'
  | 'createPipeline'
  | 'deactivatePipeline'
  | 'deletePipeline'
  | 'describePipelines'
  | 'listPipelines'
  | 'removeTags'
>

/** The operations on pipelines as a whole. */
export function createPipelineOperations(workshop: Workshop): PipelineOperations {
  return {
    async createPipeline(request) {
      const { name, uniqueId, caller } = request
      checkTags(request.tags)
      return await workshop.inTransaction(async (transaction) => {
        const key = { accountId: caller.accountId, userId: caller.userId, name, uniqueId }
        const known = await transaction.findPipelineByUniqueId(key)
        if (known !== undefined) return { result: known.id, effects: [] }
        const id = newPipelineId(workshop.chance)
        await transaction.insertPipeline(newPipeline(id, request, workshop.clock.now()))
        return { result: id, effects: [] }
      })
    },

    async listPipelines({ marker }) {
      const rows = await workshop.store.reads.listPipelines(marker ?? '', pageMax + 1)
      const page = rows.slice(0, pageMax)
      return {
        items: page.map(({ id, name }) => ({ id, name })),
        marker: rows.length > pageMax ? page.at(-1)?.id : undefined,
      }
    },

    async describePipelines(pipelineIds) {
      const rows = await Promise.all(
        pipelineIds.map(async (id) => existing(await workshop.store.reads.findPipeline(id), id)),
      )
      return await Promise.all(rows.map(async (row) => await describePipeline(row, workshop)))
    },

    async addTags({ pipelineId, tags }) {
      await workshop.onPipeline(pipelineId, async (unit) => {
        const merged = new Map([...unit.pipeline.tags, ...tags].map((tag) => [tag.key, tag]))
        checkTags([...merged.values()])
        unit.setPipeline({ tags: [...merged.values()] })
      })
    },

    async removeTags({ pipelineId, tagKeys }) {
      await workshop.onPipeline(pipelineId, async (unit) => {
        unit.setPipeline({ tags: unit.pipeline.tags.filter(({ key }) => !tagKeys.includes(key)) })
      })
    },

    async deactivatePipeline({ pipelineId, cancelActive }) {
      await workshop.onPipeline(pipelineId, async (unit) => movePipeline(unit, { kind: 'deactivate', cancelActive }))
    },

    async deletePipeline(pipelineId) {
      await workshop.onPipeline(pipelineId, async (unit) => movePipeline(unit, { kind: 'delete' }))
    },
  }
}

function checkTags(tags: readonly Tag[]): void {
  const keys = new Set(tags.map(({ key }) => key))
  if (keys.size < tags.length) throw new InvalidRequestException('Each tag key may be given once.')
  if (tags.length > tagsMax) {
    throw new InvalidRequestException(`A pipeline may have ${tagsMax} tags; this would make ${tags.length}.`)
  }
}

function newPipeline(
  id: PipelineId,
  request: Parameters<Engine['createPipeline']>[0],
  createdAt: PipelineRow['createdAt'],
): PipelineRow {
  return {
    id,
    name: request.name,
    uniqueId: request.uniqueId,
    description: request.description,
    userId: request.caller.userId,
    accountId: request.caller.accountId,
    tags: request.tags,
    state: 'PENDING',
    createdAt,
    latestVersion: 0,
    activeVersion: undefined,
    firstActivatedAt: undefined,
    lastActivatedAt: undefined,
    lastDeactivatedAt: undefined,
    deletionRequestedAt: undefined,
    finishedAt: undefined,
    startAt: undefined,
    latestOnDemandAt: undefined,
    openInstances: 0,
    health: undefined,
    healthUpdatedAt: undefined,
    latestRunAt: undefined,
    nextRunAt: undefined,
  }
}
