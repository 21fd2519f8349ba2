import { assertNever } from '../../src/core/assert-never.ts'
import type { Definition, ObjectId } from '../../src/core/definition/pipeline-object.ts'
import type { Instance } from '../../src/core/lifecycle/instance.ts'
import type { StatusRequest } from '../../src/engine/engine.ts'
import type { PipelineId } from '../../src/store/rows.ts'
import { encodeDefinition } from '../../src/wire/codec.ts'
import type { Agenda } from './agenda.ts'
import { edited } from './edits.ts'
import { hasFailed, isDone, isOpen } from './laws/law.ts'
import type { Books, Ledger } from './ledger.ts'
import type { Network } from './network.ts'
import type { Deed } from './scenario.ts'

type UserDeed = Extract<Deed, { kind: 'create' | 'setStatus' | 'deactivate' | 'activate' | 'edit' | 'delete' | 'look' }>

/** The users of the service: what they do on purpose, and how they put right what has failed. */
export class Operator {
  readonly #agenda: Agenda
  readonly #network: Network
  readonly #ledger: Ledger
  readonly #startedAt: number
  readonly #definitions: Definition[]
  /** The pipelines that users know, in the order of their definitions. */
  readonly #pipelineIds: (PipelineId | undefined)[] = []
  /** The instances that somebody has asked to mark as finished. */
  readonly markedFinished = new Set<string>()

  constructor(parts: {
    agenda: Agenda
    network: Network
    ledger: Ledger
    definitions: readonly Definition[]
  }) {
    this.#agenda = parts.agenda
    this.#network = parts.network
    this.#ledger = parts.ledger
    this.#startedAt = parts.agenda.now
    this.#definitions = [...parts.definitions]
  }

  async act(deed: UserDeed): Promise<void> {
    switch (deed.kind) {
      case 'create':
        return await this.#create(deed.pipeline)
      case 'setStatus':
        return await this.#setStatus(deed)
      case 'look':
        return await this.#look(deed.pick)
      case 'edit':
        return await this.#edit(deed.pipeline, deed.pick)
      case 'activate':
        return await this.#activate(this.#pipelineIds[deed.pipeline], deed.startAfterMs)
      case 'deactivate': {
        const pipelineId = this.#pipelineIds[deed.pipeline]
        if (pipelineId === undefined) return
        await this.#network.insist('DeactivatePipeline', { pipelineId, cancelActive: deed.cancelActive })
        return
      }
      case 'delete': {
        const pipelineId = this.#pipelineIds[deed.pipeline]
        if (pipelineId !== undefined) await this.#network.insist('DeletePipeline', { pipelineId })
        return
      }
      default:
        assertNever(deed)
    }
  }

  /** Puts right by hand whatever keeps pipelines from their end. Answers whether all have reached it. */
  async tidyUp(): Promise<boolean> {
    let areOver = true
    for (const books of [...this.#ledger.pipelines.values()]) {
      const { id, state } = books.row
      if (state === 'DELETED') continue
      if (state === 'PENDING' && books.row.latestVersion === 0) continue
      const isTidy = await this.#tidy(books)
      areOver &&= isTidy && (state === 'FINISHED' || books.row.latestVersion === 0)
      // What was put last may be an earlier definition that arrived late.
      if (state === 'PENDING' || state === 'INACTIVE') await this.#put(this.#pipelineIds.indexOf(id))
    }
    return areOver
  }

  async #tidy(books: Books): Promise<boolean> {
    const paused = [...books.components.values()].filter(({ isPaused }) => isPaused).map(({ id }) => id)
    if (paused.length > 0) await this.#request(books, { status: 'RESUME', objectIds: paused })
    if (books.row.state !== 'SCHEDULED') return paused.length === 0
    // What was cancelled with a run on demand rests for ever, and so does what waits for it.
    const failed = instancesOf(books).filter((instance) => !isOpen(instance) && !isDone(instance))
    for (const { id } of failed) await this.#request(books, { status: 'MARK_FINISHED', objectIds: [id] })
    return paused.length + failed.length === 0
  }

  async #create(pipeline: number): Promise<void> {
    const created = await this.#network.insist('CreatePipeline', { name: 'test', uniqueId: `u${pipeline}` })
    const [pipelineId] =
      created.kind === 'answer'
        ? [...this.#ledger.pipelines.keys()].filter((id) => id === created.output?.pipelineId)
        : []
    if (pipelineId === undefined) return
    this.#pipelineIds[pipeline] = pipelineId
    await this.#put(pipeline)
  }

  async #put(pipeline: number): Promise<void> {
    const pipelineId = this.#pipelineIds[pipeline]
    const definition = this.#definitions[pipeline]
    if (pipelineId === undefined || definition === undefined) return
    const outcome = await this.#network.insist('PutPipelineDefinition', { pipelineId, ...encodeDefinition(definition) })
    if (outcome.kind === 'answer' && outcome.output?.errored === false) await this.#activate(pipelineId, undefined)
  }

  async #edit(pipeline: number, pick: number): Promise<void> {
    const definition = this.#definitions[pipeline]
    if (definition === undefined || this.#pipelineIds[pipeline] === undefined) return
    this.#definitions[pipeline] = edited(definition, pick)
    await this.#put(pipeline)
  }

  async #activate(pipelineId: PipelineId | undefined, startAfterMs: number | undefined): Promise<void> {
    if (pipelineId === undefined) return
    const startTimestamp = startAfterMs === undefined ? undefined : (this.#startedAt + startAfterMs) / 1000
    await this.#network.insist('ActivatePipeline', {
      pipelineId,
      ...(startTimestamp === undefined ? {} : { startTimestamp }),
    })
  }

  async #setStatus({ status, pick, count }: Extract<Deed, { kind: 'setStatus' }>): Promise<void> {
    const all = [...this.#ledger.pipelines.values()].filter(({ row }) => row.activeVersion !== undefined)
    const books = all[pick % all.length]
    if (books === undefined) return
    const ids = candidates(books, status)
    const chosen = Array.from({ length: count }, (_, index) => ids[(pick + index * 7) % ids.length])
    const objectIds = [...new Set(chosen.flatMap((id) => id ?? []))]
    if (objectIds.length > 0) await this.#request(books, { status, objectIds })
  }

  async #request(
    { row: { id: pipelineId } }: Books,
    { status, objectIds }: { readonly status: StatusRequest; readonly objectIds: readonly ObjectId[] },
  ): Promise<void> {
    if (status === 'MARK_FINISHED') for (const id of objectIds) this.markedFinished.add(id)
    await this.#network.insist('SetStatus', { pipelineId, objectIds: [...objectIds], status })
  }

  async #look(pick: number): Promise<void> {
    const all = [...this.#ledger.pipelines.values()]
    const books = all[pick % all.length]
    if (books === undefined) return
    const pipelineId = books.row.id
    await this.#network.call('DescribePipelines', { pipelineIds: [pipelineId] })
    const found = await this.#network.call('QueryObjects', {
      pipelineId,
      sphere: pick % 2 === 0 ? 'INSTANCE' : 'ATTEMPT',
    })
    const objectIds = found.kind === 'answer' ? (found.output?.ids ?? []).slice(0, 5) : []
    await this.#network.call('DescribeObjects', { pipelineId, objectIds, evaluateExpressions: pick % 3 === 0 })
    await this.#agenda.pass(0)
  }
}

/** Those for which a request makes sense; what has failed counts twice, since it is what people rerun. */
function candidates(books: Books, status: StatusRequest): readonly ObjectId[] {
  if (status === 'PAUSE' || status === 'RESUME') return [...books.components.keys()].sort()
  const instances = instancesOf(books)
  const ended = instances.filter((instance) => !isOpen(instance))
  const fitting = status === 'RERUN' ? [...ended, ...ended.filter(hasFailed)] : instances.filter(isOpen)
  return fitting.map(({ id }) => id).sort()
}

const instancesOf = (books: Books): readonly Instance[] => [...books.instances.values()].map(({ instance }) => instance)
