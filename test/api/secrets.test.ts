import { expect, it } from 'vitest'
import { encodeDefinition } from '../../src/wire/codec.ts'
import { definition, object, parameter, ref, values } from '../builders.ts'
import { useService } from '../test-service.ts'

const service = useService()

const secret = 'hunter2'
const objects = [
  object('Default', { scheduleType: 'ondemand' }),
  object('Format', { type: 'CSV', '*mySecret': `${secret}-of-format` }),
  object('Work', {
    type: 'ShellCommandActivity',
    command: 'connect #{*myPassword} #{*myToken} #{*myDefault} #{myFormat.*mySecret}',
    workerGroup: 'wg',
    '*myToken': `${secret}-of-work`,
    '*myCopy': '#{*myPassword}',
    myFormat: ref('Format'),
  }),
]
const encoded = encodeDefinition(
  definition(objects, {
    parameterObjects: [
      parameter('*myPassword', { type: 'String' }),
      parameter('*myDefault', { type: 'String', default: `${secret}-by-default` }),
      parameter('*myNumber', { type: 'Integer', default: secret, allowedValues: `${secret}-allowed` }),
    ],
    parameterValues: values('*myPassword', `${secret}-of-parameter`),
  }),
)
const instanceId = '@Work_2026-01-01T00:00:00'

/** The same definition without the parameter that has an error. */
const correct = { ...encoded, parameterObjects: encoded.parameterObjects.slice(0, 2) }

/** The definition as the service shows it, to be put again. */
async function fetchDefinition(pipelineId: string) {
  const { body } = await service.current.call('GetPipelineDefinition', { pipelineId })
  return JSON.parse(body)
}

async function activate(): Promise<string> {
  const pipelineId = await service.current.create()
  await service.current.client.putPipelineDefinition({ pipelineId, ...correct })
  await service.current.client.activatePipeline({ pipelineId })
  await service.current.engine.settle()
  return pipelineId
}

const runnerTask = async () =>
  (await service.current.client.pollForTask({ workerGroup: 'wg', hostname: 'laptop' })).taskObject

it('shows no secret in any answer but that to a task runner', async () => {
  const { client } = service.current
  const pipelineId = await activate()
  expect(JSON.stringify(await runnerTask())).toContain(
    `connect ${secret}-of-parameter ${secret}-of-work ${secret}-by-default ${secret}-of-format`,
  )

  const objectIds = ['Default', 'Format', 'Work', instanceId, `${instanceId}_Attempt=1`]
  const shown: unknown[] = [
    await client.getPipelineDefinition({ pipelineId }),
    await client.getPipelineDefinition({ pipelineId, version: 'active' }),
    await client.describePipelines({ pipelineIds: [pipelineId] }),
    await client.describeObjects({ pipelineId, objectIds }),
    await client.describeObjects({ pipelineId, objectIds, evaluateExpressions: true }),
    await client.validatePipelineDefinition({ pipelineId, ...encoded }),
    await client.putPipelineDefinition({ pipelineId, ...encoded }),
  ]
  for (const objectId of ['Work', instanceId]) {
    const expression = '#{*myPassword} #{*myToken} #{*myCopy} #{*myDefault} #{myFormat.*mySecret}'
    for (const each of expression.split(' ')) {
      shown.push(await client.evaluateExpression({ pipelineId, objectId, expression: each }))
    }
  }
  expect(JSON.stringify(shown)).not.toContain(secret)
  expect(JSON.stringify(shown)).toContain('connect ******** ******** ******** ********')
})

it('takes a mask for the secret that was put before', async () => {
  const { client } = service.current
  const pipelineId = await service.current.create()
  await client.putPipelineDefinition({ pipelineId, ...correct })
  const fetched = await fetchDefinition(pipelineId)
  expect((await client.putPipelineDefinition({ pipelineId, ...fetched })).errored).toBe(false)
  await client.activatePipeline({ pipelineId })
  await service.current.engine.settle()
  expect(JSON.stringify(await runnerTask())).toContain(`connect ${secret}-of-parameter ${secret}-of-work`)
})

it('refuses a mask that stands for nothing, and says where', async () => {
  const { client } = service.current
  const fetched = await fetchDefinition(await activate())
  const pipelineId = await service.current.create()
  const { errored, validationErrors } = await client.putPipelineDefinition({ pipelineId, ...fetched })
  expect(errored).toBe(true)
  expect(validationErrors?.map(({ id }) => id).toSorted()).toEqual(['*myDefault', '*myPassword', 'Format', 'Work'])
})

it('shows what a secret is made of where that is only its name', async () => {
  const pipelineId = await activate()
  const { pipelineObjects } = await service.current.client.getPipelineDefinition({ pipelineId })
  expect(pipelineObjects?.[2]?.fields).toContainEqual({ key: '*myCopy', stringValue: '#{*myPassword}' })
})

it('refuses to select objects by a secret, right or wrong, so that none can be guessed', async () => {
  const pipelineId = await activate()
  for (const [sphere, guess] of [
    ['COMPONENT', `${secret}-of-work`],
    ['COMPONENT', 'wrong'],
    ['INSTANCE', `${secret}-of-work`],
  ] as const) {
    const query = { selectors: [{ fieldName: '*myToken', operator: { type: 'EQ' as const, values: [guess] } }] }
    await expect(service.current.client.queryObjects({ pipelineId, sphere, query })).rejects.toThrow(
      'A query cannot select by *myToken, which holds a secret. Use another field.',
    )
  }
})

it('keeps no secret that a task runner reports', async () => {
  const { client } = service.current
  const pipelineId = await activate()
  const { taskId = '' } = (await runnerTask()) ?? {}
  const said = `${secret}-of-parameter, ${secret}-of-work, ${secret}-by-default and ${secret}-of-format`
  await client.reportTaskProgress({ taskId, fields: [{ key: 'note', stringValue: `trying ${said}` }] })
  await client.setTaskStatus({
    taskId,
    taskStatus: 'FAILED',
    errorId: 'Refused',
    errorMessage: `cannot connect with ${said}`,
    errorStackTrace: `at connect(${said})`,
  })
  await service.current.engine.settle()
  const shown = JSON.stringify(
    await client.describeObjects({ pipelineId, objectIds: [instanceId, `${instanceId}_Attempt=1`] }),
  )
  expect(shown).not.toContain(secret)
  for (const text of ['trying ', 'cannot connect with ', 'at connect(']) {
    expect(shown).toContain(`${text}********, ********, ******** and ********`)
  }
})

it('masks secrets in notifications, and publishes them all the same', async () => {
  const { client, engine } = service.current
  const pipelineId = await service.current.create()
  const alarm = object('Alarm', {
    type: 'SnsAlarm',
    role: 'r',
    topicArn: 'arn:aws:sns:us-east-1:123456789012:failures',
    subject: '#{node.name} with #{*myPassword}',
    message: '#{node.command} #{node.*myToken} #{node.errorMessage}',
  })
  const alarmed = objects.map((each) =>
    each.id === 'Work'
      ? { ...each, fields: [...each.fields, ...object('', { onFail: ref('Alarm'), maximumRetries: '0' }).fields] }
      : each,
  )
  const { pipelineObjects } = encodeDefinition(definition([...alarmed, alarm]))
  await client.putPipelineDefinition({ pipelineId, ...correct, pipelineObjects })
  await client.activatePipeline({ pipelineId })
  await engine.settle()
  const { taskId = '' } = (await runnerTask()) ?? {}
  await client.setTaskStatus({ taskId, taskStatus: 'FAILED', errorMessage: `no ${secret}-of-work` })
  await engine.settle()
  expect(engine.notifications).toEqual([
    {
      topicArn: 'arn:aws:sns:us-east-1:123456789012:failures',
      subject: 'Work with ********',
      message: 'connect ******** ******** ******** ******** ******** no ********',
    },
  ])
})
