import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { Unusable } from '../cli/command-context.ts'
import { awsLimits, defaultLimits, type Limits } from '../core/definition/limits.ts'

/** The environment as a process has it. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The options of `millrace server` as they were typed; absent ones have a default. */
export type ServerFlags = {
  readonly data?: string
  readonly host?: string
  readonly port?: string
  readonly s3Port?: string
  readonly region?: string
  readonly workerGroup?: readonly string[]
  readonly profile?: string
  readonly retryDelay?: string
  readonly recheckDelay?: string
  readonly keepRuns?: string
  readonly snsEndpoint?: string
  readonly logLevel?: string
}

/** Everything that a server is told from outside. */
export type ServerConfig = {
  readonly dataFolder: string
  readonly host: string
  /** 0 is any free port. */
  readonly port: number
  readonly s3Port: number
  readonly region: string
  /** The worker groups that the server's own task runner works for. */
  readonly workerGroups: readonly string[]
  readonly limits: Limits
  /** Milliseconds between two tries, where a definition has no retryDelay. */
  readonly retryDelayMs: number
  /** Milliseconds between two checks of a precondition, where it has no retryDelay. */
  readonly recheckDelayMs: number
  /** Milliseconds for which finished runs are kept; for ever if absent. */
  readonly keepRunsMs: number | undefined
  /** Where notifications are published; absent in the local twin, which only keeps them. */
  readonly snsEndpoint: string | undefined
  readonly logLevel: LogLevel
}

/** What the options of `millrace server` are when they are not given. */
export const SERVER_DEFAULTS = {
  host: '127.0.0.1',
  port: '8040',
  s3Port: '8041',
  region: 'us-east-1',
  workerGroup: 'millrace',
  profile: 'default',
  retryDelay: '10min',
  recheckDelay: '10s',
  logLevel: 'warn',
} as const

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const

type LogLevel = (typeof LOG_LEVELS)[number]

/** @throws Unusable when a value makes no sense, with what would. */
export function resolveServerConfig(flags: ServerFlags, environment: Environment): ServerConfig {
  const { workerGroup = [SERVER_DEFAULTS.workerGroup] } = flags
  return Object.freeze({
    dataFolder: resolveDataFolder(flags.data, environment),
    host: flags.host ?? SERVER_DEFAULTS.host,
    port: parsePort('--port', flags.port ?? SERVER_DEFAULTS.port),
    s3Port: parsePort('--s3-port', flags.s3Port ?? SERVER_DEFAULTS.s3Port),
    region: flags.region ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? SERVER_DEFAULTS.region,
    workerGroups: [...new Set(workerGroup)],
    limits:
      parseWord('--profile', flags.profile ?? SERVER_DEFAULTS.profile, ['default', 'aws']) === 'aws'
        ? awsLimits
        : defaultLimits,
    retryDelayMs: parseDuration('--retry-delay', flags.retryDelay ?? SERVER_DEFAULTS.retryDelay),
    recheckDelayMs: parseDuration('--recheck-delay', flags.recheckDelay ?? SERVER_DEFAULTS.recheckDelay),
    keepRunsMs: resolveKeepRuns(flags.keepRuns, environment),
    snsEndpoint: flags.snsEndpoint === undefined ? undefined : parseUrl('--sns-endpoint', flags.snsEndpoint),
    logLevel: parseWord('--log-level', flags.logLevel ?? SERVER_DEFAULTS.logLevel, LOG_LEVELS),
  })
}

/** The folder that holds everything of a server: `--data`, else `MILLRACE_DATA`, else `.millrace` in the home folder. */
export function resolveDataFolder(flag: string | undefined, { MILLRACE_DATA }: Environment): string {
  const named = flag ?? (MILLRACE_DATA === '' ? undefined : MILLRACE_DATA)
  return named === undefined ? join(homedir(), '.millrace') : resolve(named)
}

/** `--keep-runs`, else `MILLRACE_KEEP_RUNS`, else for ever. */
function resolveKeepRuns(flag: string | undefined, { MILLRACE_KEEP_RUNS }: Environment): number | undefined {
  if (flag !== undefined) return parseDuration('--keep-runs', flag)
  if (MILLRACE_KEEP_RUNS === undefined || MILLRACE_KEEP_RUNS === '') return undefined
  return parseDuration('MILLRACE_KEEP_RUNS', MILLRACE_KEEP_RUNS)
}

/** @throws Unusable when the text is no URL of HTTP. */
export function parseUrl(name: string, text: string): string {
  const url = URL.parse(text)
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text.replace(/\/$/, '')
  throw new Unusable(`${name} is '${text}', which is no URL. Write one such as http://127.0.0.1:8040.`)
}

function parsePort(name: string, text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new Unusable(`${name} is '${text}', which is no port. Write a number from 1 to 65535, or 0 for any free port.`)
}

function parseWord<Word extends string>(name: string, text: string, words: readonly Word[]): Word {
  const word = words.find((candidate) => candidate === text.toLowerCase())
  if (word !== undefined) return word
  throw new Unusable(`${name} is '${text}', but must be one of: ${words.join(', ')}.`)
}

const DURATION_UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** The longest duration that an option takes, in days: ten years. */
const DURATION_DAYS_MAX = 3650

function parseDuration(name: string, text: string): number {
  const [, count, unit = ''] = /^(\d+) ?(ms|s|min|h|d)$/.exec(text) ?? []
  const durationMs = Number(count) * (DURATION_UNITS_MS[unit] ?? Number.NaN)
  if (durationMs > 0 && durationMs <= DURATION_DAYS_MAX * 86_400_000) return durationMs
  throw new Unusable(`${name} is '${text}', which is no duration. Write a number and ms, s, min, h or d, such as 30s.`)
}
