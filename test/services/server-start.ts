import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { findFreePort } from '../../src/bin/free-port.ts'

/** The address that servers of tests listen on. */
export const host = '127.0.0.1'

/** The options that give a server ports of its own. */
export async function freePorts(): Promise<readonly string[]> {
  const port = await findFreePort(host, 0, '--port')
  const s3Port = await findFreePort(host, 0, '--s3-port')
  return ['--port', String(port), '--s3-port', String(s3Port)]
}

/** Resolves when a server has told that it is ready; rejects when it ends before. */
export async function untilReady(server: ChildProcess): Promise<void> {
  const ended = once(server, 'exit').then(([status]) => {
    throw new Error(`The server has not started, but ended with status ${status}.`)
  })
  await Promise.race([isReady(server), ended])
  ended.catch(() => undefined)
}

async function isReady({ stdout }: ChildProcess): Promise<void> {
  if (stdout === null) throw new Error('The server has no standard output.')
  let text = ''
  stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  while (!text.includes('Ctrl-C')) await once(stdout, 'data')
}
