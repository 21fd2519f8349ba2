import { Command } from 'commander'
import type { Client } from '../../wire/client.ts'
import { type CommandContext, type ConnectionFlags, EXIT_STATUS } from '../command-context.ts'
import { summary, tableLines } from '../instance-table.ts'
import { hasEnded, hasFailed, type InstanceView } from '../instance-view.ts'
import { InstanceReader, readPipeline } from '../read-pipeline.ts'

/** `millrace status [PIPELINE]`: all pipelines, or the instances of one and what they wait for. */
export function statusCommand(context: CommandContext): Command {
  const command = new Command('status')
    .description('show all pipelines, or the instances of one and what they wait for')
    .argument('[pipeline]', 'the id of the pipeline')
    .action(async (pipelineId: string | undefined, options: ConnectionFlags) => {
      const { client } = await context.connect(options)
      if (pipelineId === undefined) await showPipelines(client, context)
      else await showPipeline(client, pipelineId, context)
      context.end(EXIT_STATUS.done)
    })
  for (const option of context.connectionOptions) command.addOption(option)
  return command
}

async function showPipelines(client: Client, { terminal }: CommandContext): Promise<void> {
  let marker: string | undefined
  let count = 0
  do {
    const page = await client.listPipelines(marker === undefined ? {} : { marker })
    for (const { id } of page.pipelineIdList) {
      if (id === undefined) continue
      const { name, state, health } = await readPipeline(client, id)
      terminal.write(`${id}  ${state.padEnd(12)}  ${(health ?? '').padEnd(7)}  ${name}\n`)
      count += 1
    }
    marker = page.hasMoreResults === true ? page.marker : undefined
  } while (marker !== undefined)
  if (count === 0) terminal.writeError('There are no pipelines. Create one with millrace run FILE.\n')
}

async function showPipeline(client: Client, pipelineId: string, { terminal, now }: CommandContext): Promise<void> {
  const pipeline = await readPipeline(client, pipelineId)
  const instances = await new InstanceReader(client, pipelineId).read()
  const next = pipeline.nextRunTime === undefined ? '' : `, next run ${pipeline.nextRunTime}`
  terminal.write(`${pipelineId}  ${pipeline.name}  ${pipeline.state}${next}\n`)
  if (instances.length === 0) return
  const layout = {
    columns: terminal.columns(),
    rows: Number.POSITIVE_INFINITY,
    colours: terminal.isInteractive ? 'some' : 'none',
  } as const
  terminal.write(`${summary(instances)}\n\n${tableLines(instances, layout, now()).join('\n')}\n`)
  const remarks = instances.flatMap(remarkOf)
  if (remarks.length > 0) terminal.write(`\n${remarks.join('\n')}\n`)
}

/** Why an instance failed, or what keeps it from going on. */
function remarkOf(instance: InstanceView): readonly string[] {
  const { id, status, errorMessage, note, waitingOn } = instance
  if (hasFailed(instance)) return [`${id} ${status}${errorMessage === undefined ? '' : `: ${errorMessage}`}`]
  if (hasEnded(instance)) return []
  if (note !== undefined) return [`${id} ${status}: ${note}`]
  return waitingOn.length === 0 ? [] : [`${id} waits for ${waitingOn.join(', ')}`]
}
