import type { Definition, PipelineObject } from '../../src/core/definition/pipeline-object.ts'
import { definition, object, ref } from '../builders.ts'
import type { Component, ModelPipeline, Place, Schedule } from './model.ts'

/** A pipeline of the model, as its author writes it. */
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

function toScheduleObject({ id, period, intervals }: Schedule): PipelineObject {
  const [first] = intervals
  return object(id, {
    type: 'Schedule',
    startDateTime: new Date(first?.start ?? 0).toISOString().slice(0, 19),
    period,
    occurrences: String(intervals.length),
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
