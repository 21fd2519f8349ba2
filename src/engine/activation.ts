import type { Definition, ParameterValue } from '../core/definition/pipeline-object.ts'
import type { Problem } from '../core/definition/problem.ts'
import { validateDefinition } from '../core/definition/validate.ts'
import { formatInstant, type Instant, plusMs } from '../core/instant.ts'
import type { Plan } from '../core/lifecycle/plan.ts'
import { wholeSecond } from '../core/lifecycle/timing.ts'
import type { DefinitionRow, PipelineRow } from '../store/rows.ts'
import { InvalidRequestException } from '../wire/errors.ts'
import { checkAgainstActive, errorLines, isError } from './definition-operations.ts'
import { makeOnDemandInstances } from './due-instances.ts'
import type { Engine } from './engine.ts'
import { deliveriesOf } from './signals.ts'
import { unsupportedObjects } from './supported-types.ts'
import { ofPipeline, type UnitOfWork } from './unit-of-work.ts'
import type { Workshop } from './workshop.ts'

/**
 * Runs of an on-demand pipeline that may be open at once, where Default has no maxActiveInstances.
 *
 * @source guide: dp-concepts-schedules
 */
const openRunsMax = 1

/** Makes the latest definition the active one and the pipeline SCHEDULED. */
export const createActivation = (workshop: Workshop): Pick<Engine, 'activatePipeline'> => ({
  async activatePipeline({ pipelineId, parameterValues, startAt }) {
    let version: number | undefined
    const work = workshop.onPipeline(pipelineId, async (unit) => {
      refuseState(unit.pipeline)
      const row = await unit.transaction.findDefinition(pipelineId, unit.pipeline.latestVersion)
      if (row === undefined)
        throw new InvalidRequestException(`Pipeline ${pipelineId} has no definition; put one first.`)
      const definition = withValues(row.definition, parameterValues)
      const turn = unit.pipeline.firstActivatedAt === undefined ? 'first' : 'later'
      const firstActivatedAt = unit.pipeline.firstActivatedAt ?? unit.now
      refuse(row, await checkAgainstActive(unit.transaction, unit.pipeline, definition))
      const plan = readyPlan(workshop, { ...row, definition }, { firstActivatedAt, parameterValues, turn })
      await unit.transaction.updateDefinition({ ...row, definition })
      version = row.version
      unit.adoptPlan(version, plan)
      workshop.plans.forget(pipelineId, version)
      await activate(unit, plan, { version, firstActivatedAt, startAt })
    })
    // Whoever has read the definition while it was not durable, or before, may have kept another plan than the one that counts now.
    await work.finally(() => {
      if (version !== undefined) workshop.plans.forget(pipelineId, version)
    })
  },
})

function refuseState({ id, state }: PipelineRow): void {
  if (state === 'DELETING') throw new InvalidRequestException(`Pipeline ${id} is being deleted.`)
  if (state === 'DEACTIVATING') {
    throw new InvalidRequestException(`Pipeline ${id} is DEACTIVATING; activate it again once it is INACTIVE.`)
  }
}

/** Values given at activation take the place of those of the same parameters. */
function withValues(definition: Definition, given: readonly ParameterValue[]): Definition {
  const ids = new Set(given.map(({ id }) => id))
  return {
    ...definition,
    parameterValues: [...definition.parameterValues.filter(({ id }) => !ids.has(id)), ...given],
  }
}

/**
 * The plan of a definition that may be activated.
 *
 * @throws InvalidRequestException that names every object that keeps it from running.
 */
function readyPlan(
  workshop: Workshop,
  row: DefinitionRow,
  {
    firstActivatedAt,
    parameterValues,
    turn,
  }: {
    firstActivatedAt: Instant
    parameterValues: readonly ParameterValue[]
    turn: 'first' | 'later'
  },
): Plan {
  const problems: readonly Problem[] = validateDefinition(row.definition, {
    limits: workshop.limits,
    now: workshop.clock.now(),
    activation: { parameterValues, turn },
  })
  refuse(row, problems)
  const { plan, problems: unplannable } = workshop.plans.make(row, firstActivatedAt)
  refuse(row, [...unplannable, ...unsupportedObjects(plan.objects)])
  return plan
}

function refuse({ pipelineId }: DefinitionRow, problems: readonly Problem[]): void {
  if (!problems.some(isError)) return
  throw new InvalidRequestException(
    `Pipeline ${pipelineId} cannot be activated, its definition has errors: ${errorLines(problems)}`,
  )
}

async function activate(
  unit: UnitOfWork,
  plan: Plan,
  made: { readonly version: number; readonly firstActivatedAt: Instant; readonly startAt: Instant | undefined },
): Promise<void> {
  const { state, activeVersion } = unit.pipeline
  const onDemandAt = plan.isOnDemand ? await nextRunAt(unit, plan) : undefined
  unit.setPipeline({
    state: 'SCHEDULED',
    activeVersion: made.version,
    firstActivatedAt: made.firstActivatedAt,
    lastActivatedAt: unit.now,
    finishedAt: undefined,
    startAt: made.startAt ?? unit.pipeline.startAt,
    latestOnDemandAt: onDemandAt ?? unit.pipeline.latestOnDemandAt,
    nextRunAt: plan.isOnDemand ? undefined : unit.now,
  })
  if (onDemandAt !== undefined) {
    // Each activation is a run of its own; those that a deactivation has cancelled stay so.
    await makeOnDemandInstances(unit, onDemandAt)
    return
  }
  if (state === 'INACTIVE') unit.changes.setTimer(ofPipeline, 'reactivate', unit.now)
  unit.changes.setTimer(ofPipeline, 'schedule', unit.now)
  if (activeVersion !== undefined && activeVersion !== made.version) await reviewMachines(unit)
}

/** The schedules may have become shorter: machines that wait for instances which do not come any more are let go. */
async function reviewMachines(unit: UnitOfWork): Promise<void> {
  for (const { pipelineId, instance } of await unit.transaction.listOpenResources()) {
    if (pipelineId !== unit.pipelineId || instance.kind !== 'resource' || instance.openUsers > 0) continue
    const plan = await unit.planOf(instance.version)
    await unit.deliver(await deliveriesOf(unit, { kind: 'idle' }, { from: instance, plan }))
  }
}

/**
 * The time of a run on demand: now, or the next second in which there is none, since ids show seconds.
 *
 * @throws InvalidRequestException when as many runs are open as may be.
 */
async function nextRunAt(unit: UnitOfWork, plan: Plan): Promise<Instant> {
  // A precondition has several instances in one run; of everything else there is one.
  const components = [...plan.components.values()].filter(({ timing }) => timing.kind === 'scheduled')
  const runsMax = components.reduce(
    (most, { maxActiveInstances }) => Math.max(most, maxActiveInstances ?? 0),
    openRunsMax,
  )
  let open = 0
  for (const { id } of components) open = Math.max(open, (await unit.component(id)).activeInstances)
  const latest = unit.pipeline.latestOnDemandAt
  if (open >= runsMax && latest !== undefined) {
    throw new InvalidRequestException(
      `Pipeline ${unit.pipelineId} runs on demand and has ${open} open run(s), the latest of ${formatInstant(latest)}; maxActiveInstances allows ${runsMax}. Wait for it to end, or cancel it.`,
    )
  }
  const now = wholeSecond(unit.now)
  return latest !== undefined && now <= latest ? plusMs(latest, 1000) : now
}
