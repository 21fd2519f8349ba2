import type { ObjectId } from '../core/definition/pipeline-object.ts'
import { plusMs } from '../core/instant.ts'
import type { Component } from '../core/lifecycle/component.ts'
import { machineOf, placeOf } from '../core/lifecycle/dependencies.ts'
import type { Instance } from '../core/lifecycle/instance.ts'
import type { Plan } from '../core/lifecycle/plan.ts'
import { scheduledLeadersOf } from '../core/lifecycle/users-to-come.ts'
import {
  factsNeeded,
  nextOf,
  type Runners,
  type Why,
  type WhyFacts,
  type WhyNode,
  waitsForMax,
  whyOf,
} from '../core/lifecycle/why.ts'
import { type BirthFacts, componentNamedBy, whyNext, whyUnborn, withActive } from '../core/lifecycle/why-unborn.ts'
import type { AttemptRow, DependencyRow, PipelineRow } from '../store/rows.ts'
import type { PollLog } from './poll-log.ts'
import type { Workshop } from './workshop.ts'

/** The most nodes that one answer says something of. */
const nodesMax = 40

/** The most nodes of all answers of one call together, one for each at least: a call for many objects must not cost much for it. */
const nodesOfCallMax = 100

/** A runner that has polled so lately is between two polls, in milliseconds: longer than a poll may wait. */
const pollingMs = 120_000

/** The most tasks at work that are counted, and whose hosts are named. */
const runningMax = 10

/** The most activities of a resource that are looked at for open ones. */
const usersMax = 50

/** Finds out why instances of one pipeline are where they are, for one call; what several answers share is read once. */
export class WhyReader {
  readonly #workshop: Workshop
  readonly #pipeline: PipelineRow
  readonly #polls: PollLog
  readonly #nodesMax: number
  readonly #nodes = new Map<ObjectId, WhyNode>()
  readonly #runners = new Map<string, Promise<Runners>>()

  constructor(place: { workshop: Workshop; pipeline: PipelineRow; polls: PollLog; objectCount: number }) {
    this.#workshop = place.workshop
    this.#pipeline = place.pipeline
    this.#polls = place.polls
    this.#nodesMax = Math.max(1, Math.min(nodesMax, Math.floor(nodesOfCallMax / place.objectCount)))
  }

  /** Why an instance with these dependencies is where it is. */
  async instance(instance: Instance, dependencies: readonly DependencyRow[]): Promise<Why> {
    const node = this.#nodes.get(instance.id) ?? (await this.#nodeOf(instance, unmetOf(dependencies)))
    return await this.#grow(node)
  }

  /** Why the next instance of a component has not come to be; `undefined` if none is to come. */
  async component(plan: Plan, component: Component): Promise<Why | undefined> {
    const node = whyNext(component, await this.#birthFacts(plan, component))
    return node === undefined ? undefined : await this.#grow(await this.#withActive(node))
  }

  /** Looks into what a node waits for, and into what that waits for, as far as there is room. */
  async #grow(first: WhyNode): Promise<Why> {
    const nodes = [first]
    for (let next = nextOf(nodes, this.#nodesMax); next.length > 0; next = nextOf(nodes, this.#nodesMax)) {
      const found = await this.#nodesOf(next)
      nodes.push(...found)
      // What is no instance of this pipeline, and cannot become one, is not asked for again.
      if (found.length < next.length) break
    }
    return { nodes }
  }

  async #nodesOf(ids: readonly ObjectId[]): Promise<readonly WhyNode[]> {
    const missing = ids.filter((id) => !this.#nodes.has(id))
    const rows = await this.#workshop.store.reads.findInstances(this.#pipeline.id, missing)
    const instances = new Map(rows.map(({ instance }) => [instance.id, instance]))
    const found = await Promise.all(
      missing.map(async (id) => {
        const instance = instances.get(id)
        return instance === undefined ? await this.#unborn(id) : await this.#nodeOf(instance)
      }),
    )
    for (const node of found) if (node !== undefined) this.#nodes.set(node.id, node)
    return ids.flatMap((id) => this.#nodes.get(id) ?? [])
  }

  async #nodeOf(instance: Instance, unmet?: readonly ObjectId[]): Promise<WhyNode> {
    const plan = await this.#planOf(instance.version)
    const component = plan.components.get(instance.componentId)
    const place = placeOf(plan, instance)
    if (component === undefined || place === undefined) {
      throw new Error(`${instance.id} belongs to no component of version ${instance.version}.`)
    }
    const facts = await this.#facts(instance, unmet)
    const node = whyOf({ instance, policy: component.policy, machine: machineOf(plan, place), ...facts })
    this.#nodes.set(node.id, node)
    return node
  }

  async #facts(
    instance: Instance,
    known: readonly ObjectId[] | undefined,
  ): Promise<Omit<WhyFacts, 'instance' | 'policy' | 'machine'>> {
    const { reads } = this.#workshop.store
    const { id: pipelineId } = this.#pipeline
    const { id, attemptCount } = instance
    const needed = factsNeeded(instance)
    const [unmet, users, attempt, timers] = await Promise.all([
      needed.has('unmet') ? (known ?? this.#unmetOf(id)) : [],
      needed.has('users') ? this.#openUsers(id) : [],
      needed.has('attempt') ? reads.findAttempt(pipelineId, id, attemptCount) : undefined,
      needed.has('timers') ? reads.listTimers(pipelineId, id) : [],
    ])
    return {
      unmet,
      users,
      attempt,
      runners: needed.has('runners') ? await this.#runnersOf(attempt) : undefined,
      timers: new Map(timers.map(({ kind, dueAt }) => [kind, dueAt])),
    }
  }

  async #unmetOf(dependentId: ObjectId): Promise<readonly ObjectId[]> {
    const selection = { dependentId, limit: waitsForMax }
    return unmetOf(await this.#workshop.store.reads.listUnmetDependencies(this.#pipeline.id, selection))
  }

  async #openUsers(resource: ObjectId): Promise<readonly ObjectId[]> {
    const { reads } = this.#workshop.store
    const edges = await reads.listDependents(this.#pipeline.id, resource)
    const ids = edges.flatMap(({ kind, dependentId }) => (kind === 'runsOn' ? [dependentId] : [])).slice(0, usersMax)
    const rows = await reads.findInstances(this.#pipeline.id, ids)
    const open = rows.flatMap(({ instance }) => (instance.state.kind === 'ended' ? [] : [instance.id]))
    return open.slice(0, waitsForMax)
  }

  async #runnersOf(attempt: AttemptRow | undefined): Promise<Runners | undefined> {
    const workerGroup = attempt?.workerGroup
    if (workerGroup === undefined) return undefined
    const known = this.#runners.get(workerGroup) ?? this.#readRunners(workerGroup)
    this.#runners.set(workerGroup, known)
    return await known
  }

  async #readRunners(workerGroup: string): Promise<Runners> {
    const running = await this.#workshop.store.reads.listRunningAttempts(workerGroup, runningMax)
    const polled = this.#polls.latest(workerGroup)
    const isPolling =
      polled !== undefined &&
      (polled.openCount > 0 || (running.length === 0 && plusMs(polled.at, pollingMs) > this.#workshop.clock.now()))
    return {
      workerGroup,
      runners: isPolling ? 'polling' : running.length > 0 ? 'busy' : 'absent',
      polledAt: polled?.at,
      polledBy: polled?.hostname,
      watchedSince: this.#polls.since,
      runningCount: running.length,
      hostnames: [...new Set(running.flatMap(({ attempt: { hostname } }) => hostname ?? []))],
    }
  }

  async #unborn(id: ObjectId): Promise<WhyNode | undefined> {
    const { activeVersion } = this.#pipeline
    if (activeVersion === undefined) return undefined
    const plan = await this.#planOf(activeVersion)
    const named = componentNamedBy(id, plan)
    if (named === undefined) return undefined
    return await this.#withActive(whyUnborn(id, named, await this.#birthFacts(plan, named.component)))
  }

  async #birthFacts(plan: Plan, component: Component): Promise<BirthFacts> {
    const leaders = scheduledLeadersOf(plan, component)
    const { reads } = this.#workshop.store
    const rows = await Promise.all(leaders.map(({ id }) => reads.findComponent(this.#pipeline.id, id)))
    const known = new Map(rows.flatMap((row) => (row === undefined ? [] : [[row.id, row] as const])))
    return {
      plan,
      pipelineState: this.#pipeline.state,
      now: this.#workshop.clock.now(),
      counts: (id) => known.get(id) ?? { nextIndex: 0, activeInstances: 0 },
    }
  }

  async #withActive(node: WhyNode): Promise<WhyNode> {
    if (node.cause.kind !== 'maxActiveInstances') return node
    const { componentId } = node.cause
    const selection = { componentId, limit: waitsForMax }
    return withActive(node, await this.#workshop.store.reads.listActiveInstanceIds(this.#pipeline.id, selection))
  }

  async #planOf(version: number): Promise<Plan> {
    return await this.#workshop.plans.planOf(this.#pipeline, version, this.#workshop.store.reads)
  }
}

/** What an instance waits for, what has failed first. */
function unmetOf(dependencies: readonly DependencyRow[]): readonly ObjectId[] {
  const waitedFor = dependencies.filter(({ kind }) => kind !== 'runsOn')
  const targets = (state: DependencyRow['state']) =>
    waitedFor.flatMap((row) => (row.state === state ? [row.targetId] : []))
  return [...targets('failed'), ...targets('open')]
}
