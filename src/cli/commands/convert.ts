import { Command, Option } from 'commander'
import { type DefinitionForm, definitionForms, writeDefinition } from '../../wire/definition-forms.ts'
import { type CommandContext, EXIT_STATUS, type ExitStatus } from '../command-context.ts'
import { type DefinitionFlags, definitionArgument, templateOptions } from '../definition-options.ts'
import { formatProblem, nameOf, onlyDefinition, readSource } from '../definition-source.ts'

type ConvertOptions = DefinitionFlags & { readonly to: DefinitionForm }

/** `millrace convert FILE --to FORM`: the same definition in another form, on standard output, without a server. */
export function convertCommand(context: CommandContext): Command {
  const command = new Command('convert')
    .description('write a definition in another form')
    .argument('<file>', definitionArgument)
    .addOption(
      new Option(
        '--to <form>',
        'a definition file, the input of the API, a CloudFormation template, or a configuration of Terraform',
      )
        .choices(definitionForms)
        .makeOptionMandatory(),
    )
    .addHelpText('after', '\nExit status: 0 if it has been written, 2 if the file cannot be used.')
    .action(async (path: string, options: ConvertOptions) => context.end(await convert(path, options, context)))
  for (const option of templateOptions()) command.addOption(option)
  return command
}

async function convert(path: string, options: ConvertOptions, context: CommandContext): Promise<ExitStatus> {
  const { terminal } = context
  const source = await readSource(path, options, context)
  if (source.kind === 'unusable') {
    for (const problem of source.problems) terminal.writeError(`${formatProblem(problem)}\n`)
    return EXIT_STATUS.unusable
  }
  const chosen = onlyDefinition(source)
  terminal.write(await writeDefinition(chosen.file.definition, options.to, nameOf(chosen, path)))
  return EXIT_STATUS.done
}
