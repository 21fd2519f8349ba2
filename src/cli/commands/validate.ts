import { Command, Option } from 'commander'
import { awsLimits, defaultLimits, type Limits } from '../../core/definition/limits.ts'
import { type CommandContext, EXIT_STATUS, type ExitStatus } from '../command-context.ts'
import { type DefinitionFlags, definitionArgument, parameterOption, templateOptions } from '../definition-options.ts'
import {
  countProblems,
  type DefinitionSource,
  formatProblem,
  inFileOrder,
  isAccepted,
  judge,
  judgeSupport,
  type LocatedProblem,
  readSource,
} from '../definition-source.ts'

type ValidateOptions = DefinitionFlags & { readonly json?: true; readonly against?: 'aws' }

/** `millrace validate FILE`: everything that is wrong with a definition file, without a server. */
export function validateCommand(context: CommandContext): Command {
  const command = new Command('validate')
    .description('find everything that is wrong with a definition file')
    .argument('<file>', definitionArgument)
    .addOption(
      new Option('--against <service>', 'tell whether AWS Data Pipeline would accept and activate it').choices(['aws']),
    )
    .addOption(parameterOption())
    .option('--json', 'print the problems, and who would accept the definition, as JSON')
    .addHelpText(
      'after',
      '\nExit status: 0 if there is no error, 1 if there are errors, 2 if the file holds no definition.',
    )
    .action(async (path: string, options: ValidateOptions) => context.end(await validate(path, options, context)))
  for (const option of templateOptions()) command.addOption(option)
  return command
}

async function validate(path: string, options: ValidateOptions, context: CommandContext): Promise<ExitStatus> {
  const { terminal } = context
  const source = await readSource(path, options, context)
  const now = context.now()
  const problemsFor = (limits: Limits) => judge(source, { limits, now, parameterValues: options.parameter })
  const unsupported = judgeSupport(source)
  const problems =
    options.against === 'aws' ? problemsFor(awsLimits) : inFileOrder([...problemsFor(defaultLimits), ...unsupported])
  if (options.json) {
    const acceptedBy = {
      millrace: isAccepted(problemsFor(defaultLimits)) && unsupported.length === 0,
      aws: isAccepted(problemsFor(awsLimits)),
    }
    terminal.write(`${JSON.stringify({ acceptedBy, problems: problems.map(toJson) }, undefined, 2)}\n`)
  } else {
    // Thousands of lines are one write.
    terminal.write(problems.map((problem) => `${formatProblem(problem)}\n`).join(''))
    const verdict = options.against === 'aws' ? verdictOfAws(problems) : verdictOnSupport(unsupported.length)
    terminal.writeError(`${path}: ${countProblems(problems)}${verdict}\n`)
  }
  return statusOf(source, problems)
}

const verdictOfAws = (problems: readonly LocatedProblem[]): string =>
  `; AWS Data Pipeline would ${isAccepted(problems) ? 'accept' : 'refuse'} it`

/** What is valid need not run. */
const verdictOnSupport = (unsupportedCount: number): string =>
  unsupportedCount === 0
    ? ''
    : `; this version of Millrace would refuse to activate it, for ${unsupportedCount} of the warnings`

function statusOf({ kind }: DefinitionSource, problems: readonly LocatedProblem[]): ExitStatus {
  if (kind === 'unusable') return EXIT_STATUS.unusable
  return isAccepted(problems) ? EXIT_STATUS.done : EXIT_STATUS.failed
}

function toJson({ file, line, column, severity, objectId, parameterId, field, message }: LocatedProblem) {
  const subject = { object: objectId, parameter: parameterId, field }
  return { file, line, column, severity: severity === 'warning' ? 'warning' : 'error', ...subject, message }
}
