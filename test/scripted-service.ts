import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import type { PipelineObject } from '../src/core/definition/pipeline-object.ts'
import { encodeTask } from '../src/wire/codec.ts'
import type { Input } from '../src/wire/inputs.ts'

/** A service that hands out the tasks that a test offers, and keeps what it is told. It speaks the wire, and believes everybody. */
export type ScriptedService = {
  readonly endpoint: string
  /** Hands a task out to the next poll; the first object is its attempt. Returns its task id. */
  offer(objects: readonly PipelineObject[]): string
  /** Resolves when a task's status is set. */
  result(taskId: string): Promise<Input<'SetTaskStatus'>>
  readonly progress: Input<'ReportTaskProgress'>[]
  readonly results: Input<'SetTaskStatus'>[]
  readonly heartbeats: Input<'ReportTaskRunnerHeartbeat'>[]
  /** What the operations answer from now on. */
  readonly script: { canceled: boolean; terminate: boolean; refusal: Refusal | undefined }
  /** Stops answering, as a service does that is restarted; connections are cut. */
  pause(): Promise<void>
  /** Answers again at the same endpoint. */
  resume(): Promise<void>
  stop(): Promise<void>
}

/** An exception for every call of an operation. */
type Refusal = { readonly operation: string; readonly exception: string; readonly status: number }

type Poll = { readonly reply: FastifyReply; readonly answered: () => void }

/** Starts a service on a free port. */
export async function startScriptedService(): Promise<ScriptedService> {
  const tasks: ReturnType<typeof encodeTask>[] = []
  const polls = new Set<Poll>()
  const waiting = new Map<string, (result: Input<'SetTaskStatus'>) => void>()
  const progress: Input<'ReportTaskProgress'>[] = []
  const results: Input<'SetTaskStatus'>[] = []
  const heartbeats: Input<'ReportTaskRunnerHeartbeat'>[] = []
  const script: ScriptedService['script'] = { canceled: false, terminate: false, refusal: undefined }

  const handOut = () => {
    for (const poll of polls) {
      const taskObject = tasks.shift()
      if (taskObject === undefined) return
      polls.delete(poll)
      void poll.reply.send({ taskObject })
      poll.answered()
    }
  }
  const operations: Record<string, (body: never, reply: FastifyReply) => unknown> = {
    PollForTask: async (_body, reply) => {
      await new Promise<void>((answered) => {
        const poll = { reply, answered }
        polls.add(poll)
        reply.raw.once('close', () => {
          polls.delete(poll)
          answered()
        })
        handOut()
      })
      return reply
    },
    ReportTaskProgress(body: Input<'ReportTaskProgress'>) {
      progress.push(body)
      return { canceled: script.canceled }
    },
    ReportTaskRunnerHeartbeat(body: Input<'ReportTaskRunnerHeartbeat'>) {
      heartbeats.push(body)
      return { terminate: script.terminate }
    },
    SetTaskStatus(body: Input<'SetTaskStatus'>) {
      results.push(body)
      waiting.get(body.taskId)?.(body)
      return {}
    },
  }
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? ''
    const { refusal } = script
    if (refusal?.operation === operation) {
      return reply.code(refusal.status).send({ __type: refusal.exception, message: 'Refused by the script.' })
    }
    return operations[operation]?.(request.body as never, reply)
  }

  let port = 0
  let close: () => Promise<void> = async () => undefined
  const listen = async () => {
    const app = Fastify({ forceCloseConnections: true })
    app.addContentTypeParser('application/x-amz-json-1.1', { parseAs: 'string' }, async (_: unknown, body: string) =>
      JSON.parse(body),
    )
    app.post('/', answer)
    await app.listen({ host: '127.0.0.1', port })
    const address = app.server.address()
    port = typeof address === 'object' && address !== null ? address.port : port
    close = async () => {
      app.server.closeAllConnections()
      await app.close()
    }
  }
  await listen()
  let count = 0
  return {
    endpoint: `http://127.0.0.1:${port}`,
    offer(objects) {
      count += 1
      const taskId = `task-${count}`
      tasks.push(encodeTask({ taskId, pipelineId: 'df-0123456ABCDEFGHIJKL', attemptId: objects[0]?.id ?? '', objects }))
      handOut()
      return taskId
    },
    result: (taskId) =>
      new Promise((resolve) => {
        const known = results.find((result) => result.taskId === taskId)
        if (known === undefined) waiting.set(taskId, resolve)
        else resolve(known)
      }),
    progress,
    results,
    heartbeats,
    script,
    pause: () => close(),
    resume: listen,
    stop: () => close(),
  }
}
