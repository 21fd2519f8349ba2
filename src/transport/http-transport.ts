import http from 'node:http'
import https from 'node:https'
import { type Transport, type TransportAnswer, TransportError, type TransportRequest } from '../wire/transport.ts'

/** A transport and the connections it keeps open. */
export type HttpTransport = {
  readonly send: Transport
  /** Closes the connections; what is under way fails. May be called twice. */
  close(): void
}

/** Hosts that no proxy is asked for. */
const LOOPBACK = 'localhost,127.0.0.1,::1'

/**
 * Sends requests over HTTP or HTTPS, each call in progress on a connection of its own, which the next call uses again. With a proxy,
 * they go through that, but for those to loopback addresses.
 */
export function createHttpTransport(proxyUrl?: string): HttpTransport {
  const proxy =
    proxyUrl === undefined ? {} : { proxyEnv: { HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl, NO_PROXY: LOOPBACK } }
  const options = { keepAlive: true, ...proxy }
  const agents = { http: new http.Agent(options), https: new https.Agent(options) }
  return {
    send: (request, signal) => send(request, agents, signal),
    close() {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

type Agents = { readonly http: http.Agent; readonly https: https.Agent }

function send(request: TransportRequest, agents: Agents, signal: AbortSignal | undefined): Promise<TransportAnswer> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) => reject(signal?.aborted ? signal.reason : toTransportError(request, cause))
    const options = { method: request.method, headers: request.headers, signal }
    const call = request.url.startsWith('https:')
      ? https.request(request.url, { ...options, agent: agents.https })
      : http.request(request.url, { ...options, agent: agents.http })

    call.setNoDelay(true)
    call.on('error', fail)
    call.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', fail)
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString()
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
      })
    })
    call.end(request.body)
  })
}

const toTransportError = (request: TransportRequest, cause: Error): TransportError =>
  new TransportError(`No answer from ${request.url}: ${cause.message}`, { cause })
