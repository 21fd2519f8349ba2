import { assertNever } from '../../core/assert-never.ts'
import { type ObjectId, objectId } from '../../core/definition/pipeline-object.ts'
import { formatInstant } from '../../core/instant.ts'
import type { Component } from '../../core/lifecycle/component.ts'
import type { Plan } from '../../core/lifecycle/plan.ts'
import { nearestWord } from '../../core/nearest-word.ts'
import type { Assumption, Target } from '../../core/simulation/scenario.ts'
import { Unusable } from '../command-context.ts'
import { parseMoment, readDurationMs, readMoment } from './moment.ts'

/** The options that assume something, as they were typed. */
export type AssumptionFlags = {
  readonly fail?: readonly string[]
  readonly delay?: readonly string[]
  readonly missing?: readonly string[]
}

/**
 * Reads what a user assumes of a plan.
 *
 * @throws Unusable when an option makes no sense, or names nothing that the plan has.
 */
export function readAssumptions(plan: Plan, { fail = [], delay = [], missing = [] }: AssumptionFlags): Assumption[] {
  return [
    ...fail.map((text) => readFailure(plan, text)),
    ...delay.map((text) => readDelay(plan, text)),
    ...missing.map(readMissing),
  ]
}

/** An assumption as it is typed. */
export function assumptionText(assumption: Assumption): string {
  switch (assumption.kind) {
    case 'failure':
      return `--fail ${targetText(assumption.target)}${assumption.tries === undefined ? '' : `=${assumption.tries}`}`
    case 'delay':
      return `--delay ${targetText(assumption.target)}=${durationOption(assumption.durationMs)}`
    case 'missing': {
      const { path, appearsAt } = assumption
      return `--missing ${path}${appearsAt === undefined ? '' : `@${formatInstant(appearsAt)}`}`
    }
    default:
      return assertNever(assumption)
  }
}

/** A duration as the options take it, in the largest unit of which it is a whole number. */
function durationOption(durationMs: number): string {
  const seconds = durationMs / 1000
  const units = [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const
  const [unit, unitSeconds] = units.find(([, each]) => seconds > 0 && seconds % each === 0) ?? ['s', 1]
  return `${seconds / unitSeconds}${unit}`
}

const targetText = ({ component, scheduledStart }: Target): string =>
  `${component}${scheduledStart === undefined ? '' : `@${formatInstant(scheduledStart)}`}`

function readFailure(plan: Plan, text: string): Assumption {
  const [, name = '', count] = /^(.+?)(?:=([^=]*))?$/.exec(text) ?? []
  if (count !== undefined && !/^[1-9]\d{0,3}$/.test(count)) {
    throw new Unusable(
      `--fail ${text}: '${count}' is no number of tries. Write --fail ${name}=1, or --fail ${name} for all.`,
    )
  }
  const target = readTarget(plan, '--fail', name)
  return { kind: 'failure', target, tries: count === undefined ? undefined : Number(count) }
}

function readDelay(plan: Plan, text: string): Assumption {
  const equals = text.lastIndexOf('=')
  if (equals < 1) throw new Unusable(`--delay ${text}: says not how long. Write --delay ${text || 'Component'}=10m.`)
  const durationMs = readDurationMs(`--delay ${text}`, text.slice(equals + 1))
  return { kind: 'delay', target: readTarget(plan, '--delay', text.slice(0, equals)), durationMs }
}

function readMissing(text: string): Assumption {
  const at = text.lastIndexOf('@')
  // Keys may have an @ in them.
  const appearsAt = at < 0 ? undefined : parseMoment(text.slice(at + 1))
  const path = appearsAt === undefined ? text : text.slice(0, at)
  if (/^s3:\/\/[^/]+/i.test(path)) return { kind: 'missing', path, appearsAt }
  throw new Unusable(`--missing ${text}: '${path}' is no place in S3. Write s3://bucket/key.`)
}

/** `Component`, or `Component@scheduled-start`. */
function readTarget(plan: Plan, option: string, text: string): Target {
  if (plan.components.has(objectId(text))) return { component: workOf(plan, option, text), scheduledStart: undefined }
  const at = text.lastIndexOf('@')
  if (at < 1) return { component: workOf(plan, option, text), scheduledStart: undefined }
  const component = workOf(plan, option, text.slice(0, at))
  return { component, scheduledStart: readMoment(`${option} ${text}`, text.slice(at + 1)) }
}

/** A component that does something which may fail or take long. */
function workOf(plan: Plan, option: string, name: string): ObjectId {
  const id = objectId(name)
  const component = plan.components.get(id)
  if (component === undefined) throw new Unusable(`${option} ${name}: ${whyNot(plan, id)}`)
  if (component.kind !== 'dataNode') return id
  const remedy =
    option === '--fail'
      ? 'To let its data be missing, write --missing s3://bucket/key.'
      : 'To let its data come late, write --missing s3://bucket/key@time.'
  throw new Unusable(`${option} ${name}: a data node does no work. ${remedy}`)
}

function whyNot(plan: Plan, id: ObjectId): string {
  const object = plan.objects.get(id)
  if (object !== undefined)
    return `an object of type ${object.type?.name ?? 'nothing'} has no instances. Name an activity, a precondition or a resource.`
  const nearest = nearestWord(id, plan.components.keys())
  if (nearest !== undefined) return `there is no such object. Is '${nearest}' meant?`
  return `there is no such object. There are ${workIds([...plan.components.values()])}.`
}

const workIds = (components: readonly Component[]): string =>
  components
    .filter(({ kind }) => kind !== 'dataNode')
    .map(({ id }) => `'${id}'`)
    .join(', ')
