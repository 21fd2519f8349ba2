import type { S3Settings } from '../datanodes/s3/s3-settings.ts'
import type { Credentials } from '../wire/signer.ts'

/** Everything that a task runner is told from outside. */
export type RunnerSettings = {
  /** What it polls for: an exact, case-sensitive word. */
  readonly workerGroup: string
  /** The service, such as `http://127.0.0.1:8040`. */
  readonly endpoint: string
  readonly region: string
  readonly credentials: Credentials
  /** What it calls itself in heartbeats. */
  readonly taskrunnerId: string
  readonly hostname: string
  /**
   * Polls that are parked at once, ≥ 1.
   *
   * @defaultValue 2
   */
  readonly tasks: number
  /** An absolute path: logs in `logs/`, files of tasks in `tmp/`, and the working directory of commands. */
  readonly outputFolder: string
  /** Where the runner's own logs are put, `s3://…`; nowhere if absent. */
  readonly logUri: string | undefined
  /** A file that is written once the runner polls; none if absent. */
  readonly readyFile: string | undefined
  /**
   * How long the service may be out of reach before the runner ends by itself, in milliseconds. A runner that nobody would miss must
   * not outlive its server; `undefined` waits for ever.
   */
  readonly unreachableMsMax: number | undefined
  /** The HTTP proxy that requests to the service go through; none to loopback addresses. */
  readonly proxyUrl: string | undefined
  readonly s3: S3Settings
  /** The variables that commands get. */
  readonly environment: Readonly<Record<string, string | undefined>>
}
