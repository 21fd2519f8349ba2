import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '../examples/weblogs/millrace-process.ts'
import type { PipelineObject } from '../src/core/definition/pipeline-object.ts'
import { instant } from '../src/core/instant.ts'
import { createHttpTransport } from '../src/transport/http-transport.ts'
import { type Client, createClient } from '../src/wire/client.ts'
import { encodeDefinition } from '../src/wire/codec.ts'
import { definition } from '../test/builders.ts'

/** A server in a process of its own, as users start it, and a client of its API. */
export type BenchService = {
  readonly client: Client
  /** Milliseconds from the start of the process until it was ready. */
  readonly readyMs: number
  readonly pid: number
  /** Creates a pipeline with these objects, and does not activate it. */
  put(objects: readonly PipelineObject[]): Promise<string>
  /** The state word of a pipeline. */
  stateOf(pipelineId: string): Promise<string>
  stop(): Promise<void>
}

/** The worker group that the server's own task runner works for. */
export const workerGroup = 'millrace'

/** Starts a server on an empty data folder. */
export async function startService(): Promise<BenchService> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'millrace-bench-'))
  const startedAtMs = performance.now()
  const server = await startServer(dataFolder)
  const readyMs = performance.now() - startedAtMs
  const { environment } = server
  const transport = createHttpTransport()
  const client = createClient({
    transport: transport.send,
    endpoint: environment.AWS_ENDPOINT_URL_DATA_PIPELINE ?? '',
    region: environment.AWS_REGION ?? '',
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
    },
    now: () => instant(Date.now()),
  })
  return {
    client,
    readyMs,
    pid: server.pid,
    async put(objects) {
      const { pipelineId } = await client.createPipeline({ name: 'bench', uniqueId: crypto.randomUUID() })
      const answer = await client.putPipelineDefinition({ pipelineId, ...encodeDefinition(definition(objects)) })
      if (answer.errored) throw new Error(JSON.stringify(answer.validationErrors))
      return pipelineId
    },
    async stateOf(pipelineId) {
      const { pipelineDescriptionList } = await client.describePipelines({ pipelineIds: [pipelineId] })
      const fields = pipelineDescriptionList[0]?.fields ?? []
      return fields.find(({ key }) => key === '@pipelineState')?.stringValue ?? ''
    },
    async stop() {
      transport.close()
      await server.stop()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}
