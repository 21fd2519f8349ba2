import { Command } from 'commander'
import type { PipelineObject } from '../../core/definition/pipeline-object.ts'
import type { Why } from '../../core/lifecycle/why.ts'
import type { Client } from '../../wire/client.ts'
import { decodeWhy, whyKey } from '../../wire/why.ts'
import {
  type CommandContext,
  type ConnectionFlags,
  EXIT_STATUS,
  type ExitStatus,
  Unusable,
} from '../command-context.ts'
import { type Found, findInstance } from '../find-instance.ts'
import { toInstanceView } from '../instance-view.ts'
import { listPipelineIds } from '../read-pipeline.ts'
import { whyLines } from '../why-lines.ts'

/** `millrace why [PIPELINE] INSTANCE`: why an instance is where it is, and what would move it on. */
export function whyCommand(context: CommandContext): Command {
  const command = new Command('why')
    .description('say why an instance is where it is, and what would move it on')
    .usage('[options] [pipeline] <instance>')
    .argument('<names...>', 'the id of an instance, or the id or name of a component; before it the id of the pipeline')
    .action(async (names: readonly string[], flags: ConnectionFlags) => {
      const [first = '', second, ...others] = names
      if (others.length > 0)
        throw new Unusable('why takes the id of a pipeline and that of an instance, or the latter.')
      const { client } = await context.connect(flags)
      const wanted = second === undefined ? { name: first } : { pipelineId: first, name: second }
      context.end(await explain(client, wanted, context))
    })
  for (const option of context.connectionOptions) command.addOption(option)
  return command
}

type Wanted = { readonly pipelineId?: string; readonly name: string }

async function explain(client: Client, wanted: Wanted, { terminal, now }: CommandContext): Promise<ExitStatus> {
  const found = await search(client, wanted)
  const [one, ...others] = found
  if (one === undefined) {
    const { pipelineId, name } = wanted
    const who = pipelineId === undefined ? 'No pipeline has an' : `Pipeline ${pipelineId} has no`
    terminal.writeError(`${who} instance or component ${name}.\n`)
    return EXIT_STATUS.failed
  }
  if (others.length > 0) {
    const ids = found.map(({ pipelineId }) => pipelineId).join(', ')
    throw new Unusable(`Several pipelines have ${wanted.name}; say which one: ${ids}.`)
  }
  const { pipelineId } = one
  const remark = remarkOn(one.found)
  if (remark !== undefined) terminal.write(`${remark}\n`)
  const why = whyIn(one.found)
  if (why !== undefined) terminal.write(`${whyLines(why, { pipelineId, now: now() }).join('\n')}\n`)
  return EXIT_STATUS.done
}

async function search(client: Client, { pipelineId, name }: Wanted) {
  const pipelineIds = pipelineId === undefined ? await listPipelineIds(client) : [pipelineId]
  const found: { readonly pipelineId: string; readonly found: Found }[] = []
  for (const id of pipelineIds) {
    const place = await findInstance(client, id, name)
    if (place !== undefined) found.push({ pipelineId: id, found: place })
  }
  // A pipeline that has the instance is meant rather than one that has only a component of that name.
  const existing = found.filter(({ found: { kind } }) => kind === 'instance')
  return existing.length === 0 ? found : existing
}

function remarkOn(found: Found): string | undefined {
  if (found.kind === 'instance') return undefined
  const { object, missing } = found
  const why = whyIn(found)
  const next = why?.nodes[0]?.id
  if (missing === undefined) {
    return why === undefined ? `${object.id} has no open instance, and none is to come.` : undefined
  }
  if (next === missing) return undefined
  const follows =
    why === undefined ? `no instance of ${object.id} is to come` : `the next instance of ${object.id} is ${next}`
  return `There is no ${missing}; ${follows}.`
}

/** What the service says; of what has finished there is nothing to say. */
function whyIn({ kind, object }: Found): Why | undefined {
  const value = object.fields.find(({ key }) => key === whyKey)?.value
  if (value !== undefined) return value.kind === 'string' ? decodeWhy(value.text) : undefined
  return kind === 'instance' ? finished(object) : undefined
}

function finished(object: PipelineObject): Why {
  const { status, actualEnd: since } = toInstanceView(object)
  if (status === 'FINISHED') {
    return { nodes: [{ id: object.id, status, since, cause: { kind: 'finished' }, waitsFor: [] }] }
  }
  throw new Unusable(
    `The service does not say why ${object.id} is ${status}: it is not Millrace, or an earlier release.`,
  )
}
