import { mkdir, open } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { createApiServer } from '../api/server.ts'
import { Unusable } from '../cli/command-context.ts'
import { systemChance } from '../engine/chance.ts'
import { systemClock } from '../engine/clock.ts'
import { createEngine, type RunningEngine } from '../engine/create-engine.ts'
import type { World } from '../engine/performers.ts'
import { LocalS3 } from '../local-s3/local-s3.ts'
import { LocalProvider } from '../resources/local/local-provider.ts'
import { holdFile } from '../store/sqlite/exclusive-file.ts'
import { openSqliteStore } from '../store/sqlite/open-sqlite-store.ts'
import { type AccessKey, accessKeyPath, readOrCreateAccessKey } from './access-key.ts'
import { pathWithAws } from './aws-stand-in.ts'
import type { StartedServer } from './banner.ts'
import type { Environment, ServerConfig } from './config.ts'
import { findFreePort, urlOf } from './free-port.ts'
import { createPreconditionCheck } from './precondition-check.ts'
import { folderPublisher, snsPublisher } from './publishers.ts'
import { RunnerProcess } from './runner-process.ts'
import { removeServerRecord, writeServerRecord } from './server-record.ts'

/** Holds everything that the service knows, in the data folder. */
const DATABASE_FILE = 'millrace.db'

/** What a server is started with, besides its configuration. */
export type ServerSurroundings = {
  readonly environment: Environment
  /** The executable that is this program, and its first arguments. */
  readonly millrace: readonly string[]
  readonly log: Logger
}

/** A server that runs until it is stopped. */
export type RunningServer = StartedServer & { stop(): Promise<void> }

/** Starts everything of one machine's Data Pipeline, or nothing. */
export async function startServer(config: ServerConfig, surroundings: ServerSurroundings): Promise<RunningServer> {
  // What has been started, to be stopped in the opposite order.
  const parts = new AsyncDisposableStack()
  try {
    const server = await startParts(config, surroundings, parts)
    return { ...server, stop: () => parts.disposeAsync() }
  } catch (error) {
    await parts.disposeAsync()
    throw error
  }
}

/** What the parts of a server have in common. */
type Site = ServerSurroundings & {
  readonly config: ServerConfig
  readonly key: AccessKey
  readonly endpoint: string
  readonly port: number
  readonly s3Endpoint: string
  readonly s3Port: number
}

async function startParts(
  config: ServerConfig,
  surroundings: ServerSurroundings,
  parts: AsyncDisposableStack,
): Promise<StartedServer> {
  const { dataFolder, host, region, workerGroups } = config
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  holdDataFolder(dataFolder, parts)
  await closeToOthers(dataFolder)
  const port = await findFreePort(host, config.port, '--port')
  const s3Port = await findFreePort(host, config.s3Port, '--s3-port')
  const endpoint = urlOf(host, port)
  const s3Endpoint = urlOf(host, s3Port)
  const key = await readOrCreateAccessKey(dataFolder)
  const site: Site = { ...surroundings, config, key, endpoint, port, s3Endpoint, s3Port }

  await startS3(site, parts)
  const environment = await runnerEnvironment(site)
  const { engine, consoleUrl } = await startService(site, environment, parts)
  await writeServerRecord(dataFolder, { pid: process.pid, endpoint, s3Endpoint, region })
  parts.defer(() => removeServerRecord(dataFolder))
  await startRunners({ ...site, engine }, environment, parts)
  return { endpoint, s3Endpoint, dataFolder, consoleUrl, region, workerGroups, key }
}

/** @throws Unusable when another server runs on the folder. */
function holdDataFolder(dataFolder: string, parts: AsyncDisposableStack): void {
  const hold = holdFile(join(dataFolder, 'server.lock'))
  if (hold === undefined) {
    throw new Unusable(`Another server runs on ${dataFolder}. Stop it, or choose another folder with --data.`)
  }
  parts.defer(() => hold.release())
}

/**
 * Makes what holds data readable by its owner alone, in case the folder was there before and others may look into it. SQLite gives the
 * files beside a database the mode of the database.
 */
async function closeToOthers(dataFolder: string): Promise<void> {
  for (const name of ['s3', 'cache']) await mkdir(join(dataFolder, name), { recursive: true, mode: 0o700 })
  const database = await open(join(dataFolder, DATABASE_FILE), 'a', 0o600)
  await database.close()
}

async function startS3({ config, key, s3Port, log }: Site, parts: AsyncDisposableStack): Promise<void> {
  const s3 = new LocalS3({
    folder: join(config.dataFolder, 's3'),
    secretOf: (accessKeyId) => (accessKeyId === key.accessKeyId ? key.secretAccessKey : undefined),
    onError: (error) => log.error({ err: error }, 'the local S3 endpoint failed'),
  })
  await s3.start({ host: config.host, port: s3Port })
  parts.defer(() => s3.stop())
}

/** Starts the engine with its machines, and the API. */
async function startService(
  site: Site,
  environment: Readonly<Record<string, string>>,
  parts: AsyncDisposableStack,
): Promise<{ readonly engine: RunningEngine; readonly consoleUrl: string }> {
  const { config, key, endpoint, millrace, log } = site
  const { dataFolder, region, limits, retryDelayMs, recheckDelayMs, keepRunsMs } = config
  const store = await openSqliteStore({ file: join(dataFolder, DATABASE_FILE) })
  parts.defer(() => store.close())
  const machinesFolder = join(dataFolder, 'machines')
  const program = [...millrace, 'task-runner']
  const provider = new LocalProvider({ machinesFolder, program, endpoint, region, credentials: key, environment })
  const world: World = {
    provider,
    checkPrecondition: createPreconditionCheck({
      region,
      endpoint: site.s3Endpoint,
      credentials: key,
      addressing: 'path',
    }),
    publisher: await publisherOf(config),
  }
  const defaults = { retryDelayMs, recheckDelayMs }
  const engine = createEngine({
    store,
    clock: systemClock,
    chance: systemChance,
    world,
    limits,
    defaults,
    keepRunsMs,
    log,
  })
  await engine.start()
  parts.defer(async () => {
    await engine.stop()
    await provider.endAll()
  })
  const caller = { userId: key.userId, accountId: key.accountId }
  const credentials = {
    lookup: (accessKeyId: string) =>
      accessKeyId === key.accessKeyId ? { secretAccessKey: key.secretAccessKey, caller } : undefined,
  }
  const api = createApiServer({ engine, credentials, now: systemClock.now, log })
  await api.start({ host: config.host, port: site.port })
  parts.defer(() => api.stop())
  return { engine, consoleUrl: `${endpoint}${api.consoleLink}` }
}

const publisherOf = ({ dataFolder, snsEndpoint, region }: ServerConfig) =>
  snsEndpoint === undefined ? folderPublisher(join(dataFolder, 'notifications')) : snsPublisher(snsEndpoint, region)

/** Starts a task runner for each worker group. */
async function startRunners(
  { config, endpoint, millrace, log, engine }: Site & { readonly engine: RunningEngine },
  environment: Readonly<Record<string, string>>,
  parts: AsyncDisposableStack,
): Promise<void> {
  const { dataFolder, region, workerGroups } = config
  for (const [index, workerGroup] of workerGroups.entries()) {
    const folder = join(dataFolder, 'task-runner', String(index + 1))
    await mkdir(folder, { recursive: true, mode: 0o700 })
    // No host is called like this, so that nobody else's tasks are taken for this task runner's.
    const taskrunnerId = `task-runner-${index + 1}@${hostname()}`
    const options = { workerGroup, taskrunnerId, config: accessKeyPath(dataFolder), endpoint, region, output: folder }
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
    const program = [...millrace, 'task-runner', ...args, '--until-input-ends']
    const identity = { workerGroup, hostname: taskrunnerId }
    const onGone = engine.loseRunner
    const runner = new RunnerProcess({ program, folder, environment, identity, onGone, log })
    await runner.start()
    parts.defer(() => runner.stop())
  }
}

/** Variables of the user that commands may count on; access keys and whatever else the user has are not among them. */
const PASSED_ON = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR']

/** The environment of task runners, on machines and beside the server. */
async function runnerEnvironment({ config, environment, millrace, endpoint, s3Endpoint }: Site) {
  const { dataFolder, region } = config
  const passedOn = PASSED_ON.flatMap((name) => {
    const value = environment[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    ...Object.fromEntries(passedOn),
    PATH: await pathWithAws(environment.PATH ?? '/usr/bin:/bin', join(dataFolder, 'bin'), millrace),
    NODE_COMPILE_CACHE: join(dataFolder, 'cache'),
    AWS_ENDPOINT_URL_DATA_PIPELINE: endpoint,
    AWS_ENDPOINT_URL_S3: s3Endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  }
}
