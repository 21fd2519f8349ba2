import type { Terminal } from './terminal.ts'

const UP = (lines: number): string => (lines === 0 ? '' : `\u001b[${lines}A`)

const CLEAR_DOWN = '\u001b[0J'

/** Lines on a terminal that are written again in place. */
export class LiveLines {
  readonly #terminal: Terminal
  #shown: readonly string[] = []

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  /** Shows these lines in the place of the ones before; each must fit the width of the terminal. */
  show(lines: readonly string[]): void {
    if (lines.length === this.#shown.length && lines.every((line, index) => line === this.#shown[index])) return
    this.#terminal.write(`${UP(this.#shown.length)}\r${CLEAR_DOWN}${lines.map((line) => `${line}\n`).join('')}`)
    this.#shown = lines
  }
}
