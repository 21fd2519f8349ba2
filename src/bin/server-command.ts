import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { pino } from 'pino'
import { EXIT_STATUS } from '../cli/command-context.ts'
import { banner } from './banner.ts'
import { resolveServerConfig, SERVER_DEFAULTS, type ServerFlags } from './config.ts'
import { aborted, inputEnds } from './interruption.ts'
import type { Surroundings } from './surroundings.ts'

/** `millrace server`: a whole Data Pipeline on this machine, until it is stopped. */
export function serverCommand({ context, environment }: Surroundings): Command {
  const { host, port, s3Port, region, workerGroup, profile, retryDelay, recheckDelay, logLevel } = SERVER_DEFAULTS
  return new Command('server')
    .description('run a whole Data Pipeline on this machine')
    .option('--data <folder>', 'where everything is kept (default: MILLRACE_DATA, else ~/.millrace)')
    .option('--host <address>', `the address to listen on (default: ${host}, this machine only)`)
    .option('--port <number>', `the port of the API (default: ${port}; 0 is any free one)`)
    .option('--s3-port <number>', `the port of the local S3 endpoint (default: ${s3Port}; 0 is any free one)`)
    .option('--region <region>', `the region that the server pretends to be in (default: AWS_REGION, else ${region})`)
    .option('--worker-group <name>', `a worker group to work for (default: ${workerGroup}; may be repeated)`, collect)
    .option('--profile <profile>', `whose limits hold for definitions: default or aws (default: ${profile})`)
    .option('--retry-delay <duration>', `the pause between tries without a retryDelay (default: ${retryDelay})`)
    .option('--recheck-delay <duration>', `the pause between checks of a precondition (default: ${recheckDelay})`)
    .option(
      '--keep-runs <duration>',
      'remove runs that ended so long ago, such as 90d (default: MILLRACE_KEEP_RUNS, else never)',
    )
    .option('--sns-endpoint <url>', 'publish notifications to this SNS endpoint, instead of keeping them as files')
    .option('--until-input-ends', 'stop when standard input ends, for programs that start a server')
    .option('--log-level <level>', `debug, info, warn, error or silent (default: ${logLevel})`)
    .action(async (flags: ServerFlags & { readonly untilInputEnds?: true }) => {
      const config = resolveServerConfig(flags, environment)
      // Logs go to standard error, so that standard output holds what a person asked for.
      const log = pino({ level: config.logLevel }, pino.destination({ fd: 2, sync: true }))
      const { startServer } = await import('./server.ts')
      const server = await startServer(config, { environment, millrace: thisProgram(), log })
      context.terminal.write(banner(server))
      await Promise.race([aborted(context.interrupted), ...(flags.untilInputEnds ? [inputEnds()] : [])])
      await server.stop()
      process.stdin.destroy()
      context.end(EXIT_STATUS.done)
    })
}

const collect = (name: string, names: readonly string[] = []): readonly string[] => [...names, name]

/** How to start this program again: by the same Node, without the options that this process was debugged with. */
const thisProgram = (): readonly string[] => [
  process.execPath,
  fileURLToPath(new URL('./millrace.js', import.meta.url)),
]
