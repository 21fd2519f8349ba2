import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { Command } from 'commander'
import type { PipelineObject } from '../../core/definition/pipeline-object.ts'
import {
  type CommandContext,
  type Connection,
  type ConnectionFlags,
  EXIT_STATUS,
  type ExitStatus,
} from '../command-context.ts'
import { describeAll, queryAll } from '../read-pipeline.ts'
import { type ListedFile, listBelow } from '../s3/listing.ts'
import { formatLocation, type Location, parseLocation } from '../s3/location.ts'

/** `millrace logs PIPELINE [OBJECT]`: what the attempts of a pipeline have written, or those of one of its objects. */
export function logsCommand(context: CommandContext): Command {
  const command = new Command('logs')
    .description('print the logs of a pipeline, or of one of its objects')
    .argument('<pipeline>', 'the id of the pipeline')
    .argument('[object]', 'the id or name of a component, an instance or an attempt')
    .action(async (pipelineId: string, objectId: string | undefined, flags: ConnectionFlags) => {
      const connection = await context.connect(flags)
      context.end(await printLogs({ pipelineId, objectId }, connection, context))
    })
  for (const option of context.connectionOptions) command.addOption(option)
  return command
}

type Wanted = { readonly pipelineId: string; readonly objectId: string | undefined }

async function printLogs(wanted: Wanted, connection: Connection, context: CommandContext): Promise<ExitStatus> {
  const { pipelineId, objectId } = wanted
  const { terminal } = context
  const attempts = await findAttempts(wanted, connection)
  if (attempts.length === 0) {
    const of = objectId === undefined ? `Pipeline ${pipelineId}` : `'${objectId}' of pipeline ${pipelineId}`
    terminal.writeError(`${of} has no attempts yet, so there are no logs.\n`)
    return EXIT_STATUS.failed
  }
  for (const attempt of attempts) {
    const folder = logFolderOf(attempt, pipelineId)
    const files = folder === undefined ? [] : await listBelow(connection.s3, folder)
    if (files.length === 0) terminal.writeError(`${attempt.id}: ${whyNone(attempt, folder)}\n`)
    for (const file of files) await printFile(file, connection.s3, context)
  }
  return EXIT_STATUS.done
}

/** The attempts that are wanted, in the order of their ids, which is that of their components and times. */
async function findAttempts(
  { pipelineId, objectId }: Wanted,
  { client }: Connection,
): Promise<readonly PipelineObject[]> {
  const ids = await queryAll(client, pipelineId, { sphere: 'ATTEMPT' })
  const attempts = await describeAll(client, pipelineId, { ids, expressions: 'evaluated' })
  if (objectId === undefined) return attempts
  return attempts.filter((attempt) => {
    const named = [attempt.id, attempt.name, fieldOf(attempt, '@instanceParent'), fieldOf(attempt, '@componentParent')]
    return named.includes(objectId) || attempt.name.startsWith(`@${objectId}_`)
  })
}

/** @source guide: dp-viewing-logs */
function logFolderOf(attempt: PipelineObject, pipelineId: string): Location | undefined {
  const root = fieldOf(attempt, 'pipelineLogUri')
  if (root === undefined) return undefined
  const [component, instance] = [fieldOf(attempt, '@componentParent'), fieldOf(attempt, '@instanceParent')]
  return parseLocation(`${root.replace(/\/+$/, '')}/${pipelineId}/${component}/${instance}/${attempt.id}/`)
}

function whyNone(attempt: PipelineObject, folder: Location | undefined): string {
  const error = fieldOf(attempt, 'errorMessage')
  const reason = error === undefined ? '' : ` It says: ${error}`
  if (folder === undefined) return `no logs are kept, because the object has no pipelineLogUri.${reason}`
  return `nothing has been written to ${formatLocation(folder)} yet.${reason}`
}

async function printFile({ name, location }: ListedFile, s3: S3Client, { terminal }: CommandContext): Promise<void> {
  if (location.kind !== 's3') return
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: location.bucket, Key: location.key }))
  const body = Body instanceof Readable ? Body : Readable.from([])
  const content = await text(name.endsWith('.gz') ? body.pipe(createGunzip()) : body)
  terminal.write(`==> ${formatLocation(location)} <==\n${content}${content.endsWith('\n') ? '' : '\n'}\n`)
}

function fieldOf({ fields }: PipelineObject, key: string): string | undefined {
  const value = fields.find((field) => field.key === key)?.value
  return value?.kind === 'reference' ? value.target : value?.text
}
