import { Command, Option } from 'commander'
import { awsLimits, defaultLimits } from '../../core/definition/limits.ts'
import type { ParameterValue } from '../../core/definition/pipeline-object.ts'
import { type CommandContext, EXIT_STATUS, type ExitStatus } from '../command-context.ts'
import {
  collectParameter,
  collectTemplateValue,
  countProblems,
  type DefinitionSource,
  formatProblem,
  judgeFile,
  type LocatedProblem,
} from '../definition-source.ts'

type ValidateOptions = {
  readonly json?: true
  readonly against?: 'aws'
  readonly parameter?: readonly ParameterValue[]
  readonly templateValue?: ReadonlyMap<string, string>
}

/** `millrace validate FILE`: everything that is wrong with a definition file, without a server. */
export function validateCommand(context: CommandContext): Command {
  return new Command('validate')
    .description('find everything that is wrong with a definition file')
    .argument('<file>', 'a definition file, a CloudFormation template, or a configuration, state or plan of Terraform')
    .addOption(new Option('--against <service>', 'tell whether AWS Data Pipeline would accept it').choices(['aws']))
    .option('--parameter <id=value>', 'give a parameter a value, as at activation (may be repeated)', collectParameter)
    .option(
      '--template-value <name=value>',
      'what a name in a template stands for (may be repeated)',
      collectTemplateValue,
    )
    .option('--json', 'print the problems as JSON')
    .addHelpText(
      'after',
      '\nExit status: 0 if there is no error, 1 if there are errors, 2 if the file holds no definition.',
    )
    .action(async (path: string, options: ValidateOptions) => context.end(await validate(path, options, context)))
}

async function validate(
  path: string,
  options: ValidateOptions,
  { terminal, now }: CommandContext,
): Promise<ExitStatus> {
  const source = await judgeFile(path, {
    limits: options.against === 'aws' ? awsLimits : defaultLimits,
    now: now(),
    parameterValues: options.parameter,
    templateValues: options.templateValue ?? new Map(),
  })
  const { problems } = source
  const status = statusOf(source)
  if (options.json) {
    terminal.write(`${JSON.stringify(problems.map(toJson), undefined, 2)}\n`)
  } else {
    for (const problem of problems) terminal.write(`${formatProblem(problem)}\n`)
    const verdict = status === EXIT_STATUS.done ? 'accept' : 'refuse'
    const forAws = options.against === 'aws' ? `; AWS Data Pipeline would ${verdict} it` : ''
    terminal.writeError(`${path}: ${countProblems(problems)}${forAws}\n`)
  }
  return status
}

function statusOf({ kind, problems }: DefinitionSource): ExitStatus {
  if (kind === 'unusable') return EXIT_STATUS.unusable
  return problems.some(({ severity }) => severity !== 'warning') ? EXIT_STATUS.failed : EXIT_STATUS.done
}

function toJson({ file, line, column, severity, objectId, parameterId, field, message }: LocatedProblem) {
  const subject = { object: objectId, parameter: parameterId, field }
  return { file, line, column, severity: severity === 'warning' ? 'warning' : 'error', ...subject, message }
}
