/** A time from the first moment to the first one after it, in milliseconds since the epoch. */
export type Interval = { readonly start: number; readonly end: number }

/** When something happens again and again. How long each period is, is said with it: months differ. */
export type Schedule = { readonly id: string; readonly period: string; readonly intervals: readonly Interval[] }

export type Place = { readonly kind: 'workerGroup' | 'resource'; readonly id: string }

type Links = Readonly<Record<'dependsOn' | 'inputs' | 'outputs' | 'preconditions', readonly string[]>>

type Span = 'retryDelay' | 'terminateAfter' | `${'attempt' | 'reportProgress' | 'precondition' | 'lateAfter'}Timeout`

type Bounds = Readonly<Record<'maximumRetries' | 'maxActiveInstances' | `${Span}Ms`, number>>

/**
 * An object of a definition that has instances, with what it inherits filled in; what is absent is empty or endless. An instance that
 * is late is cancelled by a `Terminate`.
 */
export type Component = Links &
  Bounds & {
    readonly id: string
    /** A `check` is a precondition that the service asks about, an `ask` one that a runner asks about. */
    readonly kind: 'activity' | 'dataNode' | 'resource' | 'check' | 'ask'
    /** Absent where instances follow something else: a precondition what it guards, an on-demand pipeline its activations. */
    readonly schedule: Schedule | undefined
    readonly scheduleType: 'cron' | 'timeseries'
    readonly place: Place
    readonly mode: 'none' | 'cascade'
  }

/** A small pipeline. Only one that runs on demand says how many runs it may have at a time. */
export type ModelPipeline = { readonly activeRunsMax: number | undefined; readonly components: readonly Component[] }

type Ended = 'FINISHED' | 'FAILED' | 'CANCELED' | 'CASCADE_FAILED' | 'SKIPPED' | 'TIMEDOUT'

/** `ready` is offered to runners; `resting` waits for its next try; `running` is a task, a check or a machine. */
type Phase = 'waiting' | 'ready' | 'creating' | 'running' | 'resting' | Ended

type CancelCause = 'user' | 'deactivation' | 'action' | 'cascade' | 'resource'

/**
 * When an instance last had nothing to wait for, when its machine was asked for or its task was handed out, when the next check or
 * try is due, and until when its runner may be silent.
 */
type Moments = Record<'begunAt' | 'startedAt' | 'nextTryAt' | 'silentUntil', number>

/** One component in one interval, and everything that has happened to it. Times are milliseconds since the epoch. */
export type Instance = Interval &
  Moments & {
    readonly id: string
    readonly component: Component
    /** What a precondition guards. */
    readonly guarded: Instance | undefined
    phase: Phase
    canceledBy: CancelCause | undefined
    /** Tries over its whole life, and those that failed since it was begun or rerun. */
    attempts: number
    triesFailed: number
    isRerun: boolean
    isLate: boolean
    /** The hand-out that counts, and why its runner is to stop. */
    task: string | undefined
    isAcknowledged: boolean
    stop: 'timedOut' | CancelCause | undefined
  }

type Birth = { readonly component: Component; readonly interval: Interval }

const never = Number.POSITIVE_INFINITY

const untouched = {
  ...{ attempts: 0, triesFailed: 0, isRerun: false, isLate: false, isAcknowledged: false },
  ...{ canceledBy: undefined, task: undefined, stop: undefined },
  ...{ begunAt: never, startedAt: never, nextTryAt: never, silentUntil: never },
} as const

/** What a runner says of a task in the end. */
export type TaskResult = 'FINISHED' | 'FAILED' | 'FALSE'

/** A task as a runner holds it. */
export type ModelTask = { readonly instance: Instance; readonly task: string }

/** What the world around the service answers. */
export type ModelWorld = { machines: 'up' | 'fail' | 'wait'; checks: 'met' | 'notYet' | 'error' }

const minuteMs = 60_000

/** semantics 15; decisions: reportProgressTimeout when absent. */
const acknowledgementMs = 2 * minuteMs
const silenceMs = 15 * minuteMs

/** decisions: initTimeout when absent. */
const initTimeoutMs = 30 * minuteMs

/**
 * The lifecycle as the specification has it, as simply as can be: what happens changes an instance or two, and then
 * {@link Model.settle} looks through all of them again and again until no rule applies to any. Comments name the sections of the specification and of `docs/differences-from-aws.md`
 * behind each rule. Not modelled: how often an attempt is handed out or a lost machine replaced, `actionOn…Failure`, objects without a
 * schedule, edits of the definition, and actions but a late `Terminate`.
 */
export class Model {
  /** No later than {@link Model.nextDeadline} when it last settled. */
  now: number
  readonly instances: Instance[] = []
  readonly world: ModelWorld = { machines: 'up', checks: 'met' }
  /** By component. */
  readonly health = new Map<string, 'HEALTHY' | 'ERROR'>()
  readonly pipeline: ModelPipeline
  #state: 'PENDING' | 'SCHEDULED' | 'DEACTIVATING' | 'INACTIVE' = 'PENDING'
  readonly paused = new Set<Component>()
  readonly #activations: Interval[] = []
  readonly #intervals = ({ schedule }: Component) => schedule?.intervals ?? this.#activations
  #startAt = Number.NEGATIVE_INFINITY
  /** How much was overdue at once when it came to be or was taken up: nothing says what of it comes first. */
  overdueCount = 0

  constructor(pipeline: ModelPipeline, now: number) {
    this.pipeline = pipeline
    this.now = now
  }

  /** The state word of the pipeline: semantics 7. */
  get state(): string {
    const isBusy = this.#state !== 'SCHEDULED' || this.#unborn().length > 0 || !this.instances.every(isEnded)
    return isBusy ? this.#state : 'FINISHED'
  }

  /** The health of the pipeline: semantics 14. */
  get pipelineHealth(): 'HEALTHY' | 'ERROR' | undefined {
    const known = [...this.health.values()]
    return known.includes('ERROR') ? 'ERROR' : known[0]
  }

  /** The status word of an instance: semantics 7. Paused is what could begin but for that: differences: status-changes. */
  word(instance: Instance): string {
    const { phase, component } = instance
    if (isEnded(instance)) return phase
    const couldBegin = isTask(component) ? phase === 'ready' : phase === 'waiting' && this.#isSatisfied(instance)
    if (this.paused.has(component) && couldBegin) return 'PAUSED'
    if (phase === 'waiting') return 'WAITING_ON_DEPENDENCIES'
    if (phase === 'running') return 'RUNNING'
    if (component.kind === 'resource') return 'CREATING'
    return component.kind === 'check' ? 'RUNNING' : 'WAITING_FOR_RUNNER'
  }

  /** When something happens next by itself. */
  nextDeadline(): number {
    const births = this.#births().map(({ component, interval }) => dueAt(component, interval))
    return Math.min(...births, ...this.instances.flatMap((each) => this.#deadlines(each).map(({ at }) => at)))
  }

  /** Does everything that can be done at this time; what is due, in the order in which it became so, and before the schedules go on. */
  settle(): void {
    this.overdueCount = 0
    const some = (rule: (instance: Instance) => boolean) => this.instances.toSorted(preconditionsFirst).some(rule)
    const goesOn = () => some((each) => this.#step(each)) || some((each) => this.#ask(each))
    const meetsTime = () => this.#meetDeadline(this.now) || this.#bear()
    while (goesOn() || meetsTime() || some((each) => this.#provide(each)) || this.#meetDeadline(-never));
    if (this.#state === 'DEACTIVATING' && this.instances.every(isEnded)) this.#state = 'INACTIVE'
  }

  /** differences: on-demand. */
  mayActivate(): boolean {
    const open = this.instances.filter((each) => !isEnded(each) && !each.isRerun && each.guarded === undefined)
    const runs = this.#activations.filter(({ start }) => open.some((each) => each.start === start))
    return this.#state !== 'DEACTIVATING' && runs.length < (this.pipeline.activeRunsMax ?? 1)
  }

  /** semantics 13: goes on with what its deactivation cancelled, and passes over what lies before the start that is given. */
  activate(startAt: number | undefined): void {
    this.#state = 'SCHEDULED'
    if (startAt !== undefined) this.#startAt = startAt
    if (this.pipeline.activeRunsMax === undefined) {
      for (const each of this.instances.filter(({ canceledBy }) => canceledBy === 'deactivation'))
        if (each.start < this.#startAt) this.#end(each, 'SKIPPED')
        else if (isEnded(each)) this.#again(each, 'activation')
    } else {
      const start = Math.max(this.now, (this.#activations.at(-1)?.start ?? 0) + 1000)
      this.#activations.push({ start, end: start + 1 })
    }
  }

  mayDeactivate(): boolean {
    return this.state !== 'PENDING' && this.state !== 'FINISHED'
  }

  /** semantics 13; differences: deactivation. */
  deactivate(how: 'cancel' | 'wait'): void {
    const isRepeated = this.#state !== 'SCHEDULED'
    if (!isRepeated) this.#state = 'DEACTIVATING'
    const hasWork = ({ component, phase }: Instance) =>
      component.kind === 'resource' || (isTask(component) && phase === 'running')
    for (const each of this.instances)
      if (how === 'cancel' || !(isRepeated || hasWork(each))) this.cancel(each, 'deactivation')
  }

  /** differences: status-changes. */
  mayMarkFinished(instance: Instance): boolean {
    return !isEnded(instance) || this.#state === 'SCHEDULED'
  }

  /** differences: status-changes. */
  markFinished(instance: Instance): void {
    if (instance.phase !== 'FINISHED') this.#end(instance, 'FINISHED')
    for (const user of this.#users(instance)) this.#handBack(user)
  }

  mayRerun(instance: Instance): boolean {
    return isEnded(instance) && this.#state === 'SCHEDULED'
  }

  /** semantics 12: a resource is rerun by rerunning what ran on it. */
  rerun(instance: Instance): void {
    const isResource = instance.component.kind === 'resource'
    const targets = isResource ? this.#users(instance).filter(({ phase }) => phase !== 'SKIPPED') : [instance]
    for (const target of targets.filter(isEnded)) this.#again(target, 'rerun')
  }

  /** A runner takes the task of an instance. */
  take({ instance, task }: ModelTask): void {
    const silentUntil = this.now + acknowledgementMs
    Object.assign(instance, { phase: 'running', task, startedAt: this.now, silentUntil, isAcknowledged: false })
  }

  /** A runner reports progress; the answer is whether it is told to stop. */
  report({ instance, task }: ModelTask): boolean {
    if (instance.phase !== 'running' || instance.task !== task) return true
    const isToStop = instance.stop !== undefined
    if (isToStop) this.#stopped(instance)
    const { reportProgressTimeoutMs } = instance.component
    const silence = Number.isFinite(reportProgressTimeoutMs) ? reportProgressTimeoutMs : silenceMs
    Object.assign(instance, { silentUntil: this.now + silence, isAcknowledged: true })
    return isToStop
  }

  /** A runner reports the result of its task. What is done is done, except when it took too long. */
  finish({ instance, task }: ModelTask, result: TaskResult): void {
    if (instance.phase !== 'running' || instance.task !== task) return
    if (result === 'FINISHED' && instance.stop !== 'timedOut') this.#end(instance, 'FINISHED')
    else if (instance.stop !== undefined) this.#stopped(instance)
    else if (result === 'FALSE' && instance.guarded !== undefined) this.#rest(instance)
    else this.#fail(instance)
  }

  /** The machine of a resource ends without having been asked to: differences: lost-machines. */
  lose(resource: Instance): void {
    Object.assign(resource, { phase: 'creating', startedAt: this.now })
    for (const user of this.#users(resource)) this.#handBack(user)
  }

  /** What a runner can get that polls for a worker group, or for a resource instance. */
  offered(runner: string): readonly Instance[] {
    const isHere = (each: Instance) => (this.#resourceOf(each)?.id ?? place(each).id) === runner
    return this.instances.filter((each) => each.phase === 'ready' && this.word(each) !== 'PAUSED' && isHere(each))
  }

  #meetDeadline(since: number): boolean {
    const instances = this.instances.toSorted((left, right) => (left.id < right.id ? -1 : 1))
    const all = instances.flatMap((each) => this.#deadlines(each)).sort((left, right) => left.at - right.at)
    const first = all.find(({ at }) => since <= at && at <= this.now)
    const isBirthOverdue = this.#births().some(({ component, interval }) => dueAt(component, interval) < this.now)
    const overdue = all.filter(({ at }) => at < this.now).length
    this.overdueCount = Math.max(this.overdueCount, overdue + Number(isBirthOverdue))
    first?.act()
    return first !== undefined
  }

  #component(id: string): Component {
    const found = this.pipeline.components.find((each) => each.id === id)
    if (found === undefined) throw new Error(`There is no component ${id}.`)
    return found
  }

  #find(component: Component, { start }: Interval): Instance | undefined {
    return this.instances.find((each) => each.component === component && each.start === start)
  }

  #unborn(): readonly Birth[] {
    const components = this.pipeline.components.filter(({ kind }) => kind !== 'check' && kind !== 'ask')
    const all = components.flatMap((component) =>
      this.#intervals(component).map((interval) => ({ component, interval })),
    )
    return all.filter(({ component, interval }) => this.#find(component, interval) === undefined)
  }

  /** The next one of each component that has room for it; reruns take none: semantics 5; differences: max-active-instances. */
  #births(): readonly Birth[] {
    if (this.#state !== 'SCHEDULED') return []
    return this.pipeline.components.flatMap((component) => {
      const active = this.instances.filter((each) => each.component === component && !isEnded(each) && !each.isRerun)
      const next = this.#unborn().find((each) => each.component === component)
      const isFull = component.schedule !== undefined && active.length >= component.maxActiveInstances
      return next === undefined || isFull ? [] : [next]
    })
  }

  #bear(): boolean {
    const due = this.#births().filter(({ component, interval }) => dueAt(component, interval) <= this.now)
    for (const { component, interval } of due) {
      const instance = this.#create(component, interval, undefined)
      for (const id of component.preconditions) this.#create(this.#component(id), interval, instance)
    }
    return due.length > 0
  }

  /** Ids: semantics 6, differences: shared-preconditions. */
  #create(component: Component, interval: Interval, guarded: Instance | undefined): Instance {
    const isShared = this.pipeline.components.filter((each) => each.preconditions.includes(component.id)).length > 1
    const name = guarded !== undefined && isShared ? `${component.id}.${guarded.component.id}` : component.id
    const time = new Date(interval.start).toISOString().slice(0, 19)
    const isPassedOver = this.pipeline.activeRunsMax === undefined && interval.start < this.#startAt
    const phase = isPassedOver ? 'SKIPPED' : 'waiting'
    const instance: Instance = { ...interval, id: `@${name}_${time}`, component, guarded, phase, ...untouched }
    this.instances.push(instance)
    return instance
  }

  /** What an instance waits for, `undefined` for one that is still to come: differences: dependencies-across-schedules. */
  #dependencies(instance: Instance): readonly (Instance | undefined)[] {
    const { component } = instance
    const producers = this.pipeline.components.filter(({ outputs }) => outputs.includes(component.id))
    const targets = [...component.dependsOn, ...component.inputs].map((id) => this.#component(id)).concat(producers)
    const within = (target: Component) => this.#intervals(target).filter((interval) => overlap(interval, instance))
    const linked = targets.flatMap((target) => within(target).map((interval) => this.#find(target, interval)))
    return [...linked, ...this.instances.filter(({ guarded }) => guarded === instance)]
  }

  /** Skipped is as good as finished (decisions). A resource is satisfied when work on it is due: semantics 5. */
  #isSatisfied(instance: Instance): boolean {
    if (instance.component.kind === 'resource') return this.#users(instance).some(isDue)
    return this.#dependencies(instance).every((each) => each?.phase === 'FINISHED' || each?.phase === 'SKIPPED')
  }

  /** Work of an interval runs on the first resource that overlaps it: differences: dependencies-across-schedules. */
  #resourceInterval(resource: Component, interval: Interval): Interval | undefined {
    return this.#intervals(resource).find((each) => overlap(each, interval))
  }

  #resourceOf(instance: Instance): Instance | undefined {
    const { kind, id } = place(instance)
    if (kind !== 'resource' || !isTask(instance.component)) return undefined
    const resource = this.#component(id)
    const interval = this.#resourceInterval(resource, instance)
    return interval === undefined ? undefined : this.#find(resource, interval)
  }

  #users(resource: Instance): readonly Instance[] {
    return this.instances.filter((each) => this.#resourceOf(each) === resource)
  }

  #hasUsersToCome({ component: resource, start }: Instance): boolean {
    const runsHere = ({ place: { id } }: Component, interval: Interval) =>
      id === resource.id && this.#resourceInterval(resource, interval)?.start === start
    const hasTask = (each: Component) => isTask(each) || each.preconditions.some((id) => isTask(this.#component(id)))
    const toCome = this.#unborn().filter((each) => hasTask(each.component) && runsHere(each.component, each.interval))
    return this.#state === 'SCHEDULED' && toCome.length > 0
  }

  /** Takes an instance one step further if it can go. */
  #step(instance: Instance): boolean {
    const { component, phase } = instance
    if (component.kind === 'resource') return this.#stepResource(instance)
    // semantics 12: a cascade reaches what waits, and a rerun what the cascade has reached.
    if (phase === 'CASCADE_FAILED' && !this.#isHit(instance)) return this.#again(instance, 'rerun')
    if (phase === 'waiting' && this.#isHit(instance)) return this.#end(instance, 'CASCADE_FAILED')
    return phase === 'waiting' && this.#isSatisfied(instance) && this.#begin(instance)
  }

  #isHit(instance: Instance, dependencies = this.#dependencies(instance)): boolean {
    const { mode, kind } = instance.component
    if (mode === 'none' || kind === 'resource') return false
    return dependencies.some((each) => each !== undefined && isBad(each))
  }

  #begin(instance: Instance): boolean {
    const { component } = instance
    if (!isTask(component) && this.paused.has(component)) return false
    if (component.kind === 'dataNode') return this.#end(instance, 'FINISHED')
    instance.begunAt = this.now
    this.#try(instance)
    const resource = this.#resourceOf(instance)
    if (resource !== undefined && isBad(resource)) this.#takeUsersAlong(resource)
    return true
  }

  /** semantics 9: made when work is due, gone with the last work, and made again for work that comes later. */
  #stepResource(resource: Instance): boolean {
    const isNeeded = this.#isSatisfied(resource)
    if (isEnded(resource)) return isNeeded && !isBad(resource) && this.#again(resource, 'work')
    if (this.#users(resource).every(isEnded) && !this.#hasUsersToCome(resource)) return this.#end(resource, 'FINISHED')
    return resource.phase === 'waiting' && isNeeded && this.#begin(resource)
  }

  #provide(resource: Instance): boolean {
    if (resource.phase !== 'creating' || this.world.machines === 'wait') return false
    if (this.world.machines === 'fail') return this.#fail(resource)
    resource.phase = 'running'
    return true
  }

  /** Begins the next attempt. */
  #try(instance: Instance): void {
    const { kind } = instance.component
    instance.phase = kind === 'resource' ? 'creating' : kind === 'check' ? 'running' : 'ready'
    instance.attempts += 1
    Object.assign(instance, { startedAt: this.now, nextTryAt: this.now, stop: undefined })
  }

  /** differences: preconditions-not-yet. */
  #ask(check: Instance): boolean {
    if (check.component.kind !== 'check' || check.phase !== 'running' || check.nextTryAt > this.now) return false
    if (this.world.checks === 'met') return this.#end(check, 'FINISHED')
    if (this.world.checks === 'error') return this.#fail(check)
    check.nextTryAt = this.now + check.component.retryDelayMs
    return true
  }

  /** semantics 8: tries again after `retryDelay`, `maximumRetries` times. */
  #fail(instance: Instance): boolean {
    if (instance.triesFailed >= instance.component.maximumRetries) return this.#end(instance, 'FAILED')
    instance.triesFailed += 1
    return this.#rest(instance)
  }

  #rest(instance: Instance): true {
    Object.assign(instance, { phase: 'resting', nextTryAt: this.now + instance.component.retryDelayMs })
    return true
  }

  /** The runner has been told to stop, or is gone. */
  #stopped(instance: Instance): void {
    if (instance.stop === 'timedOut') this.#fail(instance)
    else this.#end(instance, 'CANCELED', instance.stop)
  }

  /** The runner is gone; the same attempt goes to another one: differences: lost-machines. */
  #handBack(instance: Instance): void {
    if (instance.phase !== 'running') return
    if (instance.stop !== undefined) this.#stopped(instance)
    else instance.phase = 'ready'
  }

  /** differences: status-changes. */
  cancel(instance: Instance, by: CancelCause): void {
    if (isEnded(instance)) return
    const hasRunner = isTask(instance.component) && instance.phase === 'running'
    if (hasRunner && (by === 'user' || by === 'action')) instance.stop = by
    else this.#end(instance, 'CANCELED', by)
  }

  #end(instance: Instance, phase: Ended, canceledBy?: CancelCause): true {
    const hasNotBegun = instance.phase === 'waiting' && phase !== 'SKIPPED' && canceledBy !== 'deactivation'
    Object.assign(instance, { phase, canceledBy, task: undefined })
    this.#recordHealth(instance)
    // semantics 12; differences: status-changes.
    if (hasNotBegun || (isBad(instance) && instance.component.mode === 'cascade'))
      for (const each of this.instances) if (each.guarded === instance) this.cancel(each, 'cascade')
    if (instance.component.kind === 'resource' && isBad(instance)) this.#takeUsersAlong(instance)
    return true
  }

  /** semantics 9; differences: resource-failure. */
  #takeUsersAlong(resource: Instance): void {
    const isTaken = (each: Instance) => !isEnded(each) && !(each.phase === 'waiting' && this.#isHit(each))
    for (const user of this.#users(resource).filter(isTaken).toSorted(preconditionsFirst))
      if (user.phase === 'running') this.#end(user, 'FAILED')
      else this.#end(user, 'CANCELED', 'resource')
  }

  /** semantics 14. */
  #recordHealth({ component, guarded, phase }: Instance): void {
    if (guarded !== undefined && phase === 'FAILED') this.health.set(guarded.component.id, 'ERROR')
    if (component.kind !== 'activity' && component.kind !== 'dataNode') return
    if (phase === 'FINISHED') this.health.set(component.id, 'HEALTHY')
    if (phase === 'FAILED' || phase === 'CANCELED') this.health.set(component.id, 'ERROR')
  }

  /** Back to the start with what guards it and what it runs on, or CASCADE_FAILED under a failure that stands: semantics 12. */
  #again(instance: Instance, by: 'rerun' | 'activation' | 'work'): boolean {
    const { component, canceledBy } = instance
    const others = this.#dependencies(instance).filter((each) => each?.guarded !== instance)
    if (this.#isHit(instance, others))
      return instance.phase === 'CASCADE_FAILED' || this.#end(instance, 'CASCADE_FAILED')
    for (const each of this.instances)
      if (each.guarded === instance && isEnded(each) && each.phase !== 'FINISHED' && each.phase !== 'SKIPPED')
        this.#again(each, by)
    const wasLate = instance.isLate || instance.stop === 'action'
    const isLate =
      wasLate || (canceledBy !== 'deactivation' && instance.start + component.lateAfterTimeoutMs <= this.now)
    // What an activation takes up has not had its run.
    const isRerun = by === 'rerun' || (by === 'activation' && instance.isRerun)
    Object.assign(instance, {
      phase: 'waiting',
      canceledBy: undefined,
      triesFailed: 0,
      stop: undefined,
      isLate,
      isRerun,
    })
    const resource = this.#resourceOf(instance)
    if (resource !== undefined && isEnded(resource)) this.#again(resource, by)
    return true
  }

  /** What time alone will do to an instance: semantics 8; differences: attempt-timeout. */
  #deadlines(instance: Instance): readonly { readonly at: number; readonly act: () => unknown }[] {
    const { component, phase, startedAt, begunAt, nextTryAt } = instance
    const isRunningTask = isTask(component) && phase === 'running'
    const isChecking = component.kind === 'check' && phase === 'running'
    const isGuard = instance.guarded !== undefined && phase !== 'waiting'
    const isMachine = component.kind === 'resource' && phase !== 'waiting'
    const mayBeLate = !instance.isLate && instance.stop !== 'action' && this.pipeline.activeRunsMax === undefined
    const all: readonly (readonly [boolean, number, () => unknown])[] = [
      [phase === 'resting', nextTryAt, () => this.#try(instance)],
      [isChecking, nextTryAt, () => undefined],
      [isRunningTask, instance.silentUntil, () => this.#missRunner(instance)],
      [isRunningTask && !instance.stop, startedAt + component.attemptTimeoutMs, () => (instance.stop = 'timedOut')],
      [isGuard, begunAt + component.preconditionTimeoutMs, () => this.#end(instance, 'FAILED')],
      [phase === 'creating', startedAt + initTimeoutMs, () => this.#fail(instance)],
      [isMachine, begunAt + component.terminateAfterMs, () => this.#end(instance, 'TIMEDOUT')],
      [mayBeLate, instance.start + component.lateAfterTimeoutMs, () => this.cancel(instance, 'action')],
    ]
    return all.flatMap(([is, at, act]) => (is && Number.isFinite(at) && !isEnded(instance) ? [{ at, act }] : []))
  }

  /** What stalls is tried again. Where nothing is said of stalling, another runner gets it: decisions: reportProgressTimeout. */
  #missRunner(task: Instance): void {
    const isStalled = task.isAcknowledged && Number.isFinite(task.component.reportProgressTimeoutMs)
    if (isStalled && task.stop === undefined) this.#fail(task)
    else this.#handBack(task)
  }
}

const preconditionsFirst = (left: Instance, right: Instance): number =>
  Number(right.guarded !== undefined) - Number(left.guarded !== undefined)

const isTask = ({ kind }: Component): boolean => kind === 'activity' || kind === 'ask'

const isEnded = ({ phase }: Instance): boolean => phase === phase.toUpperCase()

/** Waits for nothing but a runner or its next try, or has one. */
const isDue = (instance: Instance): boolean => instance.phase !== 'waiting' && !isEnded(instance)

/** What depends on it has failed with it. What ended with its pipeline, or with what it guards, takes nothing else along. */
function isBad(instance: Instance): boolean {
  if (instance.phase === 'CANCELED') return instance.canceledBy !== 'deactivation' && instance.canceledBy !== 'cascade'
  return isEnded(instance) && instance.phase !== 'FINISHED' && instance.phase !== 'SKIPPED'
}

/** Where the task of an instance runs: differences: places-of-preconditions. */
const place = ({ component, guarded }: Instance) => (guarded?.component ?? component).place

const overlap = (left: Interval, right: Interval): boolean => left.start < right.end && right.start < left.end

/** semantics 5. */
function dueAt({ kind, schedule, scheduleType }: Component, { start, end }: Interval): number {
  if (schedule === undefined) return Number.NEGATIVE_INFINITY
  return kind !== 'resource' && scheduleType === 'timeseries' ? end : start
}
