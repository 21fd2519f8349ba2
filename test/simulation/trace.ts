/** Notes something in the trace; the text is made only where the trace is kept. */
export type Say = (text: () => string) => void

/** What has happened in a run, line by line. */
export class Trace {
  readonly #now: () => number
  readonly #lines: { readonly at: number; readonly text: string }[] = []
  readonly #isKept: boolean

  constructor(now: () => number, mode: 'kept' | 'dropped') {
    this.#now = now
    this.#isKept = mode === 'kept'
  }

  readonly say: Say = (text) => {
    if (this.#isKept) this.#lines.push({ at: this.#now(), text: text() })
  }

  /** The lines, each with its time by the clock of the run. */
  get lines(): readonly string[] {
    return this.#lines.map(({ at, text }) => `${new Date(at).toISOString()} ${text}`)
  }
}
