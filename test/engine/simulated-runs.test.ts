import { describe, expect, test } from 'vitest'
import { withActivationValues } from '../../src/core/definition/activation.ts'
import { resolveObjects } from '../../src/core/definition/effective-object.ts'
import { parameterEntries, readDeclaration } from '../../src/core/definition/parameters.ts'
import { type Definition, objectId } from '../../src/core/definition/pipeline-object.ts'
import { unsupportedObjects } from '../../src/core/definition/supported-types.ts'
import { type Instant, instant, plusMs } from '../../src/core/instant.ts'
import { makePlan } from '../../src/core/lifecycle/plan.ts'
import type { Assumption } from '../../src/core/simulation/scenario.ts'
import { type Simulation, simulate } from '../../src/core/simulation/simulate.ts'
import { readDefinitionFile } from '../../src/wire/definition-file.ts'
import { definition, object, ref } from '../builders.ts'
import { corpusFiles, hasCorpus } from '../corpus.ts'
import { at, schedule, testDefaults } from '../plans.ts'
import { startOfTest } from '../test-engine.ts'
import { activated, validate } from '../validation.ts'
import { type Play, playedTrace, simulatedTrace } from './played-run.ts'

const activatedAt = instant(startOfTest)

/** From before every schedule: the engine makes up for all that has been due by its activation. */
const from = at('1970-01-01T00:00:00')

const taskMs = 5 * 60_000

const workerGroups = ['wg', 'other']

function simulated(whole: Definition, to: Instant, assumptions: readonly Assumption[] = []): Simulation {
  const { plan } = makePlan({
    pipelineId: 'df-0000000TEST',
    objects: resolveObjects(whole).objects,
    parameters: parameterEntries(whole).entries,
    firstActivatedAt: activatedAt,
    defaults: testDefaults,
  })
  return simulate(plan, { from, to, activatedAt, taskMs, machineStartMs: 0, assumptions })
}

/** What fails, as `Component` or `Component@scheduled-start`, and how often. */
type Failures = Readonly<Record<string, number>>

function assumedFailures(failures: Failures): readonly Assumption[] {
  return Object.entries(failures).map(([name, tries]) => {
    const [component = '', start] = name.split('@')
    const scheduledStart = start === undefined ? undefined : at(start)
    return { kind: 'failure', target: { component: objectId(component), scheduledStart }, tries }
  })
}

/** What the simulation and the engine make of the same circumstances. */
async function bothTraces(whole: Definition, play: Partial<Play> & { failures?: Failures; hours: number }) {
  const { failures = {}, hours, missingUntil = activatedAt } = play
  const to = plusMs(activatedAt, hours * 3_600_000)
  const missing: readonly Assumption[] =
    missingUntil > activatedAt ? [{ kind: 'missing', path: 's3://b', appearsAt: missingUntil }] : []
  const fails: Play['fails'] = (id, number) => {
    const split = id.lastIndexOf('_')
    const tries = failures[`${id.slice(1, split)}@${id.slice(split + 1)}`] ?? failures[id.slice(1, split)] ?? 0
    return number <= tries
  }
  const played = await playedTrace(whole, { to, taskMs, workerGroups, missingUntil, fails, ...play })
  if (played.length === 0) throw new Error('Nothing was played.')
  return { played, simulated: simulatedTrace(simulated(whole, to, [...assumedFailures(failures), ...missing])) }
}

const hourly = schedule('Hourly', '1 hour')

const shell = (id: string, fields: Parameters<typeof object>[1] = {}) =>
  object(id, { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('Hourly'), ...fields })

const machine = (fields: Parameters<typeof object>[1] = {}) =>
  object('M', {
    type: 'Ec2Resource',
    role: 'r',
    resourceRole: 'r',
    schedule: ref('Hourly'),
    terminateAfter: '1 day',
    ...fields,
  })

const onMachine = (id: string, fields: Parameters<typeof object>[1] = {}) =>
  object(id, { type: 'ShellCommandActivity', command: 'true', runsOn: ref('M'), schedule: ref('Hourly'), ...fields })

describe('the simulation makes the same instances as the engine, with the same times, tries and ends', () => {
  test('of a chain whose second run fails twice', async () => {
    const objects = [hourly, shell('A'), shell('B', { dependsOn: ref('A'), retryDelay: '7 minutes' })]
    const traces = await bothTraces(definition(objects), { hours: 3, failures: { 'B@2026-01-01T01:00:00': 2 } })
    expect(traces.simulated).toEqual(traces.played)
  })

  test('of a failure that cascades', async () => {
    const cascade = { failureAndRerunMode: 'CASCADE', maximumRetries: '1' }
    const objects = [
      hourly,
      shell('A', cascade),
      shell('B', { ...cascade, dependsOn: ref('A'), output: ref('Out') }),
      object('Out', {
        type: 'S3DataNode',
        directoryPath: 's3://b/out',
        schedule: ref('Hourly'),
        failureAndRerunMode: 'CASCADE',
      }),
      shell('C', { dependsOn: ref('B') }),
    ]
    const traces = await bothTraces(definition(objects), { hours: 2, failures: { A: 9 } })
    expect(traces.simulated).toEqual(traces.played)
  })

  test('of a week that waits for its days, made up for after they are over', async () => {
    const past = { startDateTime: '2025-12-01T00:00:00' }
    const objects = [
      schedule('Daily', '1 day', { ...past, occurrences: '14' }),
      schedule('Weekly', '1 week', { ...past, occurrences: '2' }),
      shell('Day', { schedule: ref('Daily'), maxActiveInstances: '3' }),
      shell('Week', { schedule: ref('Weekly'), dependsOn: ref('Day'), workerGroup: 'other' }),
    ]
    const traces = await bothTraces(definition(objects), { hours: 2, failures: { 'Day@2025-12-10T00:00:00': 1 } })
    expect(traces.simulated).toEqual(traces.played)
  })

  test('of machines for tasks that depend on one another, one of which takes the machine down', async () => {
    const objects = [
      hourly,
      machine({ actionOnTaskFailure: 'terminate' }),
      onMachine('A', { maximumRetries: '0' }),
      onMachine('B', { dependsOn: ref('A') }),
      onMachine('C'),
    ]
    const traces = await bothTraces(definition(objects), { hours: 3, failures: { 'A@2026-01-01T01:00:00': 1 } })
    expect(traces.simulated).toEqual(traces.played)
  })

  test('of a machine that outlives its time', async () => {
    const objects = [
      hourly,
      machine({ terminateAfter: '12 minutes' }),
      onMachine('A'),
      onMachine('B', { dependsOn: ref('A') }),
      onMachine('C', { dependsOn: ref('B') }),
    ]
    const traces = await bothTraces(definition(objects), { hours: 2 })
    expect(traces.simulated).toEqual(traces.played)
  })

  test('of a machine of the day that serves the hours', async () => {
    const objects = [
      hourly,
      schedule('Daily', '1 day', { occurrences: '1' }),
      machine({ schedule: ref('Daily') }),
      onMachine('A', { scheduleType: 'timeseries' }),
    ]
    const traces = await bothTraces(definition(objects), { hours: 25 })
    expect(traces.simulated).toEqual(traces.played)
  })

  test('of data that comes late, and of attempts and preconditions that take too long', async () => {
    const objects = [
      schedule('Hourly', '1 hour', { occurrences: '2' }),
      object('Key', { type: 'S3KeyExists', role: 'r', s3Key: 's3://b/k', retryDelay: '2 minutes' }),
      object('Strict', {
        type: 'S3PrefixNotEmpty',
        role: 'r',
        s3Prefix: 's3://b/p',
        retryDelay: '2 minutes',
        preconditionTimeout: '5 minutes',
      }),
      object('In', { type: 'S3DataNode', filePath: 's3://b/k', schedule: ref('Hourly'), precondition: ref('Key') }),
      shell('A', { input: ref('In') }),
      shell('B', { precondition: ref('Strict') }),
      shell('C', { attemptTimeout: '3 minutes', maximumRetries: '1' }),
    ]
    const traces = await bothTraces(definition(objects), { hours: 2, missingUntil: at('2026-01-01T00:10:00') })
    expect(traces.simulated).toEqual(traces.played)
  })

  test('of an activity that is terminated because it is late', async () => {
    const objects = [
      hourly,
      shell('A', { dependsOn: ref('B'), onLateAction: ref('Stop'), lateAfterTimeout: '20 minutes' }),
      shell('B', { retryDelay: '20 minutes' }),
      object('Stop', { type: 'Terminate' }),
    ]
    const traces = await bothTraces(definition(objects), { hours: 2, failures: { B: 1 } })
    expect(traces.simulated).toEqual(traces.played)
  })

  test('of a run on demand', async () => {
    const objects = [
      object('Default', { scheduleType: 'ondemand' }),
      object('A', { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg' }),
      object('B', { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', dependsOn: ref('A') }),
    ]
    const traces = await bothTraces(definition(objects), { hours: 1 })
    expect(traces.simulated).toEqual(traces.played)
  })
})

/** Definitions with more instances than this take the engine too long for a test. */
const instancesMax = 60

/** The hours that real definitions are played for. */
const corpusHours = 30

/** Something for every parameter that has no value of its own. */
function withValues(whole: Definition): Definition {
  const known = new Set(whole.parameterValues.map(({ id }) => id))
  const missing = whole.parameterObjects
    .map(readDeclaration)
    .filter(({ id, defaults, isOptional }) => !known.has(id) && defaults.length === 0 && !isOptional)
  return withActivationValues(
    whole,
    missing.map(({ id, type, allowedValues }) => ({
      id,
      text: allowedValues[0] ?? (type === 'Integer' || type === 'Double' ? '1' : 's3://bucket/key'),
    })),
  )
}

const playable = corpusFiles('definition').flatMap(({ name, text }) => {
  const file = readDefinitionFile(text)
  if (file.kind === 'unusable') return []
  const whole = withValues(file.definition)
  const problems = [...validate(whole, activated), ...unsupportedObjects(resolveObjects(whole).objects)]
  if (problems.some(({ severity }) => severity !== 'warning')) return []
  const { instances } = simulated(whole, plusMs(activatedAt, corpusHours * 3_600_000))
  return instances.length > 0 && instances.length <= instancesMax ? [{ name, whole }] : []
})

describe.skipIf(!hasCorpus)('real definitions (skipped where ../shared/corpus is missing)', () => {
  test('are there that the engine can run', () => {
    expect(playable.length).toBeGreaterThan(5)
  })

  test.each(playable)('$name comes out as on the engine', async ({ whole }) => {
    const traces = await bothTraces(whole, { hours: corpusHours, workerGroups: groupsOf(whole) })
    expect(traces.simulated).toEqual(traces.played)
  })
})

const groupsOf = ({ objects, parameterValues, parameterObjects }: Definition): readonly string[] => [
  ...new Set([
    ...objects.flatMap(({ fields }) =>
      fields.flatMap(({ key, value }) => (key === 'workerGroup' && value.kind === 'string' ? [value.text] : [])),
    ),
    ...parameterValues.map(({ text }) => text),
    ...parameterObjects.flatMap(({ attributes }) => attributes.map(({ text }) => text)),
  ]),
]
