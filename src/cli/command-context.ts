import type { S3Client } from '@aws-sdk/client-s3'
import type { Option } from 'commander'
import type { Instant } from '../core/instant.ts'
import type { Client } from '../wire/client.ts'
import type { Terminal } from './terminal.ts'

/** A command's status for the shell: `failed` is a definition or run with errors, `unusable` a command that could not do its work. */
export const EXIT_STATUS = { done: 0, failed: 1, unusable: 2 } as const

export type ExitStatus = (typeof EXIT_STATUS)[keyof typeof EXIT_STATUS]

/** The server that a command talks to, and the S3 that its pipelines use. Whoever made it closes it. */
export type Connection = { readonly client: Client; readonly s3: S3Client; close(): void }

/** What a user may say about the server to talk to; the environment and the data folder fill in the rest. */
export type ConnectionFlags = {
  readonly endpoint?: string | undefined
  readonly region?: string | undefined
  readonly data?: string | undefined
}

/** What every command is given. */
export type CommandContext = {
  readonly terminal: Terminal
  /** Standard input; opened when it is asked for. */
  readonly input: () => AsyncIterable<Uint8Array>
  readonly now: () => Instant
  /** Resolves after the time, in milliseconds, or at once when the user interrupts. */
  readonly pause: (durationMs: number) => Promise<void>
  /** Aborted when the user wants the command to end. */
  readonly interrupted: AbortSignal
  /** The options of {@link ConnectionFlags}, to be added to a command. */
  readonly connectionOptions: readonly Option[]
  /** @throws Unusable when it is not clear which server is meant, or with which key. */
  readonly connect: (flags: ConnectionFlags) => Promise<Connection>
  /** Sets the status that the process ends with. */
  readonly end: (status: ExitStatus) => void
}

/** The command cannot do its work; the message says why and what to do. */
export class Unusable extends Error {
  override readonly name = 'Unusable'
}
