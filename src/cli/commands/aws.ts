import { statSync } from 'node:fs'
import { CreateBucketCommand, DeleteBucketCommand, ListBucketsCommand, type S3Client } from '@aws-sdk/client-s3'
import { type CommandContext, EXIT_STATUS, type ExitStatus, Unusable } from '../command-context.ts'
import { parseS3Arguments, type S3Arguments } from '../s3/arguments.ts'
import { describeFile, type ListedFile, listBelow, listObjects } from '../s3/listing.ts'
import { formatLocation, type Location, parseLocation } from '../s3/location.ts'
import { isIncluded } from '../s3/name-filter.ts'
import { remove, type Streams, type Transfer, targetBelow, targetOf, transfer, transferName } from '../s3/transfer.ts'

/** Transfers under way at once. */
const TRANSFERS_AT_ONCE = 8

/** Times closer than this are the same to `sync`, in milliseconds: file systems and HTTP keep them in different units. */
const TIME_TOLERANCE_MS = 1000

/** Everything that a command of `aws s3` works with. */
type Work = S3Arguments & { readonly s3: S3Client; readonly context: CommandContext; readonly streams: Streams }

/**
 * `millrace aws s3 …`: what scripts find under the name `aws` on machines of a computer without the AWS CLI. It knows the commands
 * for files, in the AWS CLI's words. The arguments are those after `aws`, in their order, which matters.
 */
export async function runAws(args: readonly string[], context: CommandContext, streams: Streams): Promise<void> {
  const parsed = parseS3Arguments(args)
  const { s3 } = await context.connect({})
  context.end(await perform({ ...parsed, s3, context, streams }))
}

async function perform(work: Work): Promise<ExitStatus> {
  switch (work.command) {
    case 'cp':
    case 'mv':
      return carry(work, await (work.flags.has('recursive') ? transfersBelow(work) : singleTransfer(work)))
    case 'sync':
      return sync(work)
    case 'rm':
      return removeAll(work)
    case 'ls':
      return list(work)
    case 'mb':
      await work.s3.send(new CreateBucketCommand({ Bucket: bucketOf(work) }))
      return say(work, `make_bucket: ${bucketOf(work)}`)
    case 'rb':
      await work.s3.send(new DeleteBucketCommand({ Bucket: bucketOf(work) }))
      return say(work, `remove_bucket: ${bucketOf(work)}`)
    default:
      throw new Unusable(`'aws s3 ${work.command}' is not known here. Known are cp, mv, sync, rm, ls, mb and rb.`)
  }
}

function twoLocations({ command, operands }: Work): Transfer {
  const [source, target] = operands
  if (source === undefined || target === undefined) throw new Unusable(`aws s3 ${command} needs a source and a target.`)
  return { source: parseLocation(source), target: parseLocation(target) }
}

function oneLocation({ command, operands }: Work): Extract<Location, { kind: 's3' }> {
  const location = parseLocation(operands[0] ?? '')
  if (location.kind !== 's3') throw new Unusable(`aws s3 ${command} needs an s3:// URI.`)
  return location
}

const bucketOf = (work: Work): string => oneLocation(work).bucket

async function singleTransfer(work: Work): Promise<readonly Transfer[]> {
  const { source, target } = twoLocations(work)
  if (source.kind === 'local') await describeFile(source.path)
  const name = formatLocation(source)
  return [
    {
      source,
      target: targetOf(name, target, (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false),
    },
  ]
}

async function transfersBelow(work: Work): Promise<readonly Transfer[]> {
  const { source, target } = twoLocations(work)
  const files = await listBelow(work.s3, source)
  return files
    .filter(({ name }) => isIncluded(name, work.rules))
    .map(({ name, location }) => ({ source: location, target: targetBelow(name, target) }))
}

async function sync(work: Work): Promise<ExitStatus> {
  const { source, target } = twoLocations(work)
  const isMeant = ({ name }: ListedFile) => isIncluded(name, work.rules)
  const files = (await listBelow(work.s3, source)).filter(isMeant)
  const present = new Map((await listBelow(work.s3, target)).filter(isMeant).map((file) => [file.name, file]))
  const isNew = (file: ListedFile) => {
    const other = present.get(file.name)
    return (
      other === undefined ||
      other.sizeBytes !== file.sizeBytes ||
      file.modifiedAtMs > other.modifiedAtMs + TIME_TOLERANCE_MS
    )
  }
  const transfers = files
    .filter(isNew)
    .map(({ name, location }) => ({ source: location, target: targetBelow(name, target) }))
  const status = await carry({ ...work, command: 'sync' }, transfers)
  if (!work.flags.has('delete')) return status
  const names = new Set(files.map(({ name }) => name))
  for (const { name, location } of present.values()) {
    if (names.has(name)) continue
    await remove(work.s3, location)
    say(work, `delete: ${formatLocation(location)}`)
  }
  return status
}

async function carry(work: Work, transfers: readonly Transfer[]): Promise<ExitStatus> {
  let status: ExitStatus = EXIT_STATUS.done
  const queue = transfers.values()
  const carryNext = async () => {
    for (const one of queue) {
      const name = work.command === 'mv' ? 'move' : transferName(one)
      const words = `${formatLocation(one.source)} to ${formatLocation(one.target)}`
      try {
        await transfer(work.s3, one, work.streams)
        if (work.command === 'mv') await remove(work.s3, one.source)
        if (one.target.kind !== 'stream') say(work, `${name}: ${words}`)
      } catch (error) {
        work.context.terminal.writeError(
          `${name} failed: ${words} ${error instanceof Error ? error.message : String(error)}\n`,
        )
        status = EXIT_STATUS.failed
      }
    }
  }
  await Promise.all(Array.from({ length: TRANSFERS_AT_ONCE }, carryNext))
  return status
}

async function removeAll(work: Work): Promise<ExitStatus> {
  const location = oneLocation(work)
  const files = work.flags.has('recursive')
    ? (await listObjects(work.s3, location.bucket, location.key)).filter(({ name }) =>
        isIncluded(name.slice(location.key.length).replace(/^\//, ''), work.rules),
      )
    : [{ location }]
  for (const file of files) {
    await remove(work.s3, file.location)
    say(work, `delete: ${formatLocation(file.location)}`)
  }
  return EXIT_STATUS.done
}

async function list(work: Work): Promise<ExitStatus> {
  if (work.operands.length === 0) {
    const { Buckets = [] } = await work.s3.send(new ListBucketsCommand({}))
    for (const { Name, CreationDate } of Buckets)
      write(work, `${localTime(CreationDate?.getTime() ?? 0)} ${Name ?? ''}`)
    return EXIT_STATUS.done
  }
  const { bucket, key } = oneLocation(work)
  const files = await listObjects(work.s3, bucket, key)
  const folder = key.slice(0, key.lastIndexOf('/') + 1)
  const shown = new Set<string>()
  for (const { name, sizeBytes, modifiedAtMs } of files) {
    const rest = name.slice(folder.length)
    const slash = work.flags.has('recursive') ? -1 : rest.indexOf('/')
    const line = `${localTime(modifiedAtMs)} ${String(sizeBytes).padStart(10)} ${work.flags.has('recursive') ? name : rest}`
    shown.add(slash < 0 ? line : `${' '.repeat(27)}PRE ${rest.slice(0, slash + 1)}`)
  }
  for (const line of shown) write(work, line)
  // The AWS CLI says the same with its status: nothing has this prefix.
  return files.length === 0 && key !== '' ? EXIT_STATUS.failed : EXIT_STATUS.done
}

const localTime = (epochMs: number): string =>
  Temporal.Instant.fromEpochMilliseconds(epochMs)
    .toZonedDateTimeISO(Temporal.Now.timeZoneId())
    .toPlainDateTime()
    .toString({ smallestUnit: 'second' })
    .replace('T', ' ')

/** Prints what was done, unless the script wants to hear of errors only. */
function say(work: Work, line: string): ExitStatus {
  if (!work.flags.has('quiet') && !work.flags.has('only-show-errors')) write(work, line)
  return EXIT_STATUS.done
}

const write = ({ context }: Work, line: string): void => context.terminal.write(`${line}\n`)
