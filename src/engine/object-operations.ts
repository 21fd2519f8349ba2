import {
  type Field,
  type ObjectId,
  objectId,
  type PipelineObject,
  textField,
} from '../core/definition/pipeline-object.ts'
import { maskField, maskScope } from '../core/definition/secrets.ts'
import { evaluateTemplate } from '../core/expression/evaluate.ts'
import { valueText } from '../core/expression/text.ts'
import { formatInstant } from '../core/instant.ts'
import { attemptIdOf, type Component, parseAttemptId } from '../core/lifecycle/component.ts'
import { evaluateObject } from '../core/lifecycle/evaluated-objects.ts'
import { definitionScope } from '../core/lifecycle/field-text.ts'
import type { Instance } from '../core/lifecycle/instance.ts'
import { attemptFieldsOf, instanceFields, type Neighbours } from '../core/lifecycle/instance-fields.ts'
import type { Plan } from '../core/lifecycle/plan.ts'
import { runScope } from '../core/lifecycle/run-scope.ts'
import type { InstanceRow, NotificationRow, PipelineRow } from '../store/rows.ts'
import { InvalidRequestException } from '../wire/errors.ts'
import { encodeWhy, whyKey } from '../wire/why.ts'
import { DefinitionErrors } from './definition-errors.ts'
import { describeComponent } from './describe-component.ts'
import type { Engine } from './engine.ts'
import type { PollLog } from './poll-log.ts'
import { WhyReader } from './why.ts'
import { existing, type Workshop } from './workshop.ts'

/** Notifications that could not be delivered which an instance shows. */
const undeliveredMax = 10

type ObjectOperations = Pick<Engine, 'describeObjects' | 'evaluateExpression'>

/** The operations that show single objects: components, instances and attempts. */
export function createObjectOperations(workshop: Workshop, polls: PollLog): ObjectOperations {
  const { reads } = workshop.store
  return {
    async describeObjects({ pipelineId, objectIds, expressions }) {
      const pipeline = existing(await reads.findPipeline(pipelineId), pipelineId)
      const whys = new WhyReader({ workshop, pipeline, polls, objectCount: objectIds.length })
      const errors = new DefinitionErrors(workshop)
      return await Promise.all(
        objectIds.map(async (id) => {
          const found = await describeOne(workshop, pipeline, { id, expressions, whys, errors })
          if (found === undefined) throw new InvalidRequestException(`Pipeline ${pipelineId} has no object ${id}.`)
          return found
        }),
      )
    },

    async evaluateExpression({ pipelineId, objectId, expression }) {
      const pipeline = existing(await reads.findPipeline(pipelineId), pipelineId)
      const place = await placeOf(workshop, pipeline, objectId)
      if (place === undefined) throw new InvalidRequestException(`Pipeline ${pipelineId} has no object ${objectId}.`)
      const { plan, row } = place
      const scope = row === undefined ? definitionScope(plan) : runScope(plan, [row.instance])
      const evaluation = evaluateTemplate(expression, row?.instance.id ?? objectId, maskScope(scope))
      if (evaluation.kind === 'failure') {
        throw new InvalidRequestException(`The expression cannot be evaluated for ${objectId}: ${evaluation.message}`)
      }
      return valueText(evaluation.value)
    },
  }
}

type Wanted = {
  readonly id: ObjectId
  readonly expressions: 'evaluated' | 'verbatim'
  readonly whys: WhyReader
  readonly errors: DefinitionErrors
}

async function describeOne(
  workshop: Workshop,
  pipeline: PipelineRow,
  wanted: Wanted,
): Promise<PipelineObject | undefined> {
  if (!wanted.id.startsWith('@')) return await describeComponent(workshop, pipeline, wanted)
  const place = await placeOf(workshop, pipeline, wanted.id)
  if (place?.row === undefined) return undefined
  const { plan, row } = place
  const component = plan.components.get(row.instance.componentId)
  if (component === undefined) return undefined
  const attempt = parseAttemptId(wanted.id)
  const own = ownFields(plan, { component, instance: row.instance }, wanted.expressions)
  return attempt === undefined
    ? {
        id: wanted.id,
        name: row.name,
        fields: merged(await describeInstance(workshop, { row, component, whys: wanted.whys }), own),
      }
    : await describeAttempt(workshop, { row, component, number: attempt.number }, own)
}

async function placeOf(
  workshop: Workshop,
  pipeline: PipelineRow,
  id: ObjectId,
): Promise<{ readonly plan: Plan; readonly row: InstanceRow | undefined } | undefined> {
  const { reads } = workshop.store
  if (!id.startsWith('@')) {
    const version = pipeline.activeVersion ?? pipeline.latestVersion
    if (version === 0) return undefined
    const plan = await workshop.plans.planOf(pipeline, version, reads)
    return plan.objects.has(id) ? { plan, row: undefined } : undefined
  }
  const row = await reads.findInstance(pipeline.id, parseAttemptId(id)?.instanceId ?? id)
  if (row === undefined) return undefined
  return { plan: await workshop.plans.planOf(pipeline, row.instance.version, reads), row }
}

async function describeInstance(
  workshop: Workshop,
  { row, component, whys }: { readonly row: InstanceRow; readonly component: Component; readonly whys: WhyReader },
): Promise<readonly Field[]> {
  const { reads } = workshop.store
  const { instance, pipelineId } = row
  const [dependencies, dependents, machine, undelivered] = await Promise.all([
    reads.listDependencies(pipelineId, instance.id),
    reads.listDependents(pipelineId, instance.id),
    instance.kind === 'resource' ? reads.findAttempt(pipelineId, instance.id, instance.attemptCount) : undefined,
    reads.listUndeliveredNotifications(pipelineId, { instanceId: instance.id, limit: undeliveredMax }),
  ])
  const around: Neighbours = {
    dependencies: dependencies.map(({ kind, targetId, state }) => ({
      kind,
      id: targetId,
      isOpen: state !== 'satisfied' && instance.state.kind === 'waiting',
    })),
    dependents: dependents.map(({ kind, dependentId }) => ({ kind, id: dependentId })),
    resourceId: machine?.attempt.hostname,
  }
  const hasFinished = instance.state.kind === 'ended' && instance.state.status === 'FINISHED'
  return [
    ...instanceFields(instance, component, around),
    textField('@pipelineId', pipelineId),
    ...undelivered.map(undeliveredField),
    ...(hasFinished ? [] : [textField(whyKey, encodeWhy(await whys.instance(instance, dependencies)))]),
  ]
}

const undeliveredField = ({ topicArn, sentAt, error = '' }: NotificationRow): Field =>
  textField('@actionFailure', `The notification to ${topicArn} was given up at ${formatInstant(sentAt)}: ${error}`)

async function describeAttempt(
  workshop: Workshop,
  { row, component, number }: { readonly row: InstanceRow; readonly component: Component; readonly number: number },
  own: readonly Field[],
): Promise<PipelineObject | undefined> {
  const found = await workshop.store.reads.findAttempt(row.pipelineId, row.instance.id, number)
  if (found === undefined) return undefined
  const set = [...attemptFieldsOf(found.attempt, row.instance, component), ...found.fields.map(maskField)]
  return {
    id: attemptIdOf(row.instance.id, number),
    name: attemptIdOf(objectId(row.name), number),
    fields: merged([...set, textField('@pipelineId', row.pipelineId)], own),
  }
}

/** The fields that the author gave the component; an expression that cannot be evaluated stays as it is written. */
function ownFields(
  plan: Plan,
  { component, instance }: { readonly component: Component; readonly instance: Instance },
  expressions: Wanted['expressions'],
): readonly Field[] {
  const scope = maskScope(runScope(plan, [instance]))
  return [...component.fields].flatMap(([key, values]) => {
    const verbatim = values.map((value) => maskField({ key, value }))
    if (expressions === 'verbatim') return verbatim
    const evaluated = evaluateObject({ id: instance.id, name: component.name, keys: [key] }, scope)
    return evaluated.kind === 'objects' ? evaluated.objects.flatMap(({ fields }) => fields) : verbatim
  })
}

/** What the service sets comes first, and takes the place of what the author gave under the same key. */
function merged(set: readonly Field[], own: readonly Field[]): readonly Field[] {
  const taken = new Set(set.map(({ key }) => key))
  return [...set, ...own.filter(({ key }) => !taken.has(key))]
}
