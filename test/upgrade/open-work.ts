import { type Definition, objectId } from '../../src/core/definition/pipeline-object.ts'
import type { PipelineId } from '../../src/store/rows.ts'
import { definition, object, ref } from '../builders.ts'
import type { TestEngine } from '../test-engine.ts'

/** Pipelines in every state, with instances in every state, and commands that nobody has performed. */
export async function leaveWorkOpen(service: TestEngine): Promise<void> {
  await activate(service, 'waits for runners', shells({ A: {}, B: { dependsOn: ref('A') } }))

  const running = await activate(service, 'runs', shells({ Running: { workerGroup: 'running' } }))
  const task = await service.take('running')
  await service.engine.reportTaskProgress({ taskId: task.taskId, fields: [] })

  await activate(service, 'between two tries', shells({ Retried: { workerGroup: 'retried', retryDelay: '9 hours' } }))
  await service.finish(await service.take('retried'), 'FAILED')

  const failing = { workerGroup: 'failed', maximumRetries: '0' }
  const dependent = { dependsOn: ref('Failed'), failureAndRerunMode: 'cascade' }
  await activate(service, 'has failed', shells({ Failed: failing, Dependent: dependent }))
  await service.finish(await service.take('failed'), 'FAILED')

  const paused = await activate(service, 'is paused', shells({ Paused: { dependsOn: ref('Before') }, Before: {} }))
  await service.engine.setStatus({ pipelineId: paused, objectIds: [objectId('Paused')], status: 'PAUSE' })

  await activate(service, 'has a machine', definition([daily, machine, shell('OnMachine', { runsOn: ref('Machine') })]))

  const inactive = await activate(service, 'is inactive', shells({ Canceled: {} }))
  await service.engine.deactivatePipeline({ pipelineId: inactive, cancelActive: 'cancel' })

  const finished = await activate(service, 'is over', shells({ Done: { workerGroup: 'done' } }, { occurrences: '1' }))
  await service.finish(await service.take('done'))

  await activate(service, 'on demand', definition([onDemand, shell('OnDemand', { workerGroup: 'onDemand' })]))

  service.checkResult = { kind: 'notYet', message: 'no such key' }
  await activate(service, 'waits for a key', definition([daily, key, shell('Guarded', { precondition: ref('Key') })]))

  await create(service, 'was never activated', shells({ New: {} }))
  await service.engine.deletePipeline(await create(service, 'is deleted', shells({ Gone: {} })))

  service.publishError = new Error('The topic is not there yet.')
  const alarming = { workerGroup: 'alarming', onSuccess: ref('Alarm') }
  await activate(service, 'has something to say', definition([daily, alarm, shell('Alarming', alarming)]))
  await service.finish(await service.take('alarming'))

  await service.settle()
  const states = await Promise.all([running, inactive, finished].map((id) => service.state(id)))
  if (states.join() !== 'SCHEDULED,INACTIVE,FINISHED') throw new Error(`The pipelines are ${states.join()}.`)
}

const daily = object('Daily', {
  type: 'Schedule',
  period: '1 day',
  startDateTime: '2026-01-01T00:00:00',
  occurrences: '2',
})

const onDemand = object('Default', { scheduleType: 'ondemand' })

const roles = { role: 'role', resourceRole: 'role' }

const machine = object('Machine', { type: 'Ec2Resource', schedule: ref('Daily'), terminateAfter: '20 hours', ...roles })

const key = object('Key', { type: 'S3KeyExists', s3Key: 's3://bucket/key', role: 'role' })

const alarm = object('Alarm', {
  type: 'SnsAlarm',
  topicArn: 'arn:aws:sns:us-east-1:000000000000:topic',
  subject: 'done',
  message: 'It is done.',
  role: 'role',
})

type Fields = Parameters<typeof object>[1]

function shell(id: string, fields: Fields) {
  const place: Fields = 'runsOn' in fields ? {} : { workerGroup: 'wg' }
  const schedule: Fields = id === 'OnDemand' ? {} : { schedule: ref('Daily') }
  return object(id, { type: 'ShellCommandActivity', command: 'true', ...place, ...schedule, ...fields })
}

/** Activities on a daily schedule. */
const shells = (activities: Record<string, Fields>, schedule: Fields = {}): Definition =>
  definition([
    { ...daily, fields: [...daily.fields.filter(({ key }) => !(key in schedule)), ...object('', schedule).fields] },
    ...Object.entries(activities).map(([id, fields]) => shell(id, fields)),
  ])

async function activate(service: TestEngine, name: string, objects: Definition): Promise<PipelineId> {
  const pipelineId = await create(service, name, objects)
  await service.engine.activatePipeline({ pipelineId, parameterValues: [], startAt: undefined })
  await service.settle()
  return pipelineId
}

async function create(service: TestEngine, name: string, objects: Definition): Promise<PipelineId> {
  const pipelineId = await service.engine.createPipeline({
    name,
    uniqueId: name,
    description: undefined,
    tags: [],
    caller: { userId: 'user', accountId: 'account' },
  })
  const problems = await service.engine.putPipelineDefinition({ pipelineId, definition: objects })
  const errors = problems.filter(({ severity }) => severity !== 'warning')
  if (errors.length > 0) throw new Error(`${name}: ${JSON.stringify(errors)}`)
  return pipelineId
}
