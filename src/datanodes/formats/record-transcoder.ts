import { Transform } from 'node:stream'
import { TaskFailure } from '../../core/task-failure.ts'
import type { Dialect } from './dialect.ts'

/** What is read, how, and how it is to come out. */
export type TranscodeOptions = {
  /** What is read, for messages: the URI of a file. */
  readonly source: string
  readonly from: Dialect
  readonly to: Dialect
}

/**
 * A stream that turns delimited records of one dialect into another. Bytes go in and out without ever becoming strings, so that any
 * encoding in which separators are single bytes passes unharmed. The last record gets its separator where the input lacks it.
 *
 * An escaped character that means nothing in either dialect keeps its escape: `\N` is how databases write NULL.
 *
 * The stream fails with TaskFailure (MalformedRecord) at a record that ends in CR LF, that has another number of columns than the
 * dialects declare, or that ends within an escape; the message names the source, the line and the byte.
 *
 * @source guide: dp-object-copyactivity (no quotes, backslash escapes, line feeds; CR LF makes the copy fail)
 */
export function createRecordTranscoder(options: TranscodeOptions): Transform {
  const transcoder = new RecordTranscoder(options)
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      produce(() => transcoder.transcode(chunk), done)
    },
    flush(done) {
      produce(() => transcoder.end(), done)
    },
  })
}

function produce(make: () => Buffer, done: (error: Error | null, output?: Buffer) => void): void {
  let output: Buffer
  try {
    output = make()
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)))
    return
  }
  done(null, output)
}

const CARRIAGE_RETURN = 0x0d
const LINE_FEED = 0x0a

/** What one byte of the input asks for. */
const action = { copy: 0, separateColumns: 1, endRecord: 2, escape: 3, protect: 4, noteReturn: 5 } as const

const RETURN_AT_END =
  "ends with a carriage return and a line feed; records end with a line feed alone (`tr -d '\\r'` removes the others)"

class RecordTranscoder {
  readonly #source: string
  readonly #to: Dialect
  readonly #actions: Uint8Array
  readonly #escapedActions: Uint8Array
  readonly #columnCount: number | undefined
  readonly #lineEnd: number
  /** Where the chunk and the record that are being read begin, in bytes from the start of the input. */
  #chunkStart = 0
  #recordStart = 0
  #columns = 1
  /** Counted as an editor counts: an escaped line feed begins a line as well. */
  #line = 1
  /** What the last byte of the chunk before means for the first one of the next. */
  #carried: 'nothing' | 'escape' | 'return' = 'nothing'

  constructor({ source, from, to }: TranscodeOptions) {
    this.#source = source
    this.#to = to
    this.#actions = actionsOf(from, to)
    this.#escapedActions = escapedActionsOf(from, to)
    this.#columnCount = from.columnCount ?? to.columnCount
    this.#lineEnd = from.recordSeparator
  }

  // Runs of ordinary bytes are found and copied in loops of their own, and the state is in local variables: that makes the rate.
  transcode(chunk: Buffer): Buffer {
    const { columnSeparator, recordSeparator, escapeChar } = this.#to
    const actions = this.#actions
    const length = chunk.length
    // A byte of input makes at most two of output; one more for an escape that the chunk before ended with.
    const output = Buffer.allocUnsafe(2 * length + 1)
    let written = 0
    let isEscaped = this.#carried === 'escape'
    let returnAt = this.#carried === 'return' ? -1 : -2
    let read = 0
    while (read < length) {
      let copied = read
      if (!isEscaped) while (read < length && actions[chunk[read] ?? 0] === action.copy) read++
      while (copied < read) output[written++] = chunk[copied++] ?? 0
      if (read === length) break
      const byte = chunk[read++] ?? 0
      const wanted = isEscaped ? this.#unescape(byte) : actions[byte]
      isEscaped = wanted === action.escape
      if (wanted === action.separateColumns) {
        this.#columns++
        output[written++] = columnSeparator
      } else if (wanted === action.endRecord) {
        if (returnAt === read - 2) throw this.#malformed(RETURN_AT_END)
        this.#endRecord(this.#chunkStart + read)
        output[written++] = recordSeparator
      } else if (wanted !== action.escape) {
        if (wanted === action.protect) output[written++] = escapeChar
        if (wanted === action.noteReturn) returnAt = read - 1
        output[written++] = byte
      }
    }
    if (isEscaped) this.#carried = 'escape'
    else if (length > 0) this.#carried = returnAt === length - 1 ? 'return' : 'nothing'
    this.#chunkStart += length
    return output.subarray(0, written)
  }

  /** Ends the input: what completes the last record. */
  end(): Buffer {
    if (this.#carried === 'escape') throw this.#malformed('ends with an escape character that escapes nothing')
    if (this.#chunkStart === this.#recordStart) return Buffer.alloc(0)
    this.#endRecord(this.#chunkStart)
    return Buffer.of(this.#to.recordSeparator)
  }

  #unescape(byte: number): number | undefined {
    if (byte === this.#lineEnd) this.#line++
    return this.#escapedActions[byte]
  }

  #endRecord(nextStart: number): void {
    if (this.#columnCount !== undefined && this.#columns !== this.#columnCount) {
      throw this.#malformed(`has ${this.#columns} columns where the format declares ${this.#columnCount}`)
    }
    this.#columns = 1
    this.#line++
    this.#recordStart = nextStart
  }

  #malformed(what: string): TaskFailure {
    return new TaskFailure(
      'MalformedRecord',
      `${this.#source}: the record that begins at byte ${this.#recordStart} and ends on line ${this.#line} ${what}.`,
    )
  }
}

function actionsOf(from: Dialect, to: Dialect): Uint8Array {
  const actions = new Uint8Array(256).fill(action.copy)
  for (const byte of specialBytes(to)) actions[byte] = action.protect
  if (from.recordSeparator === LINE_FEED) actions[CARRIAGE_RETURN] = action.noteReturn
  actions[from.columnSeparator] = action.separateColumns
  actions[from.recordSeparator] = action.endRecord
  actions[from.escapeChar] = action.escape
  return actions
}

// What had to be escaped in the input alone stands for itself in the output; every other escape is kept.
function escapedActionsOf(from: Dialect, to: Dialect): Uint8Array {
  const actions = new Uint8Array(256).fill(action.protect)
  for (const byte of specialBytes(from)) actions[byte] = action.copy
  for (const byte of specialBytes(to)) actions[byte] = action.protect
  return actions
}

const specialBytes = ({ columnSeparator, recordSeparator, escapeChar }: Dialect) => [
  columnSeparator,
  recordSeparator,
  escapeChar,
]
