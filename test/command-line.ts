import { Readable } from 'node:stream'
import type { S3Client } from '@aws-sdk/client-s3'
import { type CommandContext, type ExitStatus, Unusable } from '../src/cli/command-context.ts'
import { instant } from '../src/core/instant.ts'
import type { Client } from '../src/wire/client.ts'
import { startOfTest } from './test-engine.ts'

/** The surroundings of a command in a test: what it prints, and the status it ends with. */
export class CommandLine {
  output = ''
  errors = ''
  status: ExitStatus | undefined
  readonly context: CommandContext

  constructor(world: { readonly client?: Client; readonly s3?: S3Client; readonly input?: string } = {}) {
    this.context = {
      terminal: {
        isInteractive: false,
        columns: () => 120,
        rows: () => Number.POSITIVE_INFINITY,
        write: (text) => {
          this.output += text
        },
        writeError: (text) => {
          this.errors += text
        },
      },
      input: () => Readable.from([Buffer.from(world.input ?? '')]),
      now: () => instant(startOfTest),
      pause: () => new Promise((resolve) => setImmediate(resolve)),
      interrupted: new AbortController().signal,
      connectionOptions: [],
      connect: async () => {
        const { client = noServer(), s3 = noServer() } = world
        return { client, s3, close: () => undefined }
      },
      end: (status) => {
        this.status = status
      },
    }
  }
}

/** A server that a command must not talk to. */
function noServer<Server extends object>(): Server {
  return new Proxy({} as Server, {
    get: () => {
      throw new Unusable('No server runs in this test.')
    },
  })
}
