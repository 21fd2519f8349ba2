import { Command } from 'commander'
import type { ParameterValue } from '../../core/definition/pipeline-object.ts'
import { type CommandContext, EXIT_STATUS, type ExitStatus } from '../command-context.ts'
import {
  collectParameter,
  countProblems,
  formatProblem,
  type LocatedProblem,
  readDefinition,
} from '../definition-source.ts'

type ValidateOptions = { readonly json?: true; readonly parameter?: readonly ParameterValue[] }

/** `millrace validate FILE`: everything that is wrong with a definition file, without a server. */
export function validateCommand(context: CommandContext): Command {
  return new Command('validate')
    .description('find everything that is wrong with a definition file')
    .argument('<file>', 'the definition file')
    .option('--parameter <id=value>', 'give a parameter a value, as at activation (may be repeated)', collectParameter)
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
  const source = await readDefinition(path, options.parameter, now())
  const { problems } = source
  if (options.json) {
    terminal.write(`${JSON.stringify(problems.map(toJson), undefined, 2)}\n`)
  } else {
    for (const problem of problems) terminal.write(`${formatProblem(problem)}\n`)
    terminal.writeError(`${path}: ${countProblems(problems)}\n`)
  }
  if (source.kind === 'unusable') return EXIT_STATUS.unusable
  return problems.some(({ severity }) => severity !== 'warning') ? EXIT_STATUS.failed : EXIT_STATUS.done
}

function toJson({ file, line, column, severity, objectId, parameterId, field, message }: LocatedProblem) {
  const subject = { object: objectId, parameter: parameterId, field }
  return { file, line, column, severity: severity === 'warning' ? 'warning' : 'error', ...subject, message }
}
