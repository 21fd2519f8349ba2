import { once } from 'node:events'
import { createServer } from 'node:net'
import { Unusable } from '../cli/command-context.ts'

/**
 * A port that is free on a host: the given one, or any for 0. Parts of the server must know their address before they listen.
 *
 * @throws Unusable when the port is taken, or the host is not this computer's.
 */
export async function findFreePort(host: string, port: number, option: string): Promise<number> {
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : port
  } catch (error) {
    throw new Unusable(whyTaken(error, { host, port, option }), { cause: error })
  } finally {
    server.close()
  }
}

/** The URL of what listens there; an address that stands for all of a computer's is reached through loopback. */
export function urlOf(host: string, port: number): string {
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}

function whyTaken(error: unknown, { host, port, option }: { host: string; port: number; option: string }): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} of ${host} is in use. Choose another one with ${option}; 0 is any free port.`
    case 'EACCES':
      return `Port ${port} may not be used by this user. Choose one above 1023 with ${option}.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `--host is '${host}', which is no address of this computer.`
    default:
      return `Nothing can listen on port ${port} of ${host}: ${error instanceof Error ? error.message : String(error)}`
  }
}
