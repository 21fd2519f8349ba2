import type { S3Client } from '@aws-sdk/client-s3'
import type { Field, PipelineObject } from '../core/definition/pipeline-object.ts'
import type { TaskObjects } from '../datanodes/task-objects.ts'

/**
 * The work of one type of activity. It resolves when everything is done and durable, and rejects with TaskFailure, or with the
 * signal's reason when it was told to stop; then nothing that it began goes on.
 */
export type Activity = (context: TaskContext) => Promise<void>

/** One task, and what the task runner offers for it. */
export type TaskContext = {
  /** The object to be run: fields of its own, inherited ones and those of the service, expressions evaluated. */
  readonly attempt: PipelineObject
  readonly objects: TaskObjects
  /** The client of S3, which is loaded when it is first wanted: that takes longer than most commands run. */
  s3(): Promise<S3Client>
  /** Aborted when the work must stop at once. */
  readonly signal: AbortSignal
  /** An absolute path for files of this task; it need not exist, and vanishes with the task. */
  readonly taskFolder: string
  /** The working directory of all commands, which outlives the task. */
  readonly commandFolder: string
  /** Where the attempt's logs will be, `s3://…/`; absent where the definition names no place. */
  readonly logFolderUri: string | undefined
  /** Writes a line to the attempt's Activity.log. Values of encrypted fields are masked. */
  log(sentence: string): void
  /** Sets runtime fields of the attempt. */
  reportFields(fields: readonly Field[]): void
  /** Runs a command; nothing of it is left when the promise settles. */
  runCommand: RunCommand
}

/** Runs a command in a process group of its own, or rejects with the reason why it was told to stop. */
export type RunCommand = (command: Command) => Promise<CommandEnd>

/** What to run. */
export type Command = {
  readonly program: Program
  /** `$1`, `$2` and so on. */
  readonly arguments: readonly string[]
  /** Variables in addition to the task runner's own. Names are identifiers. */
  readonly environment: Readonly<Record<string, string>>
  /** A folder of its own in the attempt's logs for what it prints, such as `steps/1`; StdOutput and StdError hold everything. */
  readonly logFolder?: string
}

/** Text for the shell, or a file that is executed: an absolute path, or a name that is looked up in `PATH`. */
export type Program =
  | { readonly kind: 'shell'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string }

/** The exit status of a command, and the files that hold what it printed. */
export type CommandEnd = {
  /** 0 for success; 128 more than its number if a signal killed the command, or what it ran last. */
  readonly status: number
  readonly stdoutFile: string
  readonly stderrFile: string
}
