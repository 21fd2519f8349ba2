import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { Unusable } from '../cli/command-context.ts'
import type { S3Settings } from '../datanodes/s3/s3-settings.ts'
import type { RunnerSettings } from '../runner/runner-settings.ts'
import type { Credentials } from '../wire/signer.ts'
import { type Environment, parseUrl } from './config.ts'

/** The options of `millrace task-runner` as they were typed. */
export type RunnerFlags = {
  readonly workerGroup: string
  readonly config?: string
  readonly accessId?: string
  readonly secretKey?: string
  readonly endpoint?: string
  readonly taskrunnerId?: string
  readonly output?: string
  readonly region?: string
  readonly logUri?: string
  readonly proxyHost?: string
  readonly proxyPort?: string
  readonly proxyUsername?: string
  readonly proxyPassword?: string
  readonly proxyDomain?: string
  readonly proxyWorkstation?: string
  readonly tasks?: string
  readonly readyFile?: string
  readonly untilInputEnds?: true
}

/** Polls parked at once, where `--tasks` is not given. */
const TASKS_DEFAULT = 2

/** More polls than this are taken for a slip of the pen: they would all be parked at the service. */
const TASKS_MAX = 100

/** How long a machine that a server made waits for a server that is away, in milliseconds. A restart takes seconds. */
const UNREACHABLE_MS_MAX = 2 * 60_000

/** @throws Unusable when an option makes no sense or a key is missing, with what would help. */
export async function resolveRunnerSettings(flags: RunnerFlags, environment: Environment): Promise<RunnerSettings> {
  const region = flags.region ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? 'us-east-1'
  const endpoint =
    flags.endpoint ??
    environment.AWS_ENDPOINT_URL_DATA_PIPELINE ??
    environment.AWS_ENDPOINT_URL ??
    `https://datapipeline.${region}.amazonaws.com`
  const credentials = await findCredentials(flags, environment)
  const proxyUrl = findProxy(flags, environment)
  return Object.freeze({
    workerGroup: flags.workerGroup,
    endpoint: parseUrl('--endpoint', endpoint),
    region,
    credentials,
    taskrunnerId: flags.taskrunnerId ?? `${hostname()}-${process.pid}`,
    hostname: flags.taskrunnerId ?? hostname(),
    tasks: parseTasks(flags.tasks),
    outputFolder: resolve(flags.output ?? join('.', 'output')),
    logUri: flags.logUri === undefined ? undefined : requireS3(flags.logUri),
    readyFile: flags.readyFile,
    unreachableMsMax: flags.readyFile === undefined ? undefined : UNREACHABLE_MS_MAX,
    proxyUrl,
    s3: s3Settings({ region, credentials, proxyUrl }, environment),
    environment,
  })
}

function s3Settings(
  { region, credentials, proxyUrl }: Pick<S3Settings, 'region' | 'proxyUrl'> & { readonly credentials: Credentials },
  environment: Environment,
): S3Settings {
  const endpoint = environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL
  // An endpoint of one's own has no names for its buckets.
  return { region, credentials, proxyUrl, endpoint, addressing: endpoint === undefined ? 'host' : 'path' }
}

const ConfigFile = z.object({ 'access-id': z.string().min(1), 'private-key': z.string().min(1) })

async function findCredentials(flags: RunnerFlags, environment: Environment): Promise<Credentials> {
  const file = flags.config === undefined ? undefined : await readConfig(flags.config)
  const accessKeyId = flags.accessId ?? file?.accessKeyId ?? environment.AWS_ACCESS_KEY_ID
  const secretAccessKey = flags.secretKey ?? file?.secretAccessKey ?? environment.AWS_SECRET_ACCESS_KEY
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new Unusable(
      'There is no access key. Give --config FILE, or --accessId and --secretKey, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    )
  }
  const isFromEnvironment = flags.accessId === undefined && file === undefined
  return { accessKeyId, secretAccessKey, sessionToken: isFromEnvironment ? environment.AWS_SESSION_TOKEN : undefined }
}

async function readConfig(path: string): Promise<Credentials> {
  try {
    const parsed = ConfigFile.parse(JSON.parse(await readFile(path, 'utf8')))
    return { accessKeyId: parsed['access-id'], secretAccessKey: parsed['private-key'] }
  } catch (error) {
    const reason =
      error instanceof z.ZodError || error instanceof SyntaxError ? 'it is not of that form' : String(error)
    throw new Unusable(`--config ${path} must be a JSON file with "access-id" and "private-key": ${reason}.`, {
      cause: error,
    })
  }
}

function findProxy(flags: RunnerFlags, environment: Environment): string | undefined {
  if (flags.proxyDomain !== undefined || flags.proxyWorkstation !== undefined) {
    throw new Unusable('--proxyDomain and --proxyWorkstation are for NTLM proxies, which are not supported.')
  }
  const { proxyHost, proxyPort, proxyUsername, proxyPassword } = flags
  if (proxyHost === undefined) return environment.HTTPS_PROXY ?? environment.https_proxy
  const url = new URL('http://proxy')
  url.hostname = proxyHost
  url.port = proxyPort ?? '80'
  url.username = proxyUsername ?? ''
  url.password = proxyPassword ?? ''
  return url.href
}

function parseTasks(text: string | undefined): number {
  if (text === undefined) return TASKS_DEFAULT
  const tasks = Number(text)
  if (Number.isInteger(tasks) && tasks >= 1 && tasks <= TASKS_MAX) return tasks
  throw new Unusable(`--tasks ${text}: give a whole number from 1 to ${TASKS_MAX}.`)
}

function requireS3(text: string): string {
  if (/^s3:\/\/[^/]+/.test(text)) return text
  throw new Unusable(`--logUri ${text}: give a place in S3, such as s3://bucket/logs.`)
}
