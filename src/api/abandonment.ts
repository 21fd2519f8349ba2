import type { FastifyReply } from 'fastify'

/** Tells calls that wait, such as polls, when there is nobody left to wait for. */
export type Abandonment = {
  /** A signal that is aborted when the client of this answer has gone, or the server stops. */
  signalFor(reply: FastifyReply): AbortSignal
  /** Aborts the signals of all answers that are still owed. */
  abandonAll(): void
}

export function createAbandonment(): Abandonment {
  const waiting = new Set<AbortController>()
  return {
    signalFor(reply) {
      const controller = new AbortController()
      waiting.add(controller)
      reply.raw.once('close', () => {
        waiting.delete(controller)
        controller.abort()
      })
      return controller.signal
    },
    abandonAll() {
      for (const controller of waiting) controller.abort()
    },
  }
}
