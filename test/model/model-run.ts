import { assertNever } from '../../src/core/assert-never.ts'
import { type ObjectId, objectId } from '../../src/core/definition/pipeline-object.ts'
import { instant } from '../../src/core/instant.ts'
import { statusOf } from '../../src/core/lifecycle/instance.ts'
import type { StatusRequest, TaskId } from '../../src/engine/engine.ts'
import type { PipelineId } from '../../src/store/rows.ts'
import { InvalidRequestException } from '../../src/wire/errors.ts'
import type { TestEngine } from '../test-engine.ts'
import { type Instance, Model, type ModelPipeline, type ModelTask, type ModelWorld } from './model.ts'
import { toDefinition } from './model-definition.ts'
import type { Happening } from './random-happening.ts'

/** The state and the health of the pipeline, the health of its components, and status and number of attempts of its instances. */
type View = Readonly<Record<string, string | undefined>>

/** A call of the engine, and whether the model lets it through. */
type Call = { readonly what: string; readonly isAllowed: boolean; readonly call: () => Promise<void> }

/** One pipeline that lives twice: in the engine and in the model. */
export class ModelRun {
  readonly #service: TestEngine
  readonly #pipelineId: PipelineId
  readonly #model: Model
  readonly #tasks: (ModelTask & { readonly taskId: TaskId })[] = []
  /** What has happened, for people. */
  readonly #trail: string[] = []
  #isUndecided = false

  private constructor(service: TestEngine, { pipelineId, model }: { pipelineId: PipelineId; model: Model }) {
    this.#service = service
    this.#pipelineId = pipelineId
    this.#model = model
  }

  static async start(service: TestEngine, pipeline: ModelPipeline): Promise<ModelRun> {
    const pipelineId = await service.put(toDefinition(pipeline))
    return new ModelRun(service, { pipelineId, model: new Model(pipeline, service.clock.now()) })
  }

  /** Whether nothing says what has to come first of what has happened: from there on both may differ, and be right. */
  get isUndecided(): boolean {
    return this.#isUndecided
  }

  /** Lets it happen to both; where they disagree then, the answer tells the story. */
  async happen(happening: Happening): Promise<string | undefined> {
    const complaint = await this.#happen(happening)
    await this.#service.settle()
    this.#settleModel()
    if (this.#isUndecided) return undefined
    const [engine, model] = [await this.#engineView(), this.#modelView()]
    const differences = [...new Set([...Object.keys(engine), ...Object.keys(model)])].flatMap((key) =>
      engine[key] === model[key] ? [] : [`${key}: ${engine[key]} in the engine, ${model[key]} in the model`],
    )
    const all = [...(complaint === undefined ? [] : [complaint]), ...differences, ...this.#service.errors]
    return all.length === 0 ? undefined : [...this.#trail, ...all].join('\n')
  }

  /** The answer is what the engine did that the model would not have done. */
  async #happen(happening: Happening): Promise<string | undefined> {
    switch (happening.kind) {
      case 'pass':
        return await this.#pass(happening.seconds)
      case 'take':
        return await this.#take(happening.pick)
      case 'report':
        return await this.#report(happening.pick)
      case 'finish':
        return await this.#finish(happening)
      case 'setStatus':
        return await this.#setStatus(happening)
      case 'deactivate':
        return await this.#deactivate(happening.how)
      case 'activate':
        return await this.#activate(happening.startInMinutes)
      case 'machines':
        return this.#setMachines(happening.become)
      case 'lose':
        return this.#lose()
      case 'checks':
        return this.#setChecks(happening.find)
      default:
        return assertNever(happening)
    }
  }

  /** Steps from one moment to the next at which either of them does something. */
  async #pass(seconds: number): Promise<undefined> {
    const model = this.#model
    const until = model.now + seconds * 1000
    this.#note(`${seconds} seconds pass`)
    while (model.now < until) {
      const timerAt = await this.#service.store.reads.nextTimerAt()
      const next = Math.max(model.now, Math.min(until, model.nextDeadline(), timerAt ?? until))
      await this.#service.pass(next - model.now)
      model.now = next
      this.#settleModel()
    }
  }

  /** The engine chooses among what is offered. */
  async #take(pick: number): Promise<string | undefined> {
    const isUp = ({ component, phase }: Instance) => component.kind === 'resource' && phase === 'running'
    const runners = ['wg', ...this.#model.instances.filter(isUp).map(({ id }) => id)]
    const runner = pickFrom(runners, pick) ?? 'wg'
    const task = await this.#service.poll(runner === 'wg' ? runner : `resource:${this.#pipelineId}_${runner}`)
    const offered = this.#model.offered(runner)
    this.#note(`a runner of ${runner} gets ${task?.attemptId ?? 'nothing'}`)
    if (task === undefined && offered.length === 0) return undefined
    const instance = offered.find(({ id, attempts }) => `${id}_Attempt=${attempts}` === task?.attemptId)
    if (task === undefined || instance === undefined) return `offered is [${offered.map(({ id }) => id)}] in the model`
    const { taskId } = task
    this.#tasks.push({ taskId, task: taskId, instance })
    this.#model.take({ instance, task: taskId })
    return undefined
  }

  async #report(pick: number): Promise<string | undefined> {
    const task = pickFrom(this.#tasks, pick)
    if (task === undefined) return undefined
    const { canceled } = await this.#service.engine.reportTaskProgress({ taskId: task.taskId, fields: [] })
    this.#note(`the runner of ${task.instance.id} reports, and is ${canceled ? '' : 'not '}told to stop`)
    return this.#model.report(task) === canceled ? undefined : 'the model would have told it otherwise'
  }

  async #finish({ pick, result }: Extract<Happening, { kind: 'finish' }>): Promise<undefined> {
    const task = pickFrom(this.#tasks, pick)
    if (task === undefined) return
    const taskStatus = result === 'FALSE' && task.instance.guarded === undefined ? 'FAILED' : result
    this.#note(`the result of ${task.instance.id} is ${taskStatus}`)
    const none = { errorId: undefined, errorMessage: undefined, errorStackTrace: undefined }
    await this.#service.engine.setTaskStatus({ taskId: task.taskId, taskStatus, ...none })
    this.#model.finish(task, taskStatus)
  }

  async #setStatus({ status, pick }: Extract<Happening, { kind: 'setStatus' }>): Promise<string | undefined> {
    const model = this.#model
    const component = pickFrom(model.pipeline.components, pick)
    const instance = pickFrom(model.instances, pick)
    if (component === undefined || instance === undefined) return undefined
    const { id } = status === 'PAUSE' || status === 'RESUME' ? component : instance
    const request = { pipelineId: this.#pipelineId, objectIds: [objectId(id)], status }
    const what = `${status} ${id}`
    const changes: Readonly<Record<StatusRequest, readonly [boolean, () => unknown]>> = {
      PAUSE: [true, () => model.paused.add(component)],
      RESUME: [true, () => model.paused.delete(component)],
      TRY_CANCEL: [true, () => model.cancel(instance, 'user')],
      MARK_FINISHED: [model.mayMarkFinished(instance), () => model.markFinished(instance)],
      RERUN: [model.mayRerun(instance), () => model.rerun(instance)],
    }
    const [isAllowed, change] = changes[status]
    return await this.#call({ what, isAllowed, call: () => this.#service.engine.setStatus(request) }, change)
  }

  async #deactivate(how: 'cancel' | 'wait'): Promise<string | undefined> {
    const request = { pipelineId: this.#pipelineId, cancelActive: how }
    const call = () => this.#service.engine.deactivatePipeline(request)
    const isAllowed = this.#model.mayDeactivate()
    return await this.#call({ what: `deactivate, ${how}`, isAllowed, call }, () => this.#model.deactivate(how))
  }

  async #activate(startInMinutes: number | undefined): Promise<string | undefined> {
    const model = this.#model
    const startAt = startInMinutes === undefined ? undefined : instant(model.now + startInMinutes * 60_000)
    const request = { pipelineId: this.#pipelineId, parameterValues: [], startAt }
    const what = `activate${startAt === undefined ? '' : ` from ${time(startAt)}`}`
    const call = () => this.#service.engine.activatePipeline(request)
    return await this.#call({ what, isAllowed: model.mayActivate(), call }, () => model.activate(startAt))
  }

  /** The engine must refuse what the model does not allow, and nothing else. */
  async #call({ what, isAllowed, call }: Call, change: () => unknown): Promise<string | undefined> {
    const refusal = await call().then(
      () => undefined,
      (error: unknown) => error,
    )
    if (refusal !== undefined && !(refusal instanceof InvalidRequestException)) throw refusal
    this.#note(refusal === undefined ? what : `${what}: refused, ${refusal.message}`)
    if (isAllowed !== (refusal === undefined)) return `the model would ${isAllowed ? 'not ' : ''}have refused that`
    if (isAllowed) change()
    return undefined
  }

  #setMachines(become: ModelWorld['machines']): undefined {
    this.#note(`machines: ${become}`)
    this.#model.world.machines = become
    if (become === 'wait') this.#service.machines.mode = become
    else this.#service.machines.goOn(become)
  }

  #lose(): undefined {
    const { requests } = this.#service.machines
    const isUp = ({ component, phase }: Instance) => component.kind === 'resource' && phase === 'running'
    const resource = this.#model.instances.find(isUp)
    const machine = requests.findLast(({ instanceId }) => instanceId === resource?.id)
    if (resource === undefined || machine === undefined) return
    this.#note(`the machine of ${resource.id} is lost`)
    this.#service.machines.lose(machine.machineId)
    this.#model.lose(resource)
  }

  #setChecks(find: ModelWorld['checks']): undefined {
    this.#note(`checks find: ${find}`)
    this.#service.checkResult = find === 'error' ? new Error('no access') : { kind: find, message: '' }
    this.#model.world.checks = find
  }

  #settleModel(): void {
    this.#model.settle()
    if (this.#model.overdueCount > 1) this.#isUndecided = true
  }

  #note(text: string): void {
    this.#trail.push(`${time(this.#service.clock.now())} ${text}`)
  }

  #modelView(): View {
    const { state, pipelineHealth, pipeline, health, instances } = this.#model
    const healths = pipeline.components.map(({ id }) => [id, health.get(id)])
    const words = instances.map((each) => [each.id, shown(this.#model.word(each), each.attempts)])
    return { state, health: pipelineHealth, ...Object.fromEntries(healths), ...Object.fromEntries(words) }
  }

  /** Read from the store: what the API makes of it costs ten times as much, and has tests of its own. */
  async #engineView(): Promise<View> {
    const { reads } = this.#service.store
    const pipeline = await reads.findPipeline(this.#pipelineId)
    const components = await reads.listComponents(this.#pipelineId)
    const rows = await reads.findInstances(this.#pipelineId, await this.#instanceIds())
    const healths = components.map(({ id, health }) => [id, health])
    const words = rows.map(({ instance }) => [instance.id, shown(statusOf(instance), instance.attemptCount)])
    const { state, health } = pipeline ?? {}
    return { state, health, ...Object.fromEntries(healths), ...Object.fromEntries(words) }
  }

  async #instanceIds(): Promise<readonly ObjectId[]> {
    const query = { pipelineId: this.#pipelineId, sphere: 'INSTANCE', selectors: [], limit: 100 } as const
    const ids: ObjectId[] = []
    let marker: string | undefined
    do {
      const page = await this.#service.engine.queryObjects({ ...query, marker })
      ids.push(...page.items)
      marker = page.marker
    } while (marker !== undefined)
    return ids
  }
}

/** What is cancelled in the moment in which a try of it is due may or may not have begun that: nothing says what comes first. */
const shown = (status: string, attempts: number): string => (status === 'CANCELED' ? status : `${status} ${attempts}`)

const time = (moment: number): string => new Date(moment).toISOString().slice(5, 19)

const pickFrom = <Item>(items: readonly Item[], index: number): Item | undefined => items[index % items.length]
