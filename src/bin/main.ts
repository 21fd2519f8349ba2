import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command, CommanderError } from 'commander'
import { type CommandContext, type Connection, EXIT_STATUS, Unusable } from '../cli/command-context.ts'
import type { Terminal } from '../cli/terminal.ts'
import { instant } from '../core/instant.ts'
import { ServiceException } from '../wire/errors.ts'
import { TransportError } from '../wire/transport.ts'
import type { Environment } from './config.ts'
import { connectionOptions } from './connection-options.ts'
import { interruption } from './interruption.ts'
import type { Surroundings } from './surroundings.ts'

/** The commands, each loaded only when it is called: a machine is up sooner when it loads nothing but a task runner. */
const COMMANDS: Readonly<Record<string, (surroundings: Surroundings) => Promise<Command>>> = {
  server: async (surroundings) => (await import('./server-command.ts')).serverCommand(surroundings),
  'task-runner': async (surroundings) => (await import('./task-runner-command.ts')).taskRunnerCommand(surroundings),
  run: async ({ context }) => (await import('../cli/commands/run.ts')).runCommand(context),
  validate: async ({ context }) => (await import('../cli/commands/validate.ts')).validateCommand(context),
  simulate: async ({ context }) => (await import('../cli/commands/simulate.ts')).simulateCommand(context),
  convert: async ({ context }) => (await import('../cli/commands/convert.ts')).convertCommand(context),
  status: async ({ context }) => (await import('../cli/commands/status.ts')).statusCommand(context),
  why: async ({ context }) => (await import('../cli/commands/why.ts')).whyCommand(context),
  logs: async ({ context }) => (await import('../cli/commands/logs.ts')).logsCommand(context),
}

/** Runs the command that the arguments name, and sets the status that the process ends with. */
export async function main(args: readonly string[], environment: Environment): Promise<void> {
  const connections: Connection[] = []
  const context = createContext(environment, connections)
  endQuietlyWithoutReader()
  try {
    const [name, ...rest] = args
    if (name === 'aws') await runAws(rest, context)
    else await (await createProgram(name, { context, environment })).parseAsync(args, { from: 'user' })
  } catch (error) {
    process.exitCode = explain(error)
  } finally {
    for (const connection of connections) connection.close()
  }
}

async function createProgram(name: string | undefined, surroundings: Surroundings): Promise<Command> {
  const program = new Command('millrace')
    .description('An open, self-hosted AWS Data Pipeline.')
    .version(version(), '-V, --version', 'print the version')
    .exitOverride()
    .showSuggestionAfterError()
  const chosen = Object.entries(COMMANDS).filter(([each]) => each === name)
  for (const [, load] of chosen.length > 0 ? chosen : Object.entries(COMMANDS)) {
    program.addCommand((await load(surroundings)).copyInheritedSettings(program))
  }
  return program
}

function version(): string {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  return manifest.version
}

async function runAws(args: readonly string[], context: CommandContext): Promise<void> {
  const { runAws: run } = await import('../cli/commands/aws.ts')
  await run(args, context, { input: process.stdin, output: process.stdout })
}

function createContext(environment: Environment, connections: Connection[]): CommandContext {
  const interrupted = interruption()
  return {
    terminal: processTerminal(),
    input: () => process.stdin,
    now: () => instant(Date.now()),
    pause: (durationMs) => sleep(durationMs, undefined, { signal: interrupted }).catch(() => undefined),
    interrupted,
    connectionOptions,
    connect: async (flags) => {
      const connection = await (await import('./connection.ts')).connect(flags, environment)
      connections.push(connection)
      return connection
    },
    end: (status) => {
      process.exitCode = status
    },
  }
}

function processTerminal(): Terminal {
  const { stdout, stderr } = process
  return {
    isInteractive: stdout.isTTY,
    columns: () => (stdout.isTTY ? stdout.columns : 200),
    rows: () => (stdout.isTTY ? stdout.rows : Number.POSITIVE_INFINITY),
    write: (text) => stdout.write(text),
    writeError: (text) => stderr.write(text),
  }
}

/** A reader such as `head` may have enough before the command has written everything. */
function endQuietlyWithoutReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(EXIT_STATUS.done)
  })
}

/** Tells why a command could not do its work, and returns its status. A bug is shown with its trace. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_STATUS.done : EXIT_STATUS.unusable
  if (error instanceof ServiceException) console.error(`millrace: ${error.name}: ${error.message}`)
  else if (error instanceof Unusable || error instanceof TransportError) console.error(`millrace: ${error.message}`)
  else console.error(error)
  return EXIT_STATUS.unusable
}
