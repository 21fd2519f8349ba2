import { describe, expect, it } from 'vitest'
import { encodeDefinition } from '../../src/wire/codec.ts'
import { definition, object, parameter, ref, values } from '../builders.ts'
import { errorOf, onDemandObjects, unknownPipelineId, useService } from '../test-service.ts'

const service = useService()

describe('serialization', () => {
  it('gives back what was put, member by member', async () => {
    const pipelineId = await service.current.create()
    const machine = object('Machine', { type: 'Ec2Resource', name: 'The machine' })
    const work = object('Work', { type: 'ShellCommandActivity', command: 'echo "ü #{myText}"', runsOn: ref('Machine') })
    const parts = { parameterObjects: [parameter('myText', { type: 'String' })], parameterValues: values('myText', '') }
    const put = encodeDefinition(definition([machine, work], parts))
    await service.current.call('PutPipelineDefinition', { pipelineId, ...put })
    const { body } = await service.current.call('GetPipelineDefinition', { pipelineId })
    expect(JSON.parse(body)).toEqual(put)
  })

  it('has three empty lists before anything was put', async () => {
    const pipelineId = await service.current.create()
    const { body } = await service.current.call('GetPipelineDefinition', { pipelineId })
    expect(JSON.parse(body)).toEqual({ pipelineObjects: [], parameterObjects: [], parameterValues: [] })
  })
})

describe('validation', () => {
  it('refuses a version that is neither latest nor active', async () => {
    const pipelineId = await service.current.put()
    const answer = await service.current.call('GetPipelineDefinition', { pipelineId, version: '1' })
    expect(errorOf(answer)).toMatchObject({
      type: 'com.amazon.setl.webservice#InvalidRequestException',
      message: "There is no version '1' of a definition, only 'latest' and 'active'.",
    })
  })
})

describe('behaviour', () => {
  it('tells the active version from the latest one', async () => {
    const { client } = service.current
    const pipelineId = await service.current.activate()
    const changed = onDemandObjects.map((each) => ({ ...each, name: `${each.name}, changed` }))
    await client.putPipelineDefinition({ pipelineId, ...encodeDefinition(definition(changed)) })
    const names = async (version?: string) => {
      const { pipelineObjects } = await client.getPipelineDefinition({ pipelineId, ...(version && { version }) })
      return pipelineObjects?.map(({ name }) => name)
    }

    expect(await names('active')).toEqual(['Default', 'Work'])
    expect(await names('latest')).toEqual(['Default, changed', 'Work, changed'])
    expect(await names()).toEqual(['Default, changed', 'Work, changed'])
  })

  it('keeps the order of repeated keys', async () => {
    const command = object('Work', {
      type: 'ShellCommandActivity',
      command: 'true',
      workerGroup: 'wg',
      scriptArgument: ['b', 'a', 'b'],
    })
    const pipelineId = await service.current.create()
    const put = encodeDefinition(definition([command]))
    await service.current.client.putPipelineDefinition({ pipelineId, ...put })
    const { pipelineObjects } = await service.current.client.getPipelineDefinition({ pipelineId })
    expect(pipelineObjects).toEqual(put.pipelineObjects)
  })

  it('knows no pipeline of an id that was never given', async () => {
    const definition = service.current.client.getPipelineDefinition({ pipelineId: unknownPipelineId })
    await expect(definition).rejects.toMatchObject({ name: 'PipelineNotFoundException' })
  })
})
