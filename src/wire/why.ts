import { z } from 'zod'
import { objectId } from '../core/definition/pipeline-object.ts'
import { formatInstant, type Instant, instant, parseInstant } from '../core/instant.ts'
import type { Why } from '../core/lifecycle/why.ts'

/**
 * The field of DescribeObjects that says why an instance is where it is. The original has no field of this name.
 *
 * @source ours: differences#why
 */
export const whyKey = '@why'

/**
 * The longest value of a field, in UTF-16 units; what does not fit is what is furthest from the instance asked about.
 *
 * @source model: Field
 */
export const whyLengthMax = 10_240

/** Times are written as everywhere on the wire. */
const Time = z.codec(z.string(), z.custom<Instant>(), {
  decode: (text) => parseInstant(text) ?? instant(0),
  encode: formatInstant,
})

const Id = z.codec(z.string(), z.custom<ReturnType<typeof objectId>>(), {
  decode: objectId,
  encode: (id) => id,
})

const Runners = {
  workerGroup: z.string(),
  runners: z.enum(['polling', 'busy', 'absent']),
  polledAt: Time.optional(),
  polledBy: z.string().optional(),
  watchedSince: Time,
  runningCount: z.number(),
  hostnames: z.array(z.string()).readonly(),
}

const HeldUp = [
  z.object({ kind: z.literal('dependencies'), openCount: z.number(), failedCount: z.number() }),
  z.object({ kind: z.literal('noDueActivity'), activityCount: z.number() }),
  z.object({ kind: z.literal('pausedComponent'), componentId: Id }),
  z.object({ kind: z.literal('taskRunner'), ...Runners }),
  z.object({ kind: z.literal('resource'), runningCount: z.number() }),
  z.object({
    kind: z.literal('retry'),
    retryAt: Time,
    triesLeft: z.number(),
    errorMessage: z.string().optional(),
  }),
  z.object({
    kind: z.literal('running'),
    hostname: z.string().optional(),
    attemptNumber: z.number(),
    handedOutAt: Time,
    reportedAt: Time.optional(),
    progress: z.string().optional(),
    leaseEndsAt: Time,
    timeoutAt: Time.optional(),
    stop: z.enum(['canceled', 'attemptTimedOut']).optional(),
  }),
  z.object({
    kind: z.literal('precondition'),
    checkCount: z.number(),
    checkedAt: Time.optional(),
    result: z.string().optional(),
    nextCheckAt: Time.optional(),
    timeoutAt: Time.optional(),
  }),
  z.object({ kind: z.literal('machineStarting'), timeoutAt: Time.optional() }),
  z.object({
    kind: z.literal('machineUp'),
    resourceId: z.string(),
    activityCount: z.number(),
    timeoutAt: Time.optional(),
  }),
  z.object({ kind: z.literal('machineStopping') }),
] as const

const Ended = [
  z.object({ kind: z.literal('finished') }),
  z.object({
    kind: z.literal('failed'),
    errorId: z.string().optional(),
    errorMessage: z.string().optional(),
  }),
  z.object({
    kind: z.literal('canceled'),
    by: z.enum(['user', 'deactivation', 'deletion', 'action', 'cascade', 'resource']),
    errorMessage: z.string().optional(),
  }),
  z.object({ kind: z.literal('cascadeFailed') }),
  z.object({ kind: z.literal('skipped') }),
] as const

const Unborn = [
  z.object({ kind: z.literal('notDue'), dueAt: Time }),
  z.object({ kind: z.literal('beingMade'), dueAt: Time }),
  z.object({
    kind: z.literal('maxActiveInstances'),
    componentId: Id,
    max: z.number(),
    activeCount: z.number(),
  }),
  z.object({ kind: z.literal('pipelineState'), state: z.string() }),
  z.object({ kind: z.literal('onDemand') }),
  z.object({ kind: z.literal('noOccurrence'), componentId: Id }),
  z.object({ kind: z.literal('passed') }),
] as const

const Status = z.enum([
  'WAITING_ON_DEPENDENCIES',
  'PAUSED',
  'WAITING_FOR_RUNNER',
  'CREATING',
  'RUNNING',
  'SHUTTING_DOWN',
  'FINISHED',
  'FAILED',
  'CANCELED',
  'CASCADE_FAILED',
  'TIMEDOUT',
  'SKIPPED',
])

const Node = z.object({
  id: Id,
  status: Status.optional(),
  since: Time.optional(),
  cause: z.discriminatedUnion('kind', [...HeldUp, ...Ended, ...Unborn]),
  waitsFor: z.array(Id).readonly(),
  moreCount: z.number().optional(),
})

const Shape = z.object({ nodes: z.array(Node).readonly() })

/** The value of the field {@link whyKey}: JSON of at most {@link whyLengthMax} units, which may name instances that it says nothing of. */
export function encodeWhy({ nodes }: Why): string {
  const texts = nodes.map((node) => JSON.stringify(z.encode(Node, node)))
  let length = '{"nodes":[]}'.length
  const fitting = texts.filter((text, index) => {
    length += text.length + (index === 0 ? 0 : 1)
    return index === 0 || length <= whyLengthMax
  })
  return `{"nodes":[${fitting.join(',')}]}`
}

/** Reads the value of the field back; `undefined` if it is not of this form. */
export function decodeWhy(text: string): Why | undefined {
  try {
    return Shape.safeParse(JSON.parse(text)).data
  } catch {
    // Text that is no JSON comes from another service than ours.
    return undefined
  }
}
