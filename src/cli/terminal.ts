/** Where a command writes, and what it may do there. */
export type Terminal = {
  /** Whether standard output is a terminal, on which lines can be written again. */
  readonly isInteractive: boolean
  /** The width of the terminal in characters; a generous one where there is none. */
  readonly columns: () => number
  /** The height of the terminal in lines; unlimited where there is none. */
  readonly rows: () => number
  /** Writes to standard output. */
  write(text: string): void
  /** Writes to standard error. */
  writeError(text: string): void
}
