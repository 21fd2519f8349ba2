import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { TransportError } from '../wire/transport.ts'
import { createHttpTransport } from './http-transport.ts'

const transport = createHttpTransport()
const closings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  transport.close()
  await Promise.all(closings.splice(0).map((close) => close()))
})

it('sends what it is given and returns what it gets, whatever the status', async () => {
  const { url } = await serve(async (request, response) => {
    const chunks = await request.toArray()
    response.writeHead(418, { 'x-target': request.headers['x-amz-target'] }).end(`${Buffer.concat(chunks)} ü`)
  })
  const request = { method: 'POST', url, headers: { 'x-amz-target': 'DataPipeline.X' }, body: '{"a":"ö"}' } as const
  const answer = await transport.send(request, undefined)

  expect(answer).toMatchObject({ status: 418, body: '{"a":"ö"} ü' })
  expect(answer.headers['x-target']).toBe('DataPipeline.X')
})

it('sends one call after another over the same connection', async () => {
  const ports = new Set<number | undefined>()
  const { url } = await serve((request, response) => {
    ports.add(request.socket.remotePort)
    response.end()
  })
  await transport.send(post(url), undefined)
  await transport.send(post(url), undefined)

  expect(ports.size).toBe(1)
})

it('rejects with a TransportError when the connection is refused', async () => {
  const { url, close } = await serve(() => undefined)
  await close()

  await expect(transport.send(post(url), undefined)).rejects.toThrow(TransportError)
})

it('rejects with a TransportError when the connection breaks before the end of the body', async () => {
  const { url } = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 10 })
    response.write('12345', () => response.destroy())
  })

  await expect(transport.send(post(url), undefined)).rejects.toThrow(TransportError)
})

it('rejects with the reason of the signal when it is aborted', async () => {
  const controller = new AbortController()
  const reason = new Error('stopped')
  const { url } = await serve(() => controller.abort(reason))

  await expect(transport.send(post(url), controller.signal)).rejects.toBe(reason)
})

const post = (url: string) => ({ method: 'POST', url, headers: {}, body: '' }) as const

async function serve(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  closings.push(close)
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, close }
}
