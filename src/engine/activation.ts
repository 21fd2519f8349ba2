import { judgeActivation, withActivationValues } from '../core/definition/activation.ts'
import type { ParameterValue } from '../core/definition/pipeline-object.ts'
import type { Problem } from '../core/definition/problem.ts'
import { unsupportedObjects } from '../core/definition/supported-types.ts'
import { formatInstant, type Instant, plusMs } from '../core/instant.ts'
import { isOfOpenRun } from '../core/lifecycle/accounting.ts'
import type { Plan } from '../core/lifecycle/plan.ts'
import { checkReschedule, newcomersOf } from '../core/lifecycle/plan-change.ts'
import { wholeSecond } from '../core/lifecycle/timing.ts'
import type { DefinitionRow, PipelineRow } from '../store/rows.ts'
import { InvalidRequestException } from '../wire/errors.ts'
import { checkAgainstActive, errorLines, isError } from './definition-operations.ts'
import { makeOnDemandInstances } from './due-instances.ts'
import type { Engine } from './engine.ts'
import { movePipeline, refuseMove } from './pipeline-life.ts'
import { letGoOfWhatNeverComes } from './shorter-schedules.ts'
import type { UnitOfWork } from './unit-of-work.ts'
import type { Workshop } from './workshop.ts'

/** Open instances that are read at once to count the runs on demand. */
const pageMax = 1000

/** Makes the latest definition the active one and the pipeline SCHEDULED. */
export const createActivation = (workshop: Workshop): Pick<Engine, 'activatePipeline'> => ({
  async activatePipeline({ pipelineId, parameterValues, startAt }) {
    let version: number | undefined
    const work = workshop.onPipeline(pipelineId, async (unit) => {
      refuseMove(unit, { kind: 'activate', runs: 'bySchedule' })
      const latest = await unit.transaction.findDefinition(pipelineId, unit.pipeline.latestVersion)
      if (latest === undefined)
        throw new InvalidRequestException(`Pipeline ${pipelineId} has no definition; put one first.`)
      const row = versionToActivate(unit.pipeline, latest, parameterValues)
      const turn = unit.pipeline.firstActivatedAt === undefined ? 'first' : 'later'
      const firstActivatedAt = unit.pipeline.firstActivatedAt ?? unit.now
      refuse(row, await checkAgainstActive(unit.transaction, unit.pipeline, row.definition))
      const plan = readyPlan(workshop, row, { firstActivatedAt, parameterValues, turn })
      version = row.version
      await takeEffect(unit, row, plan)
      workshop.plans.forget(pipelineId, version)
      await activate(unit, plan, { firstActivatedAt, startAt })
    })
    // Whoever has read the definition while it was not durable, or before, may have kept another plan than the one that counts now.
    await work.finally(() => {
      if (version !== undefined) workshop.plans.forget(pipelineId, version)
    })
  },
})

/**
 * The latest definition with the values that are given. What has been activated already stays as it is, for the instances that were made
 * from it: other values for it are a version of their own.
 */
function versionToActivate(
  { activeVersion }: PipelineRow,
  latest: DefinitionRow,
  given: readonly ParameterValue[],
): DefinitionRow {
  const isOther = given.some(({ id }) => textsOf(id, given) !== textsOf(id, latest.definition.parameterValues))
  if (!isOther) return latest
  const version = latest.version === activeVersion ? latest.version + 1 : latest.version
  return { ...latest, definition: withActivationValues(latest.definition, given), version }
}

/** All values of one parameter, to be compared. */
const textsOf = (id: string, values: readonly ParameterValue[]): string =>
  JSON.stringify(values.flatMap((value) => (value.id === id ? [value.text] : [])))

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
  const { limits, clock } = workshop
  refuse(row, judgeActivation(row.definition, { limits, now: clock.now(), parameterValues, turn }))
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

/** Stores a definition as the active one. */
async function takeEffect(unit: UnitOfWork, row: DefinitionRow, plan: Plan): Promise<void> {
  const { activeVersion, latestVersion } = unit.pipeline
  const before = activeVersion === undefined ? undefined : await unit.activePlan()
  if (before !== undefined) refuse(row, checkReschedule(before, plan))
  if (row.version > latestVersion) await unit.transaction.insertDefinition(row)
  else await unit.transaction.updateDefinition(row)
  unit.adoptPlan(row.version, plan)
  unit.setPipeline({ activeVersion: row.version, latestVersion: row.version })
  if (before === undefined) return
  for (const [id, others] of newcomersOf(before, plan)) {
    const reached = await Promise.all(others.map(async (other) => (await unit.component(other)).nextIndex))
    await unit.setComponent(id, { nextIndex: Math.min(...reached) })
  }
  if (activeVersion !== row.version) await letGoOfWhatNeverComes(unit, before, plan)
}

async function activate(
  unit: UnitOfWork,
  plan: Plan,
  { firstActivatedAt, startAt }: { readonly firstActivatedAt: Instant; readonly startAt: Instant | undefined },
): Promise<void> {
  const onDemandAt = plan.isOnDemand ? await nextRunAt(unit, plan) : undefined
  movePipeline(unit, { kind: 'activate', runs: plan.isOnDemand ? 'onDemand' : 'bySchedule' })
  unit.setPipeline({
    firstActivatedAt,
    startAt: startAt ?? unit.pipeline.startAt,
    latestOnDemandAt: onDemandAt ?? unit.pipeline.latestOnDemandAt,
  })
  if (onDemandAt !== undefined) await makeOnDemandInstances(unit, onDemandAt)
}

/**
 * The time of a run on demand: now, or the next second in which there is none, since ids show seconds.
 *
 * @throws InvalidRequestException when as many runs are open as may be.
 */
async function nextRunAt(unit: UnitOfWork, plan: Plan): Promise<Instant> {
  const open = await listOpenRuns(unit)
  const latestOpen = open.at(-1)
  if (latestOpen !== undefined && open.length >= plan.openRunsMax) {
    throw new InvalidRequestException(
      `Pipeline ${unit.pipelineId} runs on demand and has ${open.length} open run(s), the latest of ${formatInstant(latestOpen)}; maxActiveInstances allows ${plan.openRunsMax}. Wait for it to end, or cancel it.`,
    )
  }
  const latest = unit.pipeline.latestOnDemandAt
  const now = wholeSecond(unit.now)
  return latest !== undefined && now <= latest ? plusMs(latest, 1000) : now
}

/** The activations of which something is open, the earliest first. Looks through what is open, which is as much as they have made. */
async function listOpenRuns(unit: UnitOfWork): Promise<readonly Instant[]> {
  const runs = new Set<Instant>()
  let afterId: string | undefined = unit.pipeline.openInstances === 0 ? undefined : ''
  while (afterId !== undefined) {
    const ids = await unit.transaction.listOpenInstanceIds(unit.pipelineId, { afterId, limit: pageMax })
    for (const instance of await unit.load(ids)) if (isOfOpenRun(instance)) runs.add(instance.occurrence.start)
    afterId = ids.length === pageMax ? ids.at(-1) : undefined
  }
  return [...runs].sort((left, right) => left - right)
}
