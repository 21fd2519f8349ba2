import {
  type Definition,
  type ObjectId,
  objectId,
  type PipelineObject,
} from '../../src/core/definition/pipeline-object.ts'
import { formatInstant, instant } from '../../src/core/instant.ts'

/** What the interval of an instance is: milliseconds since the epoch. */
export type Interval = { readonly start: number; readonly end: number }

/** What an instance must wait for, and how it needs it. */
export type Need = { readonly kind: string; readonly targetId: ObjectId }

const minuteMs = 60_000

const unitMs: Readonly<Record<string, number>> = {
  minute: minuteMs,
  hour: 60 * minuteMs,
  day: 24 * 60 * minuteMs,
}

/** More intervals than a schedule of the simulation has. */
const intervalsMax = 1000

/**
 * What a definition means, found out from its text in the plainest way: nothing of the product is used, so that what the product makes
 * of it can be compared.
 */
export class Oracle {
  readonly #objects: ReadonlyMap<ObjectId, PipelineObject>
  readonly #firstActivatedAt: number
  /** What has been found out once, by what it is about. */
  readonly #known = new Map<string, unknown>()

  constructor({ objects }: Definition, firstActivatedAt: number) {
    this.#objects = new Map(objects.map((each) => [each.id, each]))
    this.#firstActivatedAt = firstActivatedAt
  }

  /** The ids of everything that has instances. */
  get componentIds(): readonly ObjectId[] {
    return this.#once('components', () => [...this.#objects.keys()].filter((id) => this.kindOf(id) !== undefined))
  }

  /** What kind of component an object is; `undefined` if it has no instances. */
  kindOf(id: ObjectId): 'activity' | 'dataNode' | 'check' | 'runnerCheck' | 'resource' | undefined {
    switch (this.text(id, 'type')) {
      case 'ShellCommandActivity':
        return 'activity'
      case 'S3DataNode':
        return 'dataNode'
      case 'S3KeyExists':
        return 'check'
      case 'ShellCommandPrecondition':
      case 'Exists':
        return 'runnerCheck'
      case 'Ec2Resource':
      case 'EmrCluster':
        return 'resource'
      default:
        return undefined
    }
  }

  /** A field of an object, or of Default. */
  text(id: ObjectId, key: string): string | undefined {
    return this.#once(`text ${id} ${key}`, () => this.#readText(id, key))
  }

  #readText(id: ObjectId, key: string): string | undefined {
    for (const object of [this.#objects.get(id), this.#objects.get(objectId('Default'))]) {
      const value = object?.fields.find((field) => field.key === key)?.value
      if (value?.kind === 'string') return value.text
    }
    return undefined
  }

  /** The targets of a field of references. */
  targets(id: ObjectId, key: string): readonly ObjectId[] {
    return this.#once(`targets ${id} ${key}`, () => this.#readTargets(id, key))
  }

  #readTargets(id: ObjectId, key: string): readonly ObjectId[] {
    const fields = this.#objects.get(id)?.fields ?? []
    return fields.flatMap((field) =>
      field.key === key && field.value.kind === 'reference' ? [field.value.target] : [],
    )
  }

  /** A length of time, in milliseconds. */
  lengthMs(id: ObjectId, key: string): number | undefined {
    const text = this.text(id, key)
    const [, count, unit] = /^(\d+) (minute|hour|day)s?$/.exec(text ?? '') ?? []
    return count === undefined || unit === undefined ? undefined : Number(count) * (unitMs[unit] ?? Number.NaN)
  }

  get isOnDemand(): boolean {
    return this.text(objectId('Default'), 'scheduleType') === 'ondemand'
  }

  /** Whether an object has a schedule of its own, and does not only follow others. */
  isScheduled(id: ObjectId): boolean {
    if (this.isPrecondition(id)) return false
    return this.isOnDemand || this.targets(id, 'schedule').length > 0
  }

  isPrecondition(id: ObjectId): boolean {
    const kind = this.kindOf(id)
    return kind === 'check' || kind === 'runnerCheck'
  }

  /** All intervals of a component with a schedule of its own; none on demand, where there is nothing to compute. */
  intervals(id: ObjectId): readonly Interval[] {
    return this.#once(`intervals ${id}`, () => this.#findIntervals(id))
  }

  #findIntervals(id: ObjectId): readonly Interval[] {
    const [schedule] = this.targets(id, 'schedule')
    if (schedule === undefined) return []
    const startText = this.text(schedule, 'startDateTime')
    const firstSecond = Math.floor(this.#firstActivatedAt / 1000) * 1000
    const start = startText === undefined ? firstSecond : Date.parse(`${startText}Z`)
    const endText = this.text(schedule, 'endDateTime')
    const end = endText === undefined ? Number.POSITIVE_INFINITY : Date.parse(`${endText}Z`)
    const count = Number(this.text(schedule, 'occurrences') ?? intervalsMax)
    const periodMs = this.lengthMs(schedule, 'period') ?? Number.NaN
    const intervals: Interval[] = []
    for (let index = 0; index < count && start + index * periodMs < end; index += 1) {
      intervals.push({ start: start + index * periodMs, end: start + (index + 1) * periodMs })
    }
    return intervals
  }

  /** When the instance of an interval is due. */
  dueAt(id: ObjectId, { start, end }: Interval): number {
    const isAtEnd = this.kindOf(id) !== 'resource' && this.text(id, 'scheduleType') === 'timeseries'
    return isAtEnd ? end : start
  }

  /** Everything that an instance must wait for before it may begin, and the machine that it runs on. */
  needsOf(id: ObjectId, interval: Interval, guarded: ObjectId | undefined): readonly Need[] {
    const waited = this.#links(id).flatMap(({ kind, target }) =>
      kind === 'precondition'
        ? [{ kind, targetId: this.#preconditionId(target, id, interval) }]
        : this.intervalsAround(target, id, interval).map((each) => ({ kind, targetId: instanceId(target, each) })),
    )
    const machine = this.machineOf(id, interval, guarded)
    return machine === undefined ? waited : [...waited, { kind: 'runsOn', targetId: machine }]
  }

  /** The resource instance that an instance runs on: the first of those that overlap it. */
  machineOf(id: ObjectId, interval: Interval, guarded: ObjectId | undefined): ObjectId | undefined {
    const host = guarded === undefined ? id : this.#hostOf(id, guarded)
    const [resource] = host === undefined ? [] : this.targets(host, 'runsOn')
    if (resource === undefined) return undefined
    const [first] = this.intervalsAround(resource, id, interval)
    return first === undefined ? undefined : instanceId(resource, first)
  }

  /** The intervals in which `target` has the instances that `from` waits for: those that share time with its own. */
  intervalsAround(target: ObjectId, from: ObjectId, own: Interval): readonly Interval[] {
    if (this.isOnDemand) return [own]
    if (this.isScheduled(target)) return this.intervals(target).filter((each) => overlap(each, own))
    const leaders = this.leadersOf(target)
    if (leaders.includes(from)) return [own]
    const found = leaders.flatMap((leader) => this.intervalsAround(leader, from, own))
    const byStart = new Map(found.toReversed().map((each) => [each.start, each]))
    return [...byStart.values()].sort((left, right) => left.start - right.start)
  }

  /** What brings about the instances of an object without a schedule of its own. */
  leadersOf(id: ObjectId): readonly ObjectId[] {
    return this.#once(`leaders ${id}`, () => this.#findLeaders(id))
  }

  #findLeaders(id: ObjectId): readonly ObjectId[] {
    if (this.isPrecondition(id)) return this.#naming(id, ['precondition'])
    const writers = this.#naming(id, ['output'])
    if (writers.length > 0) return writers
    const users = this.#naming(id, ['runsOn', 'input', 'dependsOn'])
    const checks = this.componentIds.filter(
      (each) =>
        this.kindOf(each) === 'runnerCheck' &&
        this.#naming(each, ['precondition']).some((guarded) => {
          const host = this.#hostOf(each, guarded)
          return host !== undefined && this.targets(host, 'runsOn').includes(id)
        }),
    )
    return [...new Set([...users, ...checks])]
  }

  /** The objects that a precondition guards. */
  guardsOf(id: ObjectId): readonly ObjectId[] {
    return this.#naming(id, ['precondition'])
  }

  #links(id: ObjectId): readonly { readonly kind: string; readonly target: ObjectId }[] {
    const own = ['input', 'dependsOn', 'precondition'].flatMap((kind) =>
      this.targets(id, kind).map((target) => ({ kind, target })),
    )
    const writers = this.#naming(id, ['output']).map((target) => ({ kind: 'output', target }))
    const byTarget = new Map([...own, ...writers].toReversed().map((link) => [link.target, link]))
    return [...byTarget.values()]
  }

  /** Those objects that refer to this one in one of these fields. */
  #naming(id: ObjectId, keys: readonly string[]): readonly ObjectId[] {
    return this.#once(`naming ${id} ${keys}`, () => this.#findNaming(id, keys))
  }

  #findNaming(id: ObjectId, keys: readonly string[]): readonly ObjectId[] {
    return [...this.#objects.keys()].filter(
      (each) => this.kindOf(each) !== undefined && keys.some((key) => this.targets(each, key).includes(id)),
    )
  }

  /** The activity on behalf of which a task runner checks a precondition. */
  #hostOf(id: ObjectId, guarded: ObjectId): ObjectId | undefined {
    if (this.kindOf(id) !== 'runnerCheck') return id
    const around = ['input', 'output', 'dependsOn'].flatMap((key) => this.#naming(guarded, [key]))
    return [guarded, ...around].find((each) => this.kindOf(each) === 'activity')
  }

  #once<Found>(about: string, find: () => Found): Found {
    if (!this.#known.has(about)) this.#known.set(about, find())
    // What is known under a word has been found by the same question.
    return this.#known.get(about) as Found
  }

  #preconditionId(id: ObjectId, guarded: ObjectId, interval: Interval): ObjectId {
    const isShared = this.guardsOf(id).length > 1
    return instanceId(isShared ? `${id}.${guarded}` : id, interval)
  }
}

/** The id of an instance. */
export const instanceId = (label: string, { start }: Interval): ObjectId =>
  objectId(`@${label}_${formatInstant(instant(start))}`)

function overlap(left: Interval, right: Interval): boolean {
  return left.start < Math.max(right.end, right.start + 1) && right.start < left.end
}
