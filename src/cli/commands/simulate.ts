import { Command, Option } from 'commander'
import { withActivationValues } from '../../core/definition/activation.ts'
import { resolveObjects } from '../../core/definition/effective-object.ts'
import { defaultLimits } from '../../core/definition/limits.ts'
import { parameterEntries } from '../../core/definition/parameters.ts'
import type { Definition } from '../../core/definition/pipeline-object.ts'
import { formatInstant, type Instant } from '../../core/instant.ts'
import { makePlan, type Plan } from '../../core/lifecycle/plan.ts'
import type { Scenario } from '../../core/simulation/scenario.ts'
import { simulate } from '../../core/simulation/simulate.ts'
import { type CommandContext, EXIT_STATUS, type ExitStatus, Unusable } from '../command-context.ts'
import { type DefinitionFlags, definitionArgument, parameterOption, templateOptions } from '../definition-options.ts'
import { formatProblem, isAccepted, judge, onlyDefinition, readSource } from '../definition-source.ts'
import { type AssumptionFlags, assumptionText, readAssumptions } from '../simulation/assumption-options.ts'
import { readDurationMs, readMoment } from '../simulation/moment.ts'
import { simulationJson } from '../simulation/simulation-json.ts'
import { simulationLines } from '../simulation/simulation-lines.ts'

type SimulateOptions = DefinitionFlags &
  AssumptionFlags & {
    readonly from: string
    readonly to: string
    readonly activatedAt?: string
    readonly duration: string
    readonly machineStart: string
    readonly limit: string
    readonly json?: true
  }

/** What a definition does not say and a server has by default: the pause between tries, and between checks. */
const runDefaults = { retryDelayMs: 600_000, recheckDelayMs: 10_000 }

/** The id that the pipeline has in its expressions. */
const simulatedPipelineId = 'df-00000000SIMULATION'

/** `millrace simulate FILE`: every run that a definition would make between two times, without a server. */
export function simulateCommand(context: CommandContext): Command {
  const command = new Command('simulate')
    .description('show every run that a definition would make between two times, without running anything')
    .argument('<file>', definitionArgument)
    .requiredOption(
      '--from <time>',
      'the first time, in UTC: YYYY-MM-DDTHH:MM:SS or YYYY-MM-DD; what was due before it counts as done',
    )
    .requiredOption('--to <time>', 'the time at which the simulation stops')
    .option(
      '--activated-at <time>',
      'when the pipeline is first activated; what was due since --from is made up for then (default: --from)',
    )
    .option('--duration <duration>', 'how long an activity works', '5m')
    .option('--machine-start <duration>', 'how long a machine takes to come up', '2m')
    .addOption(
      repeatable(
        '--delay <component[@time]=duration>',
        'how long one takes; a precondition of S3 holds that much later',
      ),
    )
    .addOption(
      repeatable(
        '--fail <component[@time][=tries]>',
        'let one fail: the instance of a scheduled start, or all; all its tries, or the first',
      ),
    )
    .addOption(repeatable('--missing <s3://path[@time]>', 'let data be missing, for ever or until a time'))
    .addOption(parameterOption())
    .option('--limit <count>', 'how many instances are shown: a number, or all', '100')
    .option('--json', 'print everything as JSON')
    .addHelpText(
      'after',
      '\nExit status: 0 if it was simulated, 1 if the definition has errors, 2 if the command makes no sense.',
    )
    .action(async (path: string, options: SimulateOptions) => context.end(await run(path, options, context)))
  for (const option of templateOptions()) command.addOption(option)
  return command
}

const repeatable = (flags: string, description: string): Option =>
  new Option(flags, `${description} (may be repeated)`).argParser((text: string, previous: readonly string[] = []) => [
    ...previous,
    text,
  ])

async function run(path: string, options: SimulateOptions, context: CommandContext): Promise<ExitStatus> {
  const { terminal } = context
  const source = await readSource(path, options, context)
  const window = readWindow(options)
  const judgement = { limits: defaultLimits, now: window.activatedAt, parameterValues: options.parameter ?? [] }
  const problems = judge(source, judgement)
  if (source.kind === 'unusable' || !isAccepted(problems)) {
    const errors = problems.filter(({ severity }) => severity !== 'warning')
    for (const problem of errors) terminal.writeError(`${formatProblem(problem)}\n`)
    return source.kind === 'unusable' ? EXIT_STATUS.unusable : EXIT_STATUS.failed
  }
  const definition = withActivationValues(onlyDefinition(source).file.definition, options.parameter ?? [])
  const plan = planOf(definition, window.activatedAt)
  const scenario: Scenario = {
    ...window,
    taskMs: readDurationMs('--duration', options.duration),
    machineStartMs: readDurationMs('--machine-start', options.machineStart),
    assumptions: readAssumptions(plan, options),
  }
  const limit = readLimit(options.limit)
  const simulation = simulate(plan, scenario)
  if (options.json) {
    terminal.write(simulationJson(plan, scenario, simulation))
  } else {
    const layout = { limit, colours: terminal.isInteractive ? 'some' : 'none' } as const
    terminal.write(`${simulationLines({ plan, scenario, simulation }, layout).join('\n')}\n`)
  }
  for (const assumption of simulation.unused) {
    terminal.writeError(`${assumptionText(assumption)} had no effect: nothing came about that it says anything of.\n`)
  }
  return EXIT_STATUS.done
}

function readWindow({ from: fromText, to: toText, activatedAt: activatedText }: SimulateOptions) {
  const from = readMoment('--from', fromText)
  const to = readMoment('--to', toText)
  const activatedAt = activatedText === undefined ? from : readMoment('--activated-at', activatedText)
  if (to <= from) throw new Unusable(`--to ${toText} is not after --from ${fromText}. Give a later time.`)
  if (to <= activatedAt) {
    throw new Unusable(`--to ${toText} is not after --activated-at ${formatInstant(activatedAt)}. Give a later time.`)
  }
  return { from, to, activatedAt }
}

function readLimit(text: string): number {
  if (text === 'all') return Number.POSITIVE_INFINITY
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Unusable(`--limit: '${text}' is no number. Write how many instances to show, or all.`)
}

function planOf(definition: Definition, firstActivatedAt: Instant): Plan {
  const { plan, problems } = makePlan({
    pipelineId: simulatedPipelineId,
    objects: resolveObjects(definition).objects,
    parameters: parameterEntries(definition).entries,
    firstActivatedAt,
    defaults: runDefaults,
  })
  const [problem] = problems.filter(({ severity }) => severity !== 'warning')
  if (problem === undefined) return plan
  throw new Unusable(`${[problem.objectId, problem.field].join('.')}: ${problem.message}`)
}
