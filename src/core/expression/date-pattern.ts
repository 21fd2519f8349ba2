import { type Failure, failure } from './failure.ts'

/**
 * The letters that stand for a part of a date in a pattern.
 *
 * @source Joda-Time: DateTimeFormat
 */
export const patternLetters = [
  'G',
  'C',
  'Y',
  'x',
  'w',
  'e',
  'E',
  'y',
  'D',
  'M',
  'd',
  'a',
  'K',
  'h',
  'H',
  'k',
  'm',
  's',
  'S',
  'z',
  'Z',
] as const

/**
 * A letter that stands for a part of a date.
 *
 * @source Joda-Time: DateTimeFormat
 */
export type PatternLetter = (typeof patternLetters)[number]

/** A run of one letter, or text that stays as it is. */
export type PatternElement =
  | { readonly kind: 'letters'; readonly letter: PatternLetter; readonly count: number }
  | { readonly kind: 'literal'; readonly text: string }

/** A pattern that has been read. */
export type DatePattern = { readonly kind: 'pattern'; readonly elements: readonly PatternElement[] }

const letters: ReadonlyMap<string, PatternLetter> = new Map(patternLetters.map((letter) => [letter, letter]))

/**
 * Reads a pattern as Joda-Time's `DateTimeFormat` does: runs of a letter are parts of the date, anything else stays; letters
 * between single quotes stay as well, and two single quotes are one, inside quotes and out. A quote that is not closed runs to
 * the end.
 *
 * @source guide: dp-pipeline-reference-functions-datetime; Joda-Time: DateTimeFormat
 */
export function parseDatePattern(pattern: string): DatePattern | Failure {
  const elements: PatternElement[] = []
  let position = 0
  while (position < pattern.length) {
    const character = pattern.charAt(position)
    if (!isLetter(character)) {
      const { text, end } = readLiteral(pattern, position)
      elements.push({ kind: 'literal', text })
      position = end
      continue
    }
    const letter = letters.get(character)
    if (letter === undefined) return illegalLetter(character)
    const end = runEnd(pattern, position)
    elements.push({ kind: 'letters', letter, count: end - position })
    position = end
  }
  const isBlank = elements.every((element) => element.kind === 'literal' && element.text === '')
  return isBlank
    ? failure("A date pattern must not be empty. Write one such as 'YYYY-MM-dd'.")
    : { kind: 'pattern', elements }
}

const isLetter = (character: string): boolean =>
  (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z')

const illegalLetter = (character: string): Failure =>
  failure(`${character} is not a letter of date patterns. Put text in a pattern between single quotes.`)

function runEnd(pattern: string, start: number): number {
  const letter = pattern.charAt(start)
  let end = start + 1
  while (pattern.charAt(end) === letter) end++
  return end
}

function readLiteral(pattern: string, start: number): { readonly text: string; readonly end: number } {
  let text = ''
  let isQuoted = false
  let position = start
  for (; position < pattern.length; position++) {
    const character = pattern.charAt(position)
    if (character === "'") {
      if (pattern.charAt(position + 1) === "'") {
        text += character
        position++
      } else {
        isQuoted = !isQuoted
      }
    } else if (!isQuoted && isLetter(character)) {
      break
    } else {
      text += character
    }
  }
  return { text, end: position }
}
