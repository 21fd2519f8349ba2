import type { Definition, PipelineObject } from '../../src/core/definition/pipeline-object.ts'
import { definition, object, ref } from '../builders.ts'

/** A time from the first moment to the first one after it, in milliseconds since the epoch. */
export type Interval = { readonly start: number; readonly end: number }

/** When something happens again and again. */
export type Schedule = {
  readonly id: string
  readonly startMs: number
  readonly periodMs: number
  readonly occurrences: number
}

export type Place = { readonly kind: 'workerGroup' | 'resource'; readonly id: string }

/** An object of a definition that has instances, with what it inherits filled in; what is absent is empty or endless. */
export type Component = {
  readonly id: string
  /** A `check` is a precondition that the service asks about, an `ask` one that a runner asks about. */
  readonly kind: 'activity' | 'dataNode' | 'resource' | 'check' | 'ask'
  /** Absent where instances follow something else: a precondition what it guards, an on-demand pipeline its activations. */
  readonly schedule: Schedule | undefined
  readonly scheduleType: 'cron' | 'timeseries'
  readonly dependsOn: readonly string[]
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly preconditions: readonly string[]
  readonly place: Place
  readonly mode: 'none' | 'cascade'
  readonly maximumRetries: number
  readonly maxActiveInstances: number
  readonly retryDelayMs: number
  readonly attemptTimeoutMs: number
  readonly reportProgressTimeoutMs: number
  readonly preconditionTimeoutMs: number
  readonly terminateAfterMs: number
  /** An instance that has not ended so long after its scheduled start is cancelled by a `Terminate`. */
  readonly lateAfterTimeoutMs: number
}

/** A small pipeline, as the model sees it. */
export type ModelPipeline = {
  /** How many runs an on-demand pipeline may have at a time; absent if it runs on schedules. */
  readonly activeRunsMax: number | undefined
  readonly components: readonly Component[]
}

/** The same pipeline as its author writes it. */
export function toDefinition({ activeRunsMax, components }: ModelPipeline): Definition {
  const schedules = new Map(components.flatMap(({ schedule }) => (schedule ? [[schedule.id, schedule]] : [])))
  return definition([
    object('Default', {
      role: 'r',
      resourceRole: 'r',
      ...(activeRunsMax === undefined ? {} : { scheduleType: 'ondemand', maxActiveInstances: String(activeRunsMax) }),
    }),
    ...[...schedules.values()].map(toScheduleObject),
    object('Stop', { type: 'Terminate' }),
    ...components.map(toObject),
  ])
}

function toScheduleObject({ id, startMs, periodMs, occurrences }: Schedule): PipelineObject {
  return object(id, {
    type: 'Schedule',
    startDateTime: new Date(startMs).toISOString().slice(0, 19),
    period: minutes(periodMs),
    occurrences: String(occurrences),
  })
}

type Writable = Parameters<typeof object>[1][string]

const types = {
  activity: { type: 'ShellCommandActivity', command: 'true' },
  dataNode: { type: 'S3DataNode', directoryPath: 's3://b/d' },
  resource: { type: 'Ec2Resource' },
  check: { type: 'S3KeyExists', s3Key: 's3://b/k' },
  ask: { type: 'ShellCommandPrecondition', command: 'true' },
} as const

function toObject(component: Component): PipelineObject {
  const { id, kind, schedule, place, lateAfterTimeoutMs } = component
  const isDataNode = kind === 'dataNode'
  return object(id, {
    ...types[kind],
    failureAndRerunMode: component.mode,
    ...(schedule === undefined ? {} : { schedule: ref(schedule.id), scheduleType: component.scheduleType }),
    ...(isDataNode || kind === 'activity' ? placeField(place) : {}),
    dependsOn: component.dependsOn.map(ref),
    input: component.inputs.map(ref),
    output: component.outputs.map(ref),
    precondition: component.preconditions.map(ref),
    ...(isDataNode ? {} : { maximumRetries: String(component.maximumRetries) }),
    ...(isDataNode ? {} : span('retryDelay', component.retryDelayMs)),
    ...(Number.isFinite(component.maxActiveInstances)
      ? { maxActiveInstances: String(component.maxActiveInstances) }
      : {}),
    ...span('attemptTimeout', component.attemptTimeoutMs),
    ...span('reportProgressTimeout', component.reportProgressTimeoutMs),
    ...span('preconditionTimeout', component.preconditionTimeoutMs),
    ...span('terminateAfter', component.terminateAfterMs),
    ...span('lateAfterTimeout', lateAfterTimeoutMs),
    ...(Number.isFinite(lateAfterTimeoutMs) ? { onLateAction: ref('Stop') } : {}),
  } as Record<string, Writable>)
}

const placeField = ({ kind, id }: Place): Readonly<Record<string, Writable>> =>
  kind === 'resource' ? { runsOn: ref(id) } : { workerGroup: id }

/** The field of a span of time, unless it does not end. */
const span = (key: string, durationMs: number): Readonly<Record<string, string>> =>
  Number.isFinite(durationMs) ? { [key]: minutes(durationMs) } : {}

const minutes = (durationMs: number): string => `${durationMs / 60_000} minutes`
