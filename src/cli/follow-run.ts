import { formatInstant } from '../core/instant.ts'
import type { CommandContext, Connection } from './command-context.ts'
import { tableLines } from './instance-table.ts'
import { compareInstances, type InstanceView } from './instance-view.ts'
import { LiveLines } from './live-lines.ts'
import { InstanceReader, readPipeline } from './read-pipeline.ts'
import { outcomeOf, type RunOutcome } from './run-outcome.ts'

/** The pause between two looks at a run, in milliseconds: quick enough to look live, slow enough to cost nothing. */
const LOOK_AGAIN_MS = 250

/** Lines that stay free below the table, for what follows it. */
const SPARE_ROWS = 2

/** How following ended: with the run, or because the user no longer wanted to. */
export type Following = RunOutcome | { readonly kind: 'interrupted' }

/** Shows how a pipeline's run goes on until it is over: a table in place on a terminal, else a line for each change. */
export async function followRun(
  pipelineId: string,
  { client }: Connection,
  context: CommandContext,
): Promise<Following> {
  const reader = new InstanceReader(client, pipelineId)
  const show = context.terminal.isInteractive ? inPlace(context) : lineByLine(context)
  while (!context.interrupted.aborted) {
    // The state is read first: a run that is over by then has no instance that is not read after it.
    const pipeline = await readPipeline(client, pipelineId)
    const instances = await reader.read()
    show(instances)
    const outcome = outcomeOf(pipeline, instances)
    if (outcome.kind !== 'running') return outcome
    await context.pause(LOOK_AGAIN_MS)
  }
  return { kind: 'interrupted' }
}

type Show = (instances: readonly InstanceView[]) => void

function inPlace({ terminal, now }: CommandContext): Show {
  const live = new LiveLines(terminal)
  return (instances) => {
    const layout = { columns: terminal.columns() - 1, rows: terminal.rows() - SPARE_ROWS, colours: 'some' } as const
    live.show(tableLines(instances, layout, now()))
  }
}

function lineByLine({ terminal, now }: CommandContext): Show {
  const shown = new Map<string, string>()
  return (instances) => {
    const changed = instances.filter(({ id, status }) => shown.get(id) !== status).sort(compareInstances)
    for (const { id, status, errorMessage } of changed) {
      shown.set(id, status)
      const reason = errorMessage === undefined ? '' : `: ${errorMessage}`
      terminal.write(`${formatInstant(now())}  ${id}  ${status}${reason}\n`)
    }
  }
}
