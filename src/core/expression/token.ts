import type { Literal } from './syntax.ts'

/** The smallest part of an expression that means something. `start` and `end` count characters of the whole text. */
export type Token = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'literal'; readonly value: Literal }
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'symbol'; readonly text: string }
  | { readonly kind: 'end' }
  | { readonly kind: 'invalid'; readonly message: string }
)

const blank = /\s*/y
const name = /@?[\p{L}_$][\p{L}\p{N}_$]*/uy
const number = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y
const symbols = new Set(['+', '-', '*', '/', '^', '(', ')', '[', ']', ',', '.', '}'])

/**
 * The token at `from` or after the blanks there. `text` is the whole text that the expression stands in; a `}` is a symbol
 * that ends the expression.
 *
 * @source guide: dp-pipeline-expressions
 */
export function readToken(text: string, from: number): Token {
  const start = matchEnd(blank, text, from) ?? from
  if (start >= text.length) return { kind: 'end', start, end: start }
  const nameEnd = matchEnd(name, text, start)
  if (nameEnd !== undefined) return { kind: 'name', text: text.slice(start, nameEnd), start, end: nameEnd }
  const numberEnd = matchEnd(number, text, start)
  if (numberEnd !== undefined) return numberToken(text, start, numberEnd)
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0)
  if (character === "'" || character === '"') return stringToken(text, start)
  const end = start + character.length
  if (symbols.has(character)) return { kind: 'symbol', text: character, start, end }
  return { kind: 'invalid', message: invalidCharacter(text, start, character), start, end }
}

/** Where the match of a sticky pattern at `from` ends. */
function matchEnd(pattern: RegExp, text: string, from: number): number | undefined {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : undefined
}

function numberToken(text: string, start: number, end: number): Token {
  const written = text.slice(start, end)
  const number = Number(written)
  if (/^\d+$/.test(written)) {
    if (Number.isSafeInteger(number)) return { kind: 'literal', value: { kind: 'integer', number }, start, end }
  } else if (Number.isFinite(number)) {
    return { kind: 'literal', value: { kind: 'double', number }, start, end }
  }
  return { kind: 'invalid', message: 'This number is too large. Write a smaller one.', start, end }
}

function stringToken(text: string, start: number): Token {
  const quote = text.charCodeAt(start)
  const backslash = 92
  let isEscaped = false
  for (let index = start + 1; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === quote) {
      const written = text.slice(start + 1, index)
      const value = { kind: 'string', text: isEscaped ? unescapeText(written) : written } as const
      return { kind: 'literal', value, start, end: index + 1 }
    }
    if (code === backslash) {
      isEscaped = true
      index++
    }
  }
  const message = `The string that begins here is not closed. Add ${text.charAt(start)} at its end.`
  return { kind: 'invalid', message, start, end: text.length }
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
])

/** A backslash before any other character stands for itself, so that patterns and paths need not double theirs. */
const unescapeText = (written: string): string =>
  written.replaceAll(/\\(.)/gs, (sequence, character: string) => escapes.get(character) ?? sequence)

function invalidCharacter(text: string, start: number, character: string): string {
  if (text.startsWith('#{', start)) return 'Expressions do not stand inside one another. Remove this #{ and its }.'
  return `The character ${character} means nothing in an expression. Remove it, or put text in quotes.`
}
