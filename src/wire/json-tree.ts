/** A JSON value that remembers where in the text it starts, as an offset in UTF-16 units. */
export type JsonTree =
  | { readonly kind: 'string'; readonly text: string; readonly offset: number }
  /** A number as it was written. */
  | { readonly kind: 'number'; readonly text: string; readonly offset: number }
  | { readonly kind: 'boolean'; readonly isTrue: boolean; readonly offset: number }
  | { readonly kind: 'null'; readonly offset: number }
  | { readonly kind: 'array'; readonly items: readonly JsonTree[]; readonly offset: number }
  | { readonly kind: 'object'; readonly members: readonly JsonMember[]; readonly offset: number }

/** A member of an object. A key may come several times. */
export type JsonMember = { readonly key: string; readonly keyOffset: number; readonly value: JsonTree }

/** A place in a text: both counted from 1, the column in UTF-16 units. */
export type Position = { readonly line: number; readonly column: number }

/** What is wrong with a text, and where. */
export type Fault = { readonly offset: number; readonly message: string }

/** How deep values may nest: more than any definition or template does, and little enough for the call stack. */
export const depthMax = 100

/**
 * Reads JSON without losing what `JSON.parse` loses: repeated keys, their order, and where everything stands. A byte order mark at the
 * start is skipped. Strict otherwise, as the AWS CLI is.
 *
 * @source observed: 5.2; corpus (repeated keys)
 */
export function readJsonTree(
  text: string,
): { readonly kind: 'tree'; readonly tree: JsonTree } | ({ readonly kind: 'fault' } & Fault) {
  const reader = new Reader(text)
  try {
    return { kind: 'tree', tree: reader.readDocument() }
  } catch (error) {
    if (error instanceof Malformed) return { kind: 'fault', offset: error.offset, message: error.message }
    throw error
  }
}

/** The offsets at which the lines of a text start, for {@link positionAt}. A byte order mark belongs to no line. */
export function lineStartsOf(text: string): readonly number[] {
  const starts = [text.startsWith(byteOrderMark) ? 1 : 0]
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1)
  return starts
}

/** Where an offset lies in the text with these lines. */
export function positionAt(lineStarts: readonly number[], offset: number): Position {
  let low = 0
  let high = lineStarts.length
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if ((lineStarts[middle] ?? 0) <= offset) low = middle
    else high = middle
  }
  return { line: low + 1, column: Math.max(1, offset - (lineStarts[low] ?? 0) + 1) }
}

/**
 * Where in the text the unit with this index of a string value stands, escapes counted; `start` is the offset of the string's
 * opening quote.
 */
export function offsetInString(text: string, start: number, index: number): number {
  let offset = start + 1
  for (let unit = 0; unit < index && offset < text.length; unit++) {
    if (text[offset] !== '\\') offset += 1
    else offset += text[offset + 1] === 'u' ? 6 : 2
  }
  return offset
}

const byteOrderMark = '\uFEFF'

/** Ends the reading of a malformed text; does not leave this file. */
class Malformed extends Error {
  override readonly name = 'Malformed'
  readonly offset: number

  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}

const escapes: ReadonlyMap<string, string> = new Map(
  Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }),
)

/** Reads one text from left to right. */
class Reader {
  readonly #text: string
  #offset = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
    if (text.startsWith(byteOrderMark)) this.#offset = 1
  }

  readDocument(): JsonTree {
    this.#skipBlanks()
    if (this.#offset === this.#text.length) this.#fail('The file is empty.')
    const tree = this.#readValue()
    this.#skipBlanks()
    if (this.#offset < this.#text.length) this.#fail('There is more text after the end of the JSON value.')
    return tree
  }

  #readValue(): JsonTree {
    const offset = this.#offset
    const first = this.#text[offset]
    if (first === '{') return this.#nested(() => this.#readObject(offset))
    if (first === '[') return this.#nested(() => this.#readArray(offset))
    if (first === '"') return { kind: 'string', text: this.#readString(), offset }
    const word = this.#match(/[-+\w.]+/y)
    if (word === 'true' || word === 'false') return { kind: 'boolean', isTrue: word === 'true', offset }
    if (word === 'null') return { kind: 'null', offset }
    if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(word)) return { kind: 'number', text: word, offset }
    this.#offset = offset
    return this.#fail(`A value is expected here, such as "text"${this.#found()}.`)
  }

  #nested(read: () => JsonTree): JsonTree {
    if (this.#depth === depthMax) this.#fail(`Values nest more than ${depthMax} deep here.`)
    this.#depth += 1
    const tree = read()
    this.#depth -= 1
    return tree
  }

  #readObject(offset: number): JsonTree {
    const members: JsonMember[] = []
    this.#readItems('}', () => {
      const keyOffset = this.#offset
      if (this.#text[keyOffset] !== '"') this.#fail(`A key in double quotes is expected here${this.#found()}.`)
      const key = this.#readString()
      this.#skipBlanks()
      if (this.#text[this.#offset] !== ':') this.#fail(`A colon is expected after the key "${key}"${this.#found()}.`)
      this.#offset += 1
      this.#skipBlanks()
      members.push({ key, keyOffset, value: this.#readValue() })
    })
    return { kind: 'object', members, offset }
  }

  #readArray(offset: number): JsonTree {
    const items: JsonTree[] = []
    this.#readItems(']', () => items.push(this.#readValue()))
    return { kind: 'array', items, offset }
  }

  /** Reads what stands between an opening bracket and `end`, with commas between. */
  #readItems(end: '}' | ']', readItem: () => void): void {
    this.#offset += 1
    this.#skipBlanks()
    if (this.#text[this.#offset] === end) {
      this.#offset += 1
      return
    }
    for (;;) {
      readItem()
      this.#skipBlanks()
      const next = this.#text[this.#offset]
      if (next !== ',' && next !== end) this.#fail(`A comma or ${end} is expected here${this.#found()}.`)
      const comma = this.#offset
      this.#offset += 1
      if (next === end) return
      this.#skipBlanks()
      if (this.#text[this.#offset] === end)
        throw new Malformed(comma, `Nothing follows this comma. Remove it, since ${end} comes next.`)
    }
  }

  #readString(): string {
    this.#offset += 1
    let text = ''
    for (;;) {
      // Everything up to a quote, a backslash or a control character stands for itself.
      const plain = this.#match(/[ !#-[\]-\u{10FFFF}]*/uy)
      text += plain
      const next = this.#text[this.#offset]
      if (next === undefined) this.#fail('The text ends inside a string. A double quote is missing.')
      if (next !== '"' && next !== '\\') this.#fail(controlCharacter(next ?? ''))
      this.#offset += 1
      if (next === '"') return text
      text += this.#readEscape()
    }
  }

  #readEscape(): string {
    const letter = this.#text[this.#offset] ?? ''
    const plain = escapes.get(letter)
    if (plain !== undefined) {
      this.#offset += 1
      return plain
    }
    const code = this.#match(/u[\dA-Fa-f]{4}/y)
    if (code === '') this.#fail(`\\${letter} is no escape. Write \\\\ for a backslash.`)
    return String.fromCharCode(Number.parseInt(code.slice(1), 16))
  }

  #skipBlanks(): void {
    this.#match(/[ \t\r\n]*/y)
    if (this.#text.startsWith('//', this.#offset) || this.#text.startsWith('/*', this.#offset)) {
      this.#fail('JSON has no comments. Write a field such as "myComment" instead.')
    }
  }

  /** What a sticky pattern matches here, or nothing; goes on behind it. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#offset
    const text = pattern.exec(this.#text)?.[0] ?? ''
    this.#offset += text.length
    return text
  }

  #found(): string {
    const code = this.#text.codePointAt(this.#offset)
    return code === undefined ? ', but the text ends' : `, but there is ${String.fromCodePoint(code)}`
  }

  #fail(message: string): never {
    throw new Malformed(this.#offset, message)
  }
}

const controlCharacter = (character: string): string =>
  character === '\n' || character === '\r'
    ? 'A string goes on over the end of the line. Write \\n for a line break.'
    : `A string contains the control character ${character.charCodeAt(0)}. Write it as an escape such as \\t.`
