import type { Definition, FieldValue, PipelineObject } from '../../src/core/definition/pipeline-object.ts'
import { definition, object, ref } from '../builders.ts'
import type { SeededChance } from './seeded-chance.ts'

type Fields = Record<string, string | FieldValue | readonly (string | FieldValue)[]>

/** Which style of schedule a pipeline has. */
type Style = 'cron' | 'timeseries' | 'ondemand'

/** The most activities of a pipeline: enough for chains, joins and machines that are shared. */
const activitiesMax = 5

/** The worker groups that task runners poll. */
export const workerGroups = ['wg', 'wg2'] as const

/** A small pipeline that is right, and uses whatever decides how it runs. */
export function randomDefinition(chance: SeededChance): Definition {
  const style = chance.pick(['cron', 'cron', 'timeseries', 'timeseries', 'ondemand'] as const)
  const schedules = style === 'ondemand' ? [] : ['S0', 'S1']
  const count = chance.between(1, activitiesMax)
  const maker = { chance, schedules, style }
  return definition([
    object('Default', defaults(chance, style)),
    ...schedules.map((id) => object(id, schedule(chance))),
    ...['M0', 'M1'].map((id) => object(id, machine(maker))),
    ...dataNodes(count).map((id) => object(id, dataNode(maker))),
    object('Key', { type: 'S3KeyExists', s3Key: 's3://b/k', ...precondition(maker) }),
    object('Ask', { type: 'ShellCommandPrecondition', command: 'true', ...precondition(maker) }),
    object('There', { type: 'Exists', ...precondition(maker) }),
    object('Stop', { type: 'Terminate' }),
    object('Tell', alarm('arn:aws:sns:us-east-1:1:tell')),
    object('Call', alarm('arn:aws:sns:us-east-1:1:call')),
    ...Array.from({ length: count }, (_, index) => activity(maker, index)),
  ])
}

type Maker = { readonly chance: SeededChance; readonly schedules: readonly string[]; readonly style: Style }

const dataNodes = (activities: number): readonly string[] =>
  Array.from({ length: Math.min(3, activities + 1) }, (_, index) => `D${index}`)

const alarm = (topicArn: string): Fields => ({
  type: 'SnsAlarm',
  topicArn,
  subject: 'It happened',
  message: '#{node.name}',
})

function defaults(chance: SeededChance, style: Style): Fields {
  return {
    role: 'r',
    resourceRole: 'r',
    scheduleType: style,
    failureAndRerunMode: chance.pick(['none', 'cascade', 'cascade']),
    ...given({
      maximumRetries: chance.maybe(['0', '1', '2'], 0.8),
      retryDelay: chance.maybe(['2 minutes', '5 minutes', '20 minutes'], 0.8),
      maxActiveInstances: chance.maybe(['1', '2', '3'], 0.3),
    }),
  }
}

function schedule(chance: SeededChance): Fields {
  const occurrences = chance.pick(['1', '1', '2', '3'])
  const bounds = chance.pick<Fields>([
    { startAt: 'FIRST_ACTIVATION_DATE_TIME', occurrences },
    { startDateTime: '2025-12-31T22:00:00', occurrences },
    { startDateTime: '2026-01-01T00:00:00', occurrences },
    { startDateTime: '2026-01-01T00:00:00', endDateTime: '2026-01-01T01:10:00' },
    { startDateTime: '2026-01-01T01:30:00', occurrences },
  ])
  const period = chance.pick(['15 minutes', '20 minutes', '25 minutes', '1 hour', '3 hours', '7 hours'])
  return { type: 'Schedule', period, ...bounds }
}

function machine({ chance, schedules }: Maker): Fields {
  return {
    type: chance.pick(['Ec2Resource', 'Ec2Resource', 'EmrCluster']),
    ...given({
      schedule: reference(chance, schedules, 0.5),
      terminateAfter: chance.pick(['2 hours', '5 hours', '1 day']),
      initTimeout: chance.maybe(['10 minutes'], 0.2),
      actionOnTaskFailure: chance.maybe(['terminate', 'continue'], 0.4),
      actionOnResourceFailure: chance.maybe(['retrynone', 'retryall'], 0.4),
      ...reactions(chance, 0.2),
    }),
  }
}

function dataNode({ chance, schedules }: Maker): Fields {
  return {
    type: 'S3DataNode',
    directoryPath: 's3://b/d',
    ...given({
      schedule: reference(chance, schedules, 0.6),
      precondition: reference(chance, ['Key', 'Ask', 'There'], 0.4),
      ...reactions(chance, 0.15),
    }),
  }
}

function precondition({ chance }: Maker): Fields {
  return given({
    preconditionTimeout: chance.maybe(['30 minutes', '3 hours'], 0.4),
    maximumRetries: chance.maybe(['0', '1'], 0.5),
    retryDelay: chance.maybe(['2 minutes', '10 minutes'], 0.7),
    failureAndRerunMode: chance.maybe(['none', 'cascade'], 0.2),
    onSuccess: reference(chance, ['Call'], 0.1),
    onFail: reference(chance, ['Tell'], 0.2),
  })
}

/** Only what comes before may be depended on, and each node is written by one activity and read by later ones: no circles. */
function activity(maker: Maker, index: number): PipelineObject {
  const { chance, schedules } = maker
  const earlier = Array.from({ length: index }, (_, each) => each)
  const place: Fields = chance.pick<Fields>([
    { workerGroup: workerGroups[0] },
    { workerGroup: workerGroups[1] },
    { runsOn: ref('M0') },
    { runsOn: ref('M1') },
  ])
  const readable = dataNodes(index).slice(0, index)
  return object(`A${index}`, {
    type: 'ShellCommandActivity',
    command: 'true',
    ...place,
    ...given({
      schedule: reference(chance, schedules, 1),
      input: references(chance.some(readable, 0.4)),
      output: index < 3 && chance.happens(0.5) ? ref(`D${index}`) : undefined,
      dependsOn: references(chance.some(earlier, 0.4).map((each) => `A${each}`)),
      precondition: references(chance.some(['Key', 'Ask'], 0.15)),
      attemptTimeout: chance.maybe(['10 minutes', '40 minutes'], 0.3),
      reportProgressTimeout: chance.maybe(['10 minutes'], 0.3),
      maximumRetries: chance.maybe(['0', '1', '2'], 0.3),
      failureAndRerunMode: chance.maybe(['none', 'cascade'], 0.2),
      maxActiveInstances: chance.maybe(['1', '2'], 0.2),
      ...reactions(chance, 0.3),
    }),
  })
}

function reactions(chance: SeededChance, probability: number): Partial<Fields> {
  const isLate = chance.happens(probability)
  return {
    lateAfterTimeout: isLate ? chance.pick(['20 minutes', '2 hours', '10 hours']) : undefined,
    onLateAction: isLate ? references(chance.pick([['Tell'], ['Stop'], ['Tell', 'Stop']])) : undefined,
    onSuccess: reference(chance, ['Call', 'Tell'], probability),
    onFail: references(chance.some(['Call', 'Tell'], probability)),
  }
}

const reference = (chance: SeededChance, ids: readonly string[], probability: number): FieldValue | undefined =>
  ids.length > 0 && chance.happens(probability) ? ref(chance.pick(ids)) : undefined

const references = (ids: readonly string[]): readonly FieldValue[] | undefined =>
  ids.length === 0 ? undefined : ids.map(ref)

/** The fields that are there. */
function given(fields: { readonly [key: string]: Fields[string] | undefined }): Fields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  )
}
