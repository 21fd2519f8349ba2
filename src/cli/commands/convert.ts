import { basename, extname } from 'node:path'
import { Command, Option } from 'commander'
import { type DefinitionForm, definitionForms, writeDefinition } from '../../wire/definition-forms.ts'
import { type CommandContext, EXIT_STATUS, type ExitStatus, Unusable } from '../command-context.ts'
import { collectTemplateValue, formatProblem, readFileOfDefinitions } from '../definition-source.ts'

type ConvertOptions = {
  readonly to: DefinitionForm
  readonly pipeline?: string
  readonly templateValue?: ReadonlyMap<string, string>
}

/** `millrace convert FILE --to FORM`: the same definition in another form, on standard output, without a server. */
export function convertCommand({ terminal, end }: CommandContext): Command {
  return new Command('convert')
    .description('write a definition in another form')
    .argument('<file>', 'a definition file, a CloudFormation template, or a configuration, state or plan of Terraform')
    .addOption(
      new Option(
        '--to <form>',
        'a definition file, the input of the API, a CloudFormation template, or a configuration of Terraform',
      )
        .choices(definitionForms)
        .makeOptionMandatory(),
    )
    .option('--pipeline <name>', 'which pipeline of a template, where it has several')
    .option(
      '--template-value <name=value>',
      'what a name in a template stands for (may be repeated)',
      collectTemplateValue,
    )
    .addHelpText('after', '\nExit status: 0 if it has been written, 2 if the file cannot be used.')
    .action(async (path: string, options: ConvertOptions) => end(await convert(path, options, terminal)))
}

async function convert(
  path: string,
  { to, pipeline, templateValue = new Map() }: ConvertOptions,
  terminal: CommandContext['terminal'],
): Promise<ExitStatus> {
  const source = await readFileOfDefinitions(path, templateValue)
  if (source.kind === 'unusable') {
    for (const problem of source.problems) terminal.writeError(`${formatProblem(problem)}\n`)
    return EXIT_STATUS.unusable
  }
  const [first, ...others] = source.definitions
  const names = source.definitions.map(({ name }) => `'${name}'`).join(', ')
  const chosen = pipeline === undefined ? first : source.definitions.find(({ name }) => name === pipeline)
  if (chosen === undefined) throw new Unusable(`${path} has no pipeline '${pipeline}', only ${names}.`)
  if (pipeline === undefined && others.length > 0) {
    throw new Unusable(`${path} has several pipelines. Choose one with --pipeline: ${names}.`)
  }
  terminal.write(await writeDefinition(chosen.file.definition, to, chosen.name ?? basename(path, extname(path))))
  return EXIT_STATUS.done
}
