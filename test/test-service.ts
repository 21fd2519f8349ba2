import { DataPipeline, type DataPipelineClientConfig } from '@aws-sdk/client-data-pipeline'
import { pino } from 'pino'
import { afterEach, beforeEach } from 'vitest'
import type { Authorise } from '../src/api/authorisation.ts'
import { createApiServer } from '../src/api/server.ts'
import { instant } from '../src/core/instant.ts'
import type { Engine, Task } from '../src/engine/engine.ts'
import { createHttpTransport } from '../src/transport/http-transport.ts'
import { encodeDefinition } from '../src/wire/codec.ts'
import type { OperationName } from '../src/wire/inputs.ts'
import { createSigner } from '../src/wire/signer.ts'
import type { TransportAnswer } from '../src/wire/transport.ts'
import { definition, object } from './builders.ts'
import { TestEngine } from './test-engine.ts'

/** The access key of the tests and whose it is. */
export const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'test-secret' }
export const caller = { userId: 'AIDATEST', accountId: '123456789012' }

/** An activity that runs once for each activation. */
export const onDemandObjects = [
  object('Default', { scheduleType: 'ondemand' }),
  object('Work', { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg' }),
]

/** An id that no pipeline has. */
export const unknownPipelineId = 'df-00000000AAAAAAAAAAAA'

/** An error as it is on the wire. */
export const errorOf = ({ status, body }: TransportAnswer): { status: number; type: string; message: string } => {
  const { __type: type, message } = JSON.parse(body)
  return { status, type, message }
}

/** The whole service on HTTP, with AWS's own SDK as its client, and the engine and its clock in the hands of the test. */
export class TestService {
  readonly engine: TestEngine
  readonly url: string
  readonly client: DataPipeline
  readonly #stop: () => Promise<void>
  readonly #polls: Polls

  private constructor(parts: { engine: TestEngine; url: string; stop: () => Promise<void>; polls: Polls }) {
    this.engine = parts.engine
    this.url = parts.url
    this.#stop = parts.stop
    this.#polls = parts.polls
    this.client = this.createClient()
  }

  static async start(options: { readonly authorise?: Authorise } = {}): Promise<TestService> {
    const engine = await TestEngine.start()
    const polls = new Polls(engine.engine)
    const server = createApiServer({
      engine: { ...engine.engine, pollForTask: polls.pollForTask },
      credentials: {
        lookup: (accessKeyId) =>
          accessKeyId === credentials.accessKeyId
            ? { secretAccessKey: credentials.secretAccessKey, caller }
            : undefined,
      },
      now: () => instant(Date.now()),
      log: pino({ level: 'silent' }),
      ...options,
    })
    const url = await server.start({ host: '127.0.0.1', port: 0 })
    return new TestService({ engine, url, stop: server.stop, polls })
  }

  /** A client of AWS's SDK; it asks once and does not retry. */
  createClient(config: DataPipelineClientConfig = {}): DataPipeline {
    return new DataPipeline({ endpoint: this.url, region: 'us-east-1', credentials, maxAttempts: 1, ...config })
  }

  /** Calls an operation with a body that may be anything, and returns the answer as it is on the wire. */
  async call(operation: OperationName, body: unknown): Promise<TransportAnswer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return await this.send(text, this.sign(operation, text))
  }

  /** The headers of a signed request. */
  sign(operation: OperationName, body: string): Record<string, string> {
    const now = () => instant(Date.now())
    return createSigner({ credentials, region: 'us-east-1', endpoint: this.url, now })(operation, body)
  }

  /** Posts a body with these headers. */
  async send(body: string, headers: Record<string, string>): Promise<TransportAnswer> {
    const transport = createHttpTransport()
    try {
      return await transport.send({ method: 'POST', url: `${this.url}/`, headers, body }, undefined)
    } finally {
      transport.close()
    }
  }

  /** Creates a pipeline and returns its id. */
  async create(name = 'test'): Promise<string> {
    const { pipelineId } = await this.client.createPipeline({ name, uniqueId: crypto.randomUUID() })
    return String(pipelineId)
  }

  /** Creates a pipeline with a definition and returns its id. */
  async put(objects = onDemandObjects): Promise<string> {
    const pipelineId = await this.create()
    const { errored, validationErrors } = await this.client.putPipelineDefinition({
      pipelineId,
      ...encodeDefinition(definition(objects)),
    })
    if (errored) throw new Error(JSON.stringify(validationErrors))
    return pipelineId
  }

  /** Creates a pipeline, activates it and returns its id, when all that can happen at once has happened. */
  async activate(objects = onDemandObjects): Promise<string> {
    const pipelineId = await this.put(objects)
    await this.client.activatePipeline({ pipelineId })
    await this.engine.settle()
    return pipelineId
  }

  /** The value of one field of a pipeline. */
  async pipelineField(pipelineId: string, key: string): Promise<string | undefined> {
    const { pipelineDescriptionList } = await this.client.describePipelines({ pipelineIds: [pipelineId] })
    return pipelineDescriptionList?.[0]?.fields?.find((field) => field.key === key)?.stringValue
  }

  /** The value of one field of an object. */
  async objectField(pipelineId: string, objectId: string, key: string): Promise<string | undefined> {
    const { pipelineObjects } = await this.client.describeObjects({ pipelineId, objectIds: [objectId] })
    const field = pipelineObjects?.[0]?.fields?.find((candidate) => candidate.key === key)
    return field?.stringValue ?? field?.refValue
  }

  /** Resolves when the next poll that arrives waits, to a promise of what the engine answers it with. */
  nextPoll(): Promise<{ readonly answer: Promise<Task | undefined> }> {
    return this.#polls.next()
  }

  /** Stops the server, then the engine. */
  async stop(): Promise<void> {
    await this.#stop()
    this.client.destroy()
    await this.engine.stop()
  }
}

/** Passes polls on to the engine, and lets a test know that one has arrived, since a parked poll gives no sign of itself. */
class Polls {
  readonly #engine: Engine
  #arrived: (poll: { readonly answer: Promise<Task | undefined> }) => void = () => undefined

  constructor(engine: Engine) {
    this.#engine = engine
  }

  readonly pollForTask: Engine['pollForTask'] = (request) => {
    const answer = this.#engine.pollForTask(request)
    this.#arrived({ answer })
    return answer
  }

  next(): Promise<{ readonly answer: Promise<Task | undefined> }> {
    return new Promise((resolve) => {
      this.#arrived = resolve
    })
  }
}

/** A service of its own for each test of a file. */
export function useService(): { readonly current: TestService } {
  const holder: { service?: TestService } = {}
  beforeEach(async () => {
    holder.service = await TestService.start()
  })
  afterEach(async () => {
    await holder.service?.stop()
  })
  return {
    get current() {
      if (holder.service === undefined) throw new Error('The service runs within tests only.')
      return holder.service
    },
  }
}
