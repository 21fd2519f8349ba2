import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const MILLRACE = fileURLToPath(new URL('../../src/bin/millrace.js', import.meta.url))

/** A server that the demo has started. */
export type DemoServer = {
  /** What the server tells its users to export. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly pid: number
  /** Stops it, with everything that it has started. */
  stop(): Promise<void>
}

/** Runs a command of Millrace. */
export function startMillrace(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  output: 'inherit' | 'pipe',
): ChildProcess {
  return spawn(process.execPath, [MILLRACE, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', output, 'inherit'],
  })
}

/**
 * Starts a server on free ports. It stops when its standard input ends, so it does not outlive the demo, whatever becomes of that.
 *
 * @throws Error when the server ends instead of being ready.
 */
export async function startServer(dataFolder: string): Promise<DemoServer> {
  const options = { data: dataFolder, port: '0', 's3-port': '0', 'recheck-delay': '250ms' }
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  const server = startMillrace(['server', ...args, '--until-input-ends'], {}, 'pipe')
  const ended = once(server, 'exit')
  const printed = await Promise.race([bannerOf(server), ended.then(() => undefined)])
  if (printed === undefined) throw new Error('The server has not started.')
  const exports = printed.matchAll(/^export (\w+)=(.*)$/gm)
  return {
    environment: Object.fromEntries([...exports].map(([, name = '', value]) => [name, value])),
    pid: server.pid ?? 0,
    async stop() {
      server.stdin?.end()
      await ended
    },
  }
}

/** What the server prints when it is ready. */
async function bannerOf(server: ChildProcess): Promise<string> {
  let text = ''
  server.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  while (!text.includes('Ctrl-C')) await once(server.stdout ?? server, 'data')
  return text
}
