import { randomUUID } from 'node:crypto'
import { Command } from 'commander'
import { assertNever } from '../../core/assert-never.ts'
import { defaultLimits } from '../../core/definition/limits.ts'
import type { Definition, ParameterValue } from '../../core/definition/pipeline-object.ts'
import { encodeDefinition, encodeParameterValue } from '../../wire/codec.ts'
import type { Output } from '../../wire/outputs.ts'
import {
  type CommandContext,
  type Connection,
  type ConnectionFlags,
  EXIT_STATUS,
  type ExitStatus,
} from '../command-context.ts'
import { type DefinitionFlags, definitionArgument, parameterOption, templateOptions } from '../definition-options.ts'
import {
  countProblems,
  formatProblem,
  isAccepted,
  judge,
  nameOf,
  onlyDefinition,
  readSource,
} from '../definition-source.ts'
import { type Following, followRun } from '../follow-run.ts'

type RunOptions = ConnectionFlags & DefinitionFlags & { readonly name?: string }

/** `millrace run FILE`: a pipeline from a file, activated and followed to its end. */
export function runCommand(context: CommandContext): Command {
  const command = new Command('run')
    .description('create a pipeline from a definition file, activate it and follow it to its end')
    .argument('<file>', definitionArgument)
    .option('--name <name>', 'the name of the pipeline (default: as in the template, else that of the file)')
    .addOption(parameterOption())
    .addHelpText('after', '\nExit status: 0 if all of it finished, 1 if something failed, 2 if it could not be run.')
    .action(async (path: string, options: RunOptions) => context.end(await run(path, options, context)))
  for (const option of [...templateOptions(), ...context.connectionOptions]) command.addOption(option)
  return command
}

async function run(path: string, options: RunOptions, context: CommandContext): Promise<ExitStatus> {
  const values = options.parameter ?? []
  const source = await readSource(path, options, context)
  const problems = judge(source, { limits: defaultLimits, now: context.now(), parameterValues: values })
  for (const problem of problems) context.terminal.writeError(`${formatProblem(problem)}\n`)
  if (source.kind === 'unusable') return EXIT_STATUS.unusable
  if (!isAccepted(problems)) {
    context.terminal.writeError(`${path}: ${countProblems(problems)}; no pipeline was created.\n`)
    return EXIT_STATUS.failed
  }
  const chosen = onlyDefinition(source)
  const connection = await context.connect(options)
  const name = options.name ?? nameOf(chosen, path)
  const pipelineId = await activate({ name, definition: chosen.file.definition, values }, connection, context)
  if (pipelineId === undefined) return EXIT_STATUS.failed
  context.terminal.writeError(`Pipeline ${pipelineId} (${name}) is active.\n`)
  return report(await followRun(pipelineId, connection, context), pipelineId, context)
}

/** Creates and activates a pipeline; `undefined` when the service finds errors, which have been printed. */
async function activate(
  pipeline: { readonly name: string; readonly definition: Definition; readonly values: readonly ParameterValue[] },
  { client }: Connection,
  { terminal }: CommandContext,
): Promise<string | undefined> {
  const { name, definition, values } = pipeline
  const { pipelineId } = await client.createPipeline({ name, uniqueId: randomUUID() })
  const answer = await client.putPipelineDefinition({ pipelineId, ...encodeDefinition(definition) })
  if (answer.errored) {
    for (const line of errorLines(answer)) terminal.writeError(`${line}\n`)
    await client.deletePipeline({ pipelineId })
    return undefined
  }
  await client.activatePipeline({ pipelineId, parameterValues: values.map(encodeParameterValue) })
  return pipelineId
}

const errorLines = ({ validationErrors = [] }: Output<'PutPipelineDefinition'>): readonly string[] =>
  validationErrors.flatMap(({ id, errors = [] }) => errors.map((error) => `${id ?? 'Default'}: ${error}`))

function report(following: Following, pipelineId: string, { terminal }: CommandContext): ExitStatus {
  switch (following.kind) {
    case 'finished':
      terminal.writeError(`Pipeline ${pipelineId} is finished.\n`)
      return EXIT_STATUS.done
    case 'failed': {
      for (const { id, status, errorMessage } of following.failed) {
        terminal.writeError(`${id} ${status}${errorMessage === undefined ? '' : `: ${errorMessage}`}\n`)
      }
      const waiting = following.blocked.length === 0 ? '' : ` ${following.blocked.length} more wait for what failed.`
      terminal.writeError(`Pipeline ${pipelineId} has failed.${waiting} See millrace logs ${pipelineId}\n`)
      return EXIT_STATUS.failed
    }
    case 'interrupted':
    case 'running':
      terminal.writeError(`Pipeline ${pipelineId} goes on without being followed. See millrace status ${pipelineId}\n`)
      return EXIT_STATUS.failed
    default:
      return assertNever(following)
  }
}
