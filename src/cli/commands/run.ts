import { randomUUID } from 'node:crypto'
import { basename, extname } from 'node:path'
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
  Unusable,
} from '../command-context.ts'
import { collectParameter, countProblems, formatProblem, judgeFile } from '../definition-source.ts'
import { type Following, followRun } from '../follow-run.ts'

type RunOptions = ConnectionFlags & { readonly name?: string; readonly parameter?: readonly ParameterValue[] }

/** `millrace run FILE`: a pipeline from a file, activated and followed to its end. */
export function runCommand(context: CommandContext): Command {
  const command = new Command('run')
    .description('create a pipeline from a definition file, activate it and follow it to its end')
    .argument('<file>', 'the definition file')
    .option('--name <name>', 'the name of the pipeline (default: that of the file)')
    .option('--parameter <id=value>', 'give a parameter a value (may be repeated)', collectParameter)
    .addHelpText('after', '\nExit status: 0 if all of it finished, 1 if something failed, 2 if it could not be run.')
    .action(async (path: string, options: RunOptions) => context.end(await run(path, options, context)))
  for (const option of context.connectionOptions) command.addOption(option)
  return command
}

async function run(path: string, options: RunOptions, context: CommandContext): Promise<ExitStatus> {
  const values = options.parameter ?? []
  const judgement = { limits: defaultLimits, now: context.now(), parameterValues: values, templateValues: new Map() }
  const source = await judgeFile(path, judgement)
  const errors = source.problems.filter(({ severity }) => severity !== 'warning')
  for (const problem of source.problems) context.terminal.writeError(`${formatProblem(problem)}\n`)
  if (source.kind === 'unusable') return EXIT_STATUS.unusable
  if (errors.length > 0) {
    context.terminal.writeError(`${path}: ${countProblems(source.problems)}; no pipeline was created.\n`)
    return EXIT_STATUS.failed
  }
  const [{ name: ownName, file }, ...others] = source.definitions
  if (others.length > 0)
    throw new Unusable(`${path} holds several pipelines. Write the one to run to a file of its own.`)
  const connection = await context.connect(options)
  const name = options.name ?? ownName ?? basename(path, extname(path))
  const pipelineId = await activate({ name, definition: file.definition, values }, connection, context)
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
