import { depthMax, type Fault } from './json-tree.ts'

/** What stands between the braces of a block, or in a whole file. */
export type HclBody = { readonly attributes: readonly HclAttribute[]; readonly blocks: readonly HclBlock[] }

/** `name = value`. */
export type HclAttribute = {
  readonly name: string
  readonly offset: number
  readonly value: HclValue
}

/** `type "label" { … }`. */
export type HclBlock = {
  readonly type: string
  readonly labels: readonly string[]
  readonly offset: number
  readonly body: HclBody
}

/** A value as a template: text, and what has to be worked out. `null` is nothing at all. */
export type HclValue = { readonly parts: readonly TemplatePart[]; readonly isNull: boolean; readonly offset: number }

/** A piece of a template: text that stands for itself, or an expression as it is written. */
export type TemplatePart = {
  readonly kind: 'literal' | 'expression'
  readonly text: string
  readonly offset: number
}

/**
 * Reads the language in which Terraform is configured, so far as values are texts: strings, heredocs, numbers and truths are literal
 * parts; whatever else an attribute holds is kept as an expression and not looked into.
 *
 * @source guide: HashiCorp, HCL native syntax specification
 */
export function readHcl(
  text: string,
): { readonly kind: 'body'; readonly body: HclBody } | ({ readonly kind: 'fault' } & Fault) {
  try {
    return { kind: 'body', body: new Reader(text).readFile() }
  } catch (error) {
    if (error instanceof Malformed) return { kind: 'fault', offset: error.offset, message: error.message }
    throw error
  }
}

/**
 * Divides a template into its parts: `${…}` and `%{…}` are expressions, `$${` and `%%{` stand for themselves without the first
 * character. `offset` is where the template begins in its file.
 *
 * @source guide: HashiCorp, HCL native syntax specification, templates
 */
export function templateParts(template: string, offset: number): readonly TemplatePart[] {
  const parts: TemplatePart[] = []
  let literal = ''
  let index = 0
  while (index < template.length) {
    const plain = matchAt(/(?:[^$%]+|\$\$\{|%%\{|[$%](?!\{))+/y, template, index)
    literal += plain.replaceAll(/([$%])\1\{/g, (_, sign: string) => `${sign}{`)
    index += plain.length
    if (index === template.length) break
    const end = endOfBraces(template, index + 1) ?? template.length
    if (literal !== '') parts.push({ kind: 'literal', text: literal, offset })
    literal = ''
    const isInterpolation = template[index] === '$'
    const text = isInterpolation ? template.slice(index + 2, end - 1).trim() : template.slice(index, end)
    parts.push({ kind: 'expression', text, offset: offset + index })
    index = end
  }
  return literal === '' && parts.length > 0 ? parts : [...parts, { kind: 'literal', text: literal, offset }]
}

/** Ends the reading of a malformed text; does not leave this file. */
class Malformed extends Error {
  override readonly name = 'Malformed'
  readonly offset: number

  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}

/** Reads one text from left to right. */
class Reader {
  readonly #text: string
  #offset = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
    if (text.startsWith('\uFEFF')) this.#offset = 1
  }

  readFile(): HclBody {
    const body = this.#readBody()
    if (this.#offset < this.#text.length) this.#fail('No block is open that this brace could close.')
    return body
  }

  /** Reads up to the brace that closes the block, or the end of the text. */
  #readBody(): HclBody {
    const attributes: HclAttribute[] = []
    const blocks: HclBlock[] = []
    for (;;) {
      this.#match(blanksAndLines)
      if (this.#offset === this.#text.length || this.#text[this.#offset] === '}') return { attributes, blocks }
      const offset = this.#offset
      const name = this.#match(identifier)
      if (name === '') this.#fail('The name of an attribute or a block is expected here.')
      this.#match(blanks)
      if (this.#match(/=(?!=)/y) === '') blocks.push(this.#readBlock(name, offset))
      else attributes.push({ name, offset, value: this.#readValue() })
      this.#match(blanks)
      if (!/^[\r\n}]?$/.test(this.#text[this.#offset] ?? '')) this.#fail('The line ought to end here.')
    }
  }

  #readBlock(type: string, offset: number): HclBlock {
    const labels: string[] = []
    while (this.#match(/\{/y) === '') {
      const label = this.#match(identifier) || this.#match(/"[^"\\\r\n]*"/y)
      if (label === '') this.#fail(`After '${type}', an equals sign, a label or { is expected.`)
      labels.push(label.replaceAll('"', ''))
      this.#match(blanks)
    }
    if (this.#depth === depthMax) this.#fail(`Blocks nest more than ${depthMax} deep here.`)
    this.#depth += 1
    const body = this.#readBody()
    this.#depth -= 1
    if (this.#match(/\}/y) === '') this.#fail(`The block '${type}' is not closed. A } is missing.`)
    return { type, labels, offset, body }
  }

  #readValue(): HclValue {
    this.#match(blanks)
    const offset = this.#offset
    if (this.#text.startsWith('<<', offset)) return this.#readHeredoc()
    this.#skipExpression()
    const text = this.#text.slice(offset, this.#offset).trimEnd()
    if (text === '') this.#fail('A value is expected here.')
    return { parts: partsOf(text, offset), isNull: text === 'null', offset }
  }

  /** Goes to the end of an expression: the end of its line, a comment, a comma or a bracket, unless a bracket or a string is open. */
  #skipExpression(): void {
    const open: { readonly bracket: string; readonly offset: number }[] = []
    for (;;) {
      this.#match(/[^"()[\]{},\r\n#/<]+/y)
      const next = this.#text[this.#offset] ?? ''
      const opening = brackets.get(next)
      const isOver =
        opening !== undefined || /^[,\r\n]?$/.test(next) || matchAt(comment, this.#text, this.#offset) !== ''
      if (open.length === 0 && isOver) return
      if (this.#match(comment) !== '') continue
      const last = open.at(-1)
      if (next === '' || (opening !== undefined && last?.bracket !== opening)) {
        throw new Malformed(last?.offset ?? this.#offset, 'This bracket is not closed.')
      }
      if (next === '"') this.#skipString()
      else if (matchAt(heredocStart, this.#text, this.#offset) !== '') this.#readHeredoc()
      else {
        if (opening !== undefined) open.pop()
        if ('([{'.includes(next)) open.push({ bracket: next, offset: this.#offset })
        this.#offset += 1
      }
    }
  }

  #skipString(): void {
    this.#offset =
      endOfString(this.#text, this.#offset) ??
      this.#fail('This string is not closed in its line. For several lines, write a heredoc: <<EOF')
  }

  /** Reads `<<EOF`, or `<<-EOF`, whose lines lose the indentation that they have in common. */
  #readHeredoc(): HclValue {
    const offset = this.#offset
    const head = this.#match(/<<-?[\p{ID_Start}_][\p{ID_Continue}-]*\r?\n/uy)
    const word = head.trim().replace(/^<<-?/, '')
    if (word === '') this.#fail('After <<, a word is expected, and the end of the line.')
    const lines: string[] = []
    for (;;) {
      if (this.#offset === this.#text.length)
        throw new Malformed(offset, `No line consists of '${word}', which ends this text.`)
      const line = this.#match(/[^\n]*\n?/y)
      if (line.trim() !== word) {
        lines.push(line)
        continue
      }
      // The line break after the word ends the attribute.
      if (line.endsWith('\n')) this.#offset -= 1
      const template = (head.startsWith('<<-') ? withoutIndentation(lines) : lines).join('')
      return { parts: templateParts(template, offset).map((part) => ({ ...part, offset })), isNull: false, offset }
    }
  }

  /** What a sticky pattern matches here, or nothing; goes on behind it. */
  #match(pattern: RegExp): string {
    const text = matchAt(pattern, this.#text, this.#offset)
    this.#offset += text.length
    return text
  }

  #fail(message: string): never {
    throw new Malformed(this.#offset, message)
  }
}

const identifier = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy
// A comment that is not closed goes on to the end of the text.
const comment = /(?:#|\/\/)[^\n]*|\/\*.*?(?:\*\/|$)/sy
const blanks = /(?:[ \t]+|(?:#|\/\/)[^\r\n]*|\/\*.*?(?:\*\/|$))*/sy
const blanksAndLines = /(?:\s+|(?:#|\/\/)[^\n]*|\/\*.*?(?:\*\/|$))*/sy

const heredocStart = /<<-?[\p{ID_Start}_]/uy

/** What opens, by what closes it. */
const brackets: ReadonlyMap<string, string> = new Map(Object.entries({ ')': '(', ']': '[', '}': '{' }))

function matchAt(pattern: RegExp, text: string, offset: number): string {
  pattern.lastIndex = offset
  return pattern.exec(text)?.[0] ?? ''
}

/** The parts of what an attribute holds in one expression. */
function partsOf(text: string, offset: number): readonly TemplatePart[] {
  if (/^(true|false|null|-?\d[\d.eE+-]*)$/.test(text)) return [{ kind: 'literal', text, offset }]
  if (!text.startsWith('"') || endOfString(text, 0) !== text.length) return [{ kind: 'expression', text, offset }]
  return templateParts(text.slice(1, -1), offset + 1).map((part) =>
    part.kind === 'literal' ? { ...part, text: unescaped(part) } : part,
  )
}

const escapes: ReadonlyMap<string, string> = new Map(
  Object.entries({ n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' }),
)

const unescaped = ({ text, offset }: TemplatePart): string =>
  text.replace(/\\(?:u[\dA-Fa-f]{4}|U[\dA-Fa-f]{8}|.?)/gs, (written) => {
    const letter = written.slice(1)
    const code = letter.length > 1 ? Number.parseInt(letter.slice(1), 16) : undefined
    const character =
      code === undefined ? escapes.get(letter) : code <= 0x10ffff ? String.fromCodePoint(code) : undefined
    if (character === undefined) throw new Malformed(offset, `${written} is no escape. Write \\\\ for a backslash.`)
    return character
  })

/** Where the string ends that begins at an offset, behind its quote; `undefined` if its line ends before. */
function endOfString(text: string, start: number): number | undefined {
  let index = start + 1
  for (;;) {
    index += matchAt(/(?:[^"\\$%\r\n]+|\\[^\r\n]|\$\$\{|%%\{|[$%](?!\{))+/y, text, index).length
    if (text[index] === '"') return index + 1
    if (text[index] !== '$' && text[index] !== '%') return undefined
    const end = endOfBraces(text, index + 1)
    if (end === undefined) return undefined
    index = end
  }
}

/** Where the braces end that open at an offset; strings inside, with what is interpolated in them, count as a whole. */
function endOfBraces(text: string, start: number): number | undefined {
  // What has been opened and not closed: a quote stands for a string, in which only interpolation opens something.
  const open: string[] = []
  let index = start
  for (;;) {
    const inString = open.at(-1) === '"'
    index += matchAt(inString ? /(?:[^"\\$%]+|\\.|[$%](?!\{))+/sy : /[^"{}]+/y, text, index).length
    const next = text[index]
    if (next === undefined) return undefined
    if (next === '"' && inString) open.pop()
    else if (next === '"') open.push('"')
    else if (next === '}') open.pop()
    else {
      // In a string this is the sign before the brace, which is skipped along with it.
      if (inString) index += 1
      open.push('{')
    }
    index += 1
    if (open.length === 0) return index
  }
}

function withoutIndentation(lines: readonly string[]): readonly string[] {
  const widths = lines.flatMap((line) => (line.trim() === '' ? [] : [line.length - line.trimStart().length]))
  const width = Math.min(...widths)
  return lines.map((line) => (line.trim() === '' ? line.replace(/^[ \t]+/, '') : line.slice(width)))
}
