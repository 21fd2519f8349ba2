import { createHash } from 'node:crypto'
import type { Logger } from 'pino'
import { assertNever } from '../core/assert-never.ts'
import type { Component } from '../core/lifecycle/component.ts'
import { type Evaluated, evaluateObject } from '../core/lifecycle/evaluated-objects.ts'
import type { CheckOutcome, Event } from '../core/lifecycle/event.ts'
import type { Instance, TaskError } from '../core/lifecycle/instance.ts'
import type { Plan } from '../core/lifecycle/plan.ts'
import { runScope } from '../core/lifecycle/run-scope.ts'
import type { CheckResult } from '../preconditions/precondition-check.ts'
import { ResourceFailure, type ResourceProvider } from '../resources/resource-provider.ts'
import type { OutboxRow } from '../store/rows.ts'
import { type ActionPublisher, act } from './actions/act.ts'
import type { Performed } from './outbox.ts'
import { resourceWorkerGroup } from './worker-group.ts'
import type { Workshop } from './workshop.ts'

/** The evaluated fields of an object, by key; a list has several texts. */
export type FieldTextMap = ReadonlyMap<string, readonly string[]>

/** What the engine needs from the world to perform its commands. */
export type World = {
  readonly provider: ResourceProvider
  /** Asks whether a precondition of this type, with these evaluated fields, holds. Rejects if that cannot be found out. */
  checkPrecondition(type: string, fields: FieldTextMap): Promise<CheckResult>
  /** Publishes notifications. */
  readonly publisher: ActionPublisher
}

/** Performs single commands; each may be performed twice. */
export function createPerformer(workshop: Workshop, world: World, log: Logger) {
  return async (row: OutboxRow): Promise<Performed> => {
    const { command } = row
    switch (command.kind) {
      case 'check':
        return { events: await check(workshop, row, world) }
      case 'createMachine':
        return { events: await createMachine(workshop, row, { machineNumber: command.machineNumber, world }) }
      case 'terminateMachine': {
        const { machineNumber } = command
        // The machine is named by the row alone, so that it goes even when its pipeline has gone before it.
        await world.provider.terminate(machineIdOf(row, machineNumber))
        return { events: [{ kind: 'machineGone', machineNumber }] }
      }
      case 'act': {
        const found = await load(workshop, row)
        if (found === undefined) return { events: [] }
        const { plan, instance } = found
        const { action: id, cause } = command
        const notification = await act({ id, cause, plan, instance }, { workshop, publisher: world.publisher, log })
        return { events: [], notification }
      }
      default:
        return assertNever(command)
    }
  }
}

/** The provider's name for a machine of a resource: short enough for a file name, whatever the ids are. */
export function machineIdOf(
  { pipelineId, instanceId }: Pick<OutboxRow, 'pipelineId' | 'instanceId'>,
  machineNumber: number,
): string {
  const digest = createHash('sha256').update(instanceId).digest('hex').slice(0, 16)
  return `${pipelineId}-${digest}-${machineNumber}`
}

type Found = { readonly instance: Instance; readonly plan: Plan; readonly component: Component }

async function load(workshop: Workshop, { pipelineId, instanceId }: OutboxRow): Promise<Found | undefined> {
  const { reads } = workshop.store
  const pipeline = await reads.findPipeline(pipelineId)
  const row = await reads.findInstance(pipelineId, instanceId)
  if (pipeline === undefined || row === undefined) return undefined
  const plan = await workshop.plans.planOf(pipeline, row.instance.version, reads)
  const component = plan.components.get(row.instance.componentId)
  return component === undefined ? undefined : { instance: row.instance, plan, component }
}

async function check(workshop: Workshop, row: OutboxRow, world: World): Promise<readonly Event[]> {
  const found = await load(workshop, row)
  if (found?.instance.state.kind !== 'checking') return []
  return [{ kind: 'checked', result: await ask(found, world) }]
}

async function ask(found: Found, world: World): Promise<CheckOutcome> {
  const fields = evaluatedFields(found)
  if (fields.kind === 'failure') return { kind: 'failed', error: failure('Unevaluated', fields.message) }
  try {
    return await world.checkPrecondition(found.component.type, fields.texts)
  } catch (error) {
    return { kind: 'failed', error: failure('CheckFailed', error instanceof Error ? error.message : String(error)) }
  }
}

const failure = (word: string, message: string): TaskError => ({
  id: `Service_${word}`,
  message,
  stackTrace: undefined,
})

async function createMachine(
  workshop: Workshop,
  row: OutboxRow,
  { machineNumber, world }: { readonly machineNumber: number; readonly world: World },
): Promise<readonly Event[]> {
  const found = await load(workshop, row)
  if (found === undefined || !isWanted(found, machineNumber)) return []
  const resourceType = machineTypes.find((type) => type === found.component.type)
  if (resourceType === undefined) throw new Error(`${found.component.type} is no machine.`)
  const fields = evaluatedFields(found)
  if (fields.kind === 'failure') return [{ kind: 'machineFailed', machineNumber, message: fields.message }]
  const machineId = machineIdOf(row, machineNumber)
  const { pipelineId, instanceId } = row
  const workerGroup = resourceWorkerGroup(pipelineId, instanceId)
  try {
    const { resourceId } = await world.provider.create({
      machineId,
      pipelineId,
      instanceId,
      resourceType,
      workerGroup,
      fields: fields.texts,
    })
    // If nobody wants it any more, its termination may have been asked for too early to find it.
    if (!isWanted(await load(workshop, row), machineNumber)) await world.provider.terminate(machineId)
    return [{ kind: 'machineUp', machineNumber, resourceId }]
  } catch (error) {
    if (!(error instanceof ResourceFailure)) throw error
    return [{ kind: 'machineFailed', machineNumber, message: error.message }]
  }
}

const machineTypes = ['Ec2Resource', 'EmrCluster'] as const

function isWanted(found: Found | undefined, machineNumber: number): boolean {
  const state = found?.instance.state
  return state?.kind === 'creating' && state.machineNumber === machineNumber
}

type Fields =
  | { readonly kind: 'fields'; readonly texts: FieldTextMap }
  | { readonly kind: 'failure'; readonly message: string }

function evaluatedFields({ instance, plan, component }: Found): Fields {
  const wanted: Evaluated = { id: instance.id, name: component.name, keys: [...component.fields.keys()] }
  const evaluated = evaluateObject(wanted, runScope(plan, [instance]))
  if (evaluated.kind === 'failure') {
    const { field, message } = evaluated.problem
    return { kind: 'failure', message: `${component.id}, field ${field}: ${message}` }
  }
  const texts = new Map<string, string[]>()
  for (const { key, value } of evaluated.objects.flatMap(({ fields }) => fields)) {
    const text = value.kind === 'string' ? value.text : value.target
    texts.set(key, [...(texts.get(key) ?? []), text])
  }
  return { kind: 'fields', texts }
}
