import http from 'node:http'
import { text } from 'node:stream/consumers'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { credentials, errorOf, TestService, unknownPipelineId, useService } from '../test-service.ts'

const service = useService()

const listPipelines = (changes: Record<string, string | undefined> = {}) => {
  const headers = { ...service.current.sign('ListPipelines', '{}'), ...changes }
  const present = Object.entries(headers).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))
  return service.current.send('{}', Object.fromEntries(present))
}

describe('an answer', () => {
  it('carries a request id of its own and the checksum of its body', async () => {
    const [first, second] = [await listPipelines(), await listPipelines()]
    expect(first.headers['x-amzn-requestid']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(first.headers['x-amzn-requestid']).not.toBe(second.headers['x-amzn-requestid'])
    expect(first.headers['x-amz-crc32']).toBe(String(crc32(first.body)))
  })

  it.each(['application/x-amz-json-1.1', 'application/x-amz-json-1.0'])(
    'is of the content type %s, as its request',
    async (contentType) => {
      const unsigned = await service.current.send('{}', { 'content-type': contentType })
      expect(unsigned.headers['content-type']).toBe(contentType)
    },
  )
})

describe('a target', () => {
  it('may have the prefix that the guide prints', async () => {
    const answer = await service.current.send('{}', { ...json, 'x-amz-target': 'DataPipeline_20121129.ListPipelines' })
    expect(errorOf(answer).type).toBe('com.amazon.coral.service#MissingAuthenticationTokenException')
  })

  it.each([
    [undefined, "The header 'X-Amz-Target' is missing."],
    ['DataPipeline.Nothing', "'DataPipeline.Nothing' names no operation of the service."],
    ['DataPipeline.toString', "'DataPipeline.toString' names no operation of the service."],
    ['DynamoDB_20120810.ListTables', "'DynamoDB_20120810.ListTables' names no operation of the service."],
    ['ListPipelines', "'ListPipelines' names no operation of the service."],
  ])('of %s is refused', async (target, message) => {
    const answer = await listPipelines({ 'x-amz-target': target })
    expect(errorOf(answer)).toEqual({
      status: 400,
      type: 'com.amazon.coral.service#UnknownOperationException',
      message,
    })
  })
})

describe('a body', () => {
  it.each(['', '{', '{"marker":}', 'marker=x'])('of %j is refused', async (body) => {
    const answer = await service.current.call('ListPipelines', body)
    expect(errorOf(answer)).toMatchObject({ status: 400, type: 'com.amazon.coral.service#SerializationException' })
  })

  it('of another content type is refused', async () => {
    const answer = await listPipelines({ 'content-type': 'application/json' })
    expect(errorOf(answer).message).toBe("The content type is 'application/json', not 'application/x-amz-json-1.1'.")
  })

  it('over the limit is refused, whatever it is for', async () => {
    const answer = await service.current.send('x'.repeat(32 * 1024 * 1024 + 1), {})
    expect(errorOf(answer)).toEqual({
      status: 413,
      type: 'com.amazon.coral.service#RequestEntityTooLargeException',
      message: 'The body is longer than 33554432 bytes.',
    })
  })
})

describe('a signature', () => {
  it('is required', async () => {
    const answer = await listPipelines({ authorization: undefined })
    expect(errorOf(answer)).toEqual({
      status: 400,
      type: 'com.amazon.coral.service#MissingAuthenticationTokenException',
      message: 'Request is missing Authentication Token',
    })
  })

  it.each([
    [{ credentials: { accessKeyId: 'AKIAOTHER', secretAccessKey: 'x' } }, 'UnrecognizedClientException'],
    [{ credentials: { ...credentials, secretAccessKey: 'x' } }, 'InvalidSignatureException'],
    [{ systemClockOffset: -301_000 }, 'InvalidSignatureException'],
  ])('of a client with %j is refused', async (config, name) => {
    const client = service.current.createClient(config)
    await expect(client.listPipelines({})).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } })
    client.destroy()
  })

  it('holds for any region', async () => {
    const client = service.current.createClient({ region: 'ap-southeast-2' })
    expect((await client.listPipelines({})).pipelineIdList).toEqual([])
    client.destroy()
  })

  it('is checked before the shape, and the shape before the pipeline is looked for', async () => {
    const body = JSON.stringify({ pipelineId: unknownPipelineId })
    const headers = service.current.sign('AddTags', body)
    const unsigned = await service.current.send('{}', headers)
    expect(errorOf(unsigned).type).toBe('com.amazon.coral.service#InvalidSignatureException')
    const misshapen = await service.current.send(body, headers)
    expect(errorOf(misshapen).type).toBe('com.amazon.coral.validate#ValidationException')
  })
})

describe('a caller', () => {
  it('who may not call an operation is told so', async () => {
    const authorise = (_: unknown, operation: string) => (operation === 'CreatePipeline' ? 'denied' : 'allowed')
    const guarded = await TestService.start({ authorise })
    await expect(guarded.create()).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: 'User AIDATEST is not authorized to perform datapipeline:CreatePipeline.',
    })
    expect((await guarded.client.listPipelines({})).pipelineIdList).toEqual([])
    await guarded.stop()
  })
})

describe('a connection', () => {
  it('is kept after every error', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    const requests = [
      { headers: {}, body: 'x'.repeat(32 * 1024 * 1024 + 1), type: 'RequestEntityTooLargeException' },
      { headers: { 'x-amz-target': 'Nothing' }, body: '{}', type: 'UnknownOperationException' },
      { headers: { ...json, ...target }, body: '{}', type: 'MissingAuthenticationTokenException' },
      { headers: service.current.sign('ListPipelines', '{'), body: '{', type: 'SerializationException' },
      { headers: service.current.sign('DeletePipeline', '{}'), body: '{}', type: 'ValidationException' },
    ]
    const ports = new Set<number | undefined>()
    for (const { headers, body, type } of requests) {
      const answer = await post({ agent, headers, body })
      ports.add(answer.port)
      expect(answer.body).toContain(type)
    }
    expect(ports.size).toBe(1)
    agent.destroy()
  })
})

describe('a failure of the service itself', () => {
  it('tells the caller the id of the request and no more', async () => {
    const broken = await TestService.start()
    await broken.engine.store.close()
    const answer = await broken.call('DeletePipeline', { pipelineId: unknownPipelineId })
    expect(errorOf(answer)).toEqual({
      status: 500,
      type: 'com.amazon.setl.webservice#InternalServiceError',
      message: `The service failed. Its log says why, under the request id ${answer.headers['x-amzn-requestid']}.`,
    })
    await broken.stop()
  })
})

describe('beside the API', () => {
  it('/health answers everybody', async () => {
    const answer = await fetch(`${service.current.url}/health`)
    expect({ status: answer.status, body: await answer.json() }).toEqual({ status: 200, body: { status: 'ok' } })
  })

  it('/console is for whoever has the link', async () => {
    expect((await fetch(`${service.current.url}/console`)).status).toBe(403)
  })

  it('there is nothing', async () => {
    expect((await fetch(`${service.current.url}/other`, { method: 'POST' })).status).toBe(404)
  })
})

const json = { 'content-type': 'application/x-amz-json-1.1' }
const target = { 'x-amz-target': 'DataPipeline.ListPipelines' }

function post(request: { agent: http.Agent; headers: Record<string, string>; body: string }) {
  return new Promise<{ port: number | undefined; body: string }>((resolve, reject) => {
    const { agent, headers } = request
    const call = http.request(service.current.url, { method: 'POST', agent, headers }, (response) => {
      const port = response.socket.localPort
      text(response).then((body) => resolve({ port, body }), reject)
    })
    call.on('error', reject)
    call.end(request.body)
  })
}
