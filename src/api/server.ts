import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Instant } from '../core/instant.ts'
import type { Engine } from '../engine/engine.ts'
import { AccessDeniedException, RequestEntityTooLargeException, SerializationException } from '../wire/errors.ts'
import { createAbandonment } from './abandonment.ts'
import { type Authenticate, createAuthentication } from './authentication.ts'
import { type Authorise, authoriseAccountOwner } from './authorisation.ts'
import { createConsole } from './console.ts'
import type { CredentialStore } from './credential-store.ts'
import type { OperationContext } from './operation.ts'
import { performOperation } from './operations.ts'
import { type ReceivedBody, readBody } from './read-body.ts'
import { respond, respondError } from './respond.ts'
import { operationOf } from './target.ts'

/** The service on HTTP. */
export type ApiServer = {
  /** Path and query string of the link that signs one person in to the console, once. */
  readonly consoleLink: string
  /** Begins to accept requests; resolves to the URL at which it does. Port 0 is any free one. */
  start(address: { readonly host: string; readonly port: number }): Promise<string>
  /** Accepts no more requests, answers waiting polls with no task, and resolves when all answers are sent. May be called twice. */
  stop(): Promise<void>
}

export type ApiServerOptions = {
  readonly engine: Engine
  readonly credentials: CredentialStore
  readonly now: () => Instant
  readonly log: Logger
  /** @defaultValue {@link authoriseAccountOwner} */
  readonly authorise?: Authorise
}

/**
 * Bytes of a body. The longest one asks for a text of 20 Mi characters to be evaluated, such as a generated SQL script; this leaves
 * room for its escapes.
 *
 * @source ours: differences#body-size
 */
const bodySizeMaxBytes = 32 * 1024 * 1024

/** Milliseconds within which a whole request has to arrive; a caller who sends slower holds a connection for nothing. */
const requestTimeoutMs = 60_000

/** Milliseconds that a connection stays open between requests; longer than clients rest between two of them. */
const keepAliveTimeoutMs = 120_000

/** The service's API, with the console and the health check beside it. */
export function createApiServer(options: ApiServerOptions): ApiServer {
  const app = fastify({
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
  })
  const abandonment = createAbandonment()
  const console = createConsole(options)

  acceptAnyBody(app)
  app.setErrorHandler((error, _, reply) => respondError(error, reply, options.log))
  app.post('/', createCallRoute({ ...options, abandonedBy: abandonment.signalFor }))
  app.get('/health', () => ({ status: 'ok' }))
  console.addRoutes(app)
  app.addHook('preClose', (done) => {
    closeConnectionsAfterAnswers(app)
    abandonment.abandonAll()
    done()
  })

  return {
    consoleLink: console.link,
    start: (address) => app.listen(address),
    stop: () => app.close(),
  }
}

/** Idle connections are closed by Fastify; those on which an answer is owed would stay open for the next request otherwise. */
function closeConnectionsAfterAnswers({ server }: FastifyInstance): void {
  server.keepAliveTimeout = 1
  server.keepAliveTimeoutBuffer = 0
}

/** Takes bodies of every content type as bytes: their signature is checked before anything is made of them. */
function acceptAnyBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_: FastifyRequest, payload: IncomingMessage) => readBody(payload, bodySizeMaxBytes))
}

type CallRouteOptions = ApiServerOptions & { readonly abandonedBy: (reply: FastifyReply) => AbortSignal }

/** Checks in the order in which AWS does: size, target, signature, authorisation, shape, and in the engine existence and state. */
function createCallRoute(options: CallRouteOptions) {
  const authenticate: Authenticate = createAuthentication(options)
  const { authorise = authoriseAccountOwner, engine, abandonedBy } = options

  return async (request: FastifyRequest<{ Body: ReceivedBody | undefined }>, reply: FastifyReply) => {
    const body = requireWhole(request.body)
    const operation = operationOf(request.headers)
    const { method, url, headers } = request
    const caller = authenticate({ method, url, headers, body })
    if (authorise(caller, operation) === 'denied') {
      throw new AccessDeniedException(`User ${caller.userId} is not authorized to perform datapipeline:${operation}.`)
    }
    const context: OperationContext = { engine, caller, abandoned: () => abandonedBy(reply) }
    return respond(reply, await performOperation({ name: operation, body: decodeText(body) }, context))
  }
}

function requireWhole(body: ReceivedBody | undefined): Buffer {
  if (body === undefined) return Buffer.alloc(0)
  if (body.kind === 'whole') return body.bytes
  throw new RequestEntityTooLargeException(`The body is longer than ${body.sizeMaxBytes} bytes.`)
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decodeText(body: Uint8Array): string {
  try {
    return utf8.decode(body)
  } catch (error) {
    throw new SerializationException('The body is not UTF-8.', { cause: error })
  }
}
