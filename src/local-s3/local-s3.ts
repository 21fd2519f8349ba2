import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { BucketFolder } from './bucket-folder.ts'
import type { S3Answer, S3Call } from './call.ts'
import { MultipartUploads } from './multipart-upload.ts'
import { RequestBody } from './request-body.ts'
import { operationOf } from './route.ts'
import { S3Error } from './s3-error.ts'
import { verifySignature } from './signature.ts'
import { xmlDocument } from './xml.ts'

/** How long a connection may be idle between requests, in milliseconds; more than clients keep theirs. */
const KEEP_ALIVE_MS = 65_000

/** What a local S3 endpoint needs. */
export type LocalS3Options = {
  /** Its folders are the buckets; it is created if need be. */
  readonly folder: string
  /** The secret that belongs to an access key; `undefined` for an unknown one. */
  readonly secretOf: (accessKeyId: string) => string | undefined
  /** Told of errors that are not the caller's. */
  readonly onError: (error: unknown) => void
}

/**
 * Amazon S3 on a folder: enough of its protocol for the AWS CLI, the SDKs and whatever is built on them. Every request must be
 * signed. Buckets are plain folders of plain files, which may be looked at and changed by hand while the endpoint runs.
 */
export class LocalS3 {
  readonly #options: LocalS3Options
  readonly #buckets: BucketFolder
  readonly #uploads: MultipartUploads
  readonly #server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, (request, response) => {
    void this.#respond(request, response)
  })

  constructor(options: LocalS3Options) {
    this.#options = options
    this.#buckets = new BucketFolder(options.folder)
    this.#uploads = new MultipartUploads(this.#buckets.uploadsFolder)
  }

  /** Listens; port 0 is any free one. Resolves to the port. */
  async start(address: { readonly host: string; readonly port: number }): Promise<number> {
    await this.#buckets.prepare()
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(address.port, address.host, () => {
        this.#server.off('error', reject)
        resolve()
      })
    })
    // A server that listens on a TCP port has an address of this kind.
    return (this.#server.address() as AddressInfo).port
  }

  /** Stops listening and cuts what is under way; objects are committed whole or not at all. May be called twice. */
  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('x-amz-request-id', randomUUID())
    try {
      const call = this.#accept(request)
      await send(request, response, await operationOf(call)(call))
    } catch (error) {
      if (!(error instanceof S3Error || request.destroyed)) this.#options.onError(error)
      const known = error instanceof S3Error ? error : new S3Error('InternalError')
      if (response.headersSent) response.destroy()
      else await send(request, response, errorAnswer(known, request)).catch(() => response.destroy())
    }
  }

  #accept(request: IncomingMessage): S3Call {
    const [path = '', query = ''] = splitOnce(request.url ?? '/', '?')
    const { method = '', headers } = request
    const promise = verifySignature({ method, path, query, headers }, this.#options.secretOf, Date.now())
    const [bucket = '', key = ''] = splitOnce(path.replace(/^\//, ''), '/')
    return {
      method,
      bucket: decode(bucket),
      key: decode(key),
      query: new Map(query.split('&').flatMap(queryPair)),
      headers,
      body: new RequestBody(request, promise),
      buckets: this.#buckets,
      uploads: this.#uploads,
    }
  }
}

async function send(request: IncomingMessage, response: ServerResponse, answer: S3Answer): Promise<void> {
  const { status, headers = {}, body } = answer
  if (typeof body === 'string') response.setHeader('content-type', 'application/xml')
  response.writeHead(status, headers)
  if (body === undefined || typeof body === 'string') {
    response.end(request.method === 'HEAD' ? undefined : body)
    return
  }
  await pipeline(body, response)
}

function errorAnswer(error: S3Error, request: IncomingMessage): S3Answer {
  const content = { Code: error.code, Message: error.message, Resource: request.url ?? '' }
  // Clients read S3's errors without a namespace, which the original leaves out.
  return { status: error.status, body: xmlDocument('Error', content).replace(/ xmlns="[^"]*"/, '') }
}

function queryPair(pair: string): [string, string][] {
  if (pair === '') return []
  const [name = '', value = ''] = splitOnce(pair, '=')
  return [[decode(name), decode(value)]]
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // decodeURIComponent throws for a stray percent sign.
    throw new S3Error('InvalidURI')
  }
}
