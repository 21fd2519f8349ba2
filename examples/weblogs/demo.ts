import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { Command, InvalidArgumentError } from 'commander'
import { generateLog } from './generate-log.ts'
import { type DemoServer, startMillrace, startServer } from './millrace-process.ts'
import { type DayFile, splitLog } from './split-log.ts'

/** The week of the log that is made up; it begins on a Sunday. */
const FIRST_DAY = '2025-11-02'

const DAYS = 7

/** What makes the same log each time. */
const SEED = 1912

/** An hour is late enough to see a pipeline wait. */
const LATE_SECONDS_MAX = 3600

const BUCKET = 'weblogs'

type DemoOptions = { readonly log: string | undefined; readonly lateSeconds: number; readonly dataFolder: string }

const interrupted = new AbortController()

process.exitCode = await main()

async function main(): Promise<number> {
  const options = await readOptions()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort())
  const server = await startServer(options.dataFolder)
  try {
    console.log(`Millrace runs at ${server.environment.AWS_ENDPOINT_URL_DATA_PIPELINE}, on ${options.dataFolder}\n`)
    return await runPipeline(server, options)
  } finally {
    await server.stop()
  }
}

async function readOptions(): Promise<DemoOptions> {
  const { log, late, data } = new Command('npm run demo --')
    .description('Runs Millrace with a pipeline that archives a web server’s logs by day and reports on each week.')
    .option('--log <file>', "a log in Apache's format, instead of one that is made up")
    .option('--late <seconds>', "how much later than the others the last day's log arrives", parseSeconds, 4)
    .option('--data <folder>', 'where Millrace keeps everything (default: a new folder for temporary files)')
    .parse()
    .opts<{ log?: string; late: number; data?: string }>()
  const dataFolder = data === undefined ? await mkdtemp(join(tmpdir(), 'millrace-demo-')) : resolve(data)
  return { log, lateSeconds: late, dataFolder }
}

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (seconds >= 0 && seconds <= LATE_SECONDS_MAX) return seconds
  throw new InvalidArgumentError(`Write a number of seconds up to ${LATE_SECONDS_MAX}.`)
}

/** Uploads the logs, runs the pipeline over them, shows what came of it, and resolves to the status of the run. */
async function runPipeline({ environment }: DemoServer, options: DemoOptions): Promise<number> {
  const s3 = new S3Client({
    endpoint: environment.AWS_ENDPOINT_URL_S3 ?? '',
    region: environment.AWS_REGION ?? '',
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
    },
    forcePathStyle: true,
  })
  const days = await dayFiles(options)
  const [first, last] = [days[0], days.at(-1)]
  if (first === undefined || last === undefined) return 2
  await upload(s3, 'code/traffic-report.sh', join(import.meta.dirname, 'traffic-report.sh'))
  for (const day of days.slice(0, -1)) await uploadDay(s3, day)
  console.log(`The logs of ${days.length} days are in s3://${BUCKET}/raw, but for the last one, ${last.day}.`)
  console.log(`It arrives ${options.lateSeconds} s late: see how the week's report waits for it.`)
  console.log('All of these days are past, so their runs are caught up at once, which Millrace warns of.\n')

  const isOver = new AbortController()
  const stop = AbortSignal.any([interrupted.signal, isOver.signal])
  const lastDay = sleep(options.lateSeconds * 1000, undefined, { signal: stop })
    .then(() => uploadDay(s3, last))
    .catch((error: unknown) => {
      if (!stop.aborted) throw error
    })
  const myWeeks = Math.ceil(days.length / 7)
  const status = await run(environment, { myFirstDay: `${first.day}T00:00:00`, myDays: days.length, myWeeks })
  isOver.abort()
  await lastDay
  if (!interrupted.signal.aborted) {
    await showResults(s3, options.dataFolder)
    console.log(`Exit status of the run: ${status}`)
  }
  s3.destroy()
  return interrupted.signal.aborted ? 130 : status
}

/** A file for each day, from the log that was given or from one that is made up. */
async function dayFiles({ log, dataFolder }: DemoOptions): Promise<readonly DayFile[]> {
  const folder = join(dataFolder, 'demo-logs')
  if (log !== undefined) return splitLog(log, folder)
  await mkdir(folder, { recursive: true })
  return Promise.all(
    generateLog(FIRST_DAY, DAYS, SEED).map(async ({ day, lines }) => {
      const path = join(folder, `access-${day}.log`)
      await writeFile(path, `${lines.join('\n')}\n`)
      return { day, path }
    }),
  )
}

async function uploadDay(s3: S3Client, { day, path }: DayFile): Promise<void> {
  await upload(s3, `raw/access-${day}.log`, path)
}

async function upload(s3: S3Client, key: string, path: string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: await readFile(path) }))
}

/** Creates, activates and follows the pipeline as a user would, with `millrace run`. */
async function run(
  environment: DemoServer['environment'],
  values: Readonly<Record<string, string | number>>,
): Promise<number> {
  const parameters = Object.entries(values).flatMap(([id, value]) => ['--parameter', `${id}=${value}`])
  const definition = relative(process.cwd(), join(import.meta.dirname, 'definition.json'))
  const child = startMillrace(['run', definition, '--name', 'weblogs', ...parameters], environment, 'inherit')
  interrupted.signal.addEventListener('abort', () => child.kill('SIGTERM'))
  const [status]: (number | null)[] = await once(child, 'exit')
  return status ?? 1
}

async function showResults(s3: S3Client, dataFolder: string): Promise<void> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))
  const keys = Contents.map(({ Key = '' }) => Key)
  for (const key of keys.filter((each) => each.startsWith('reports/'))) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }))
    console.log(`\n${await Body?.transformToString()}`)
  }
  console.log('Written:')
  for (const key of keys.filter((each) => /^(archive|reports)\//.test(each))) console.log(`  s3://${BUCKET}/${key}`)
  console.log(`  s3://${BUCKET}/logs/ (${keys.filter((each) => each.startsWith('logs/')).length} files)`)
  console.log(`\nThe bucket is a folder of plain files: ${join(dataFolder, 's3', BUCKET)}`)
}
