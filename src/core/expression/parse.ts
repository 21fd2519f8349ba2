import { assertNever } from '../assert-never.ts'
import type { TextRange } from '../definition/problem.ts'
import { shorten } from '../quote.ts'
import { expressionLengthMax, nestingMax } from './limits.ts'
import type { Call, Expression, FieldName, OperationTerm, SyntaxProblem } from './syntax.ts'
import { readToken, type Token } from './token.ts'

/** An expression that cannot be read. */
export type Malformed = { readonly kind: 'malformed'; readonly problem: SyntaxProblem }

/** An expression, and the token after it. */
export type Parsed = { readonly kind: 'parsed'; readonly expression: Expression; readonly next: Token }

/**
 * Reads one expression of `text` from the position `from` on, as far as it goes: `next` is the first token that does not belong
 * to it. Reads each character once.
 *
 * @source guide: dp-pipeline-expressions, dp-pipeline-reference-functions-math
 */
export function parseExpression(text: string, from: number): Parsed | Malformed {
  const cursor: Cursor = { text, start: from, token: readToken(text, from), nesting: 0 }
  const expression = parseSum(cursor)
  return expression.kind === 'malformed' ? expression : { kind: 'parsed', expression, next: cursor.token }
}

/** Where the parser stands. */
type Cursor = { readonly text: string; readonly start: number; token: Token; nesting: number }

function advance(cursor: Cursor): void {
  const token = readToken(cursor.text, cursor.token.end)
  const isTooLong = token.end - cursor.start > expressionLengthMax
  const message = `This expression is longer than ${expressionLengthMax} characters. Divide it.`
  cursor.token = isTooLong ? { kind: 'invalid', message, start: token.start, end: token.end } : token
}

const parseSum = (cursor: Cursor): Expression | Malformed => parseOperation(cursor, sumOperators, parseProduct)

const parseProduct = (cursor: Cursor): Expression | Malformed => parseOperation(cursor, productOperators, parseSigned)

const sumOperators = new Map([
  ['+', '+'],
  ['-', '-'],
] as const)
const productOperators = new Map([
  ['*', '*'],
  ['/', '/'],
] as const)

function parseOperation(
  cursor: Cursor,
  operators: ReadonlyMap<string, OperationTerm['operator']>,
  parseOperand: (cursor: Cursor) => Expression | Malformed,
): Expression | Malformed {
  const first = parseOperand(cursor)
  if (first.kind === 'malformed') return first
  const rest: OperationTerm[] = []
  for (;;) {
    const operator = cursor.token.kind === 'symbol' ? operators.get(cursor.token.text) : undefined
    if (operator === undefined) break
    advance(cursor)
    const operand = parseOperand(cursor)
    if (operand.kind === 'malformed') return operand
    rest.push({ operator, operand })
  }
  const last = rest.at(-1)?.operand
  return last === undefined ? first : { kind: 'operation', first, rest, range: span(first.range, last.range) }
}

/** A sign binds less than a power: `-2 ^ 2` is −4. */
function parseSigned(cursor: Cursor): Expression | Malformed {
  const { token } = cursor
  if (!isSymbol(token, '-')) return parsePower(cursor)
  advance(cursor)
  const operand = nested(cursor, parseSigned)
  if (operand.kind === 'malformed') return operand
  return { kind: 'negation', operand, range: { start: token.start, end: operand.range.end } }
}

/** Powers group from the right: `2 ^ 3 ^ 2` is 512. */
function parsePower(cursor: Cursor): Expression | Malformed {
  const base = parseChain(cursor)
  if (base.kind === 'malformed' || !isSymbol(cursor.token, '^')) return base
  advance(cursor)
  const exponent = nested(cursor, parseSigned)
  if (exponent.kind === 'malformed') return exponent
  return { kind: 'power', base, exponent, range: span(base.range, exponent.range) }
}

function parseChain(cursor: Cursor): Expression | Malformed {
  const first = parseOperand(cursor)
  if (first.kind === 'malformed') return first
  const links: (FieldName | Call)[] = []
  while (isSymbol(cursor.token, '.')) {
    advance(cursor)
    const link = parseName(cursor)
    if (link.kind === 'malformed') return link
    links.push(link)
  }
  const last = links.at(-1)
  return last === undefined ? first : { kind: 'chain', first, links, range: span(first.range, last.range) }
}

function parseOperand(cursor: Cursor): Expression | Malformed {
  const { token } = cursor
  if (token.kind === 'literal') {
    advance(cursor)
    return { kind: 'literal', value: token.value, range: { start: token.start, end: token.end } }
  }
  if (isSymbol(token, '(')) {
    advance(cursor)
    const expression = nested(cursor, parseSum)
    if (expression.kind === 'malformed') return expression
    if (!isSymbol(cursor.token, ')')) return unexpected(cursor.token, 'a ) that closes the parenthesis')
    advance(cursor)
    return expression
  }
  if (isSymbol(token, '[')) {
    const list = parseList(cursor, ']')
    return list.kind === 'malformed' ? list : { kind: 'list', items: list.items, range: list.range }
  }
  return parseName(cursor)
}

/** A field, or a call where a parenthesis follows. */
function parseName(cursor: Cursor): FieldName | Call | Malformed {
  const { start } = cursor.token
  const isEncrypted = isSymbol(cursor.token, '*')
  if (isEncrypted) advance(cursor)
  const { token } = cursor
  if (token.kind !== 'name' || (isEncrypted && token.start !== start + 1)) return unexpected(token, 'a name or a value')
  advance(cursor)
  const range = { start, end: token.end }
  if (isEncrypted || !isSymbol(cursor.token, '(')) {
    return { kind: 'field', key: isEncrypted ? `*${token.text}` : token.text, range }
  }
  const list = parseList(cursor, ')')
  if (list.kind === 'malformed') return list
  return { kind: 'call', functionName: token.text, arguments: list.items, range: span(range, list.range) }
}

/** Expressions between the bracket at the cursor and the one that closes it, separated by commas. */
function parseList(
  cursor: Cursor,
  close: ')' | ']',
): { readonly kind: 'items'; readonly items: readonly Expression[]; readonly range: TextRange } | Malformed {
  const { start } = cursor.token
  advance(cursor)
  const items: Expression[] = []
  while (items.length > 0 || !isSymbol(cursor.token, close)) {
    const item = nested(cursor, parseSum)
    if (item.kind === 'malformed') return item
    items.push(item)
    if (isSymbol(cursor.token, close)) break
    if (!isSymbol(cursor.token, ',')) return unexpected(cursor.token, `a comma or a ${close}`)
    advance(cursor)
  }
  const range = { start, end: cursor.token.end }
  advance(cursor)
  return { kind: 'items', items, range }
}

/** One level deeper, unless that is too deep. */
function nested(cursor: Cursor, parse: (cursor: Cursor) => Expression | Malformed): Expression | Malformed {
  if (cursor.nesting >= nestingMax) {
    return malformed(cursor.token, `This expression nests more than ${nestingMax} levels deep. Divide it.`)
  }
  cursor.nesting++
  const expression = parse(cursor)
  cursor.nesting--
  return expression
}

const isSymbol = (token: Token, text: string): boolean => token.kind === 'symbol' && token.text === text

const span = (first: TextRange, last: TextRange): TextRange => ({ start: first.start, end: last.end })

const malformed = ({ start, end }: Token, message: string): Malformed => ({
  kind: 'malformed',
  problem: { message, range: { start, end } },
})

/** The problem that `token` stands where `expected` should. */
export function unexpected(token: Token, expected: string): Malformed {
  switch (token.kind) {
    case 'invalid':
      return malformed(token, token.message)
    case 'end':
      return malformed(token, `The text ends where ${expected} is expected. Add it, and } after it.`)
    case 'symbol':
      return malformed(
        token,
        token.text === '}'
          ? `The expression ends where ${expected} is expected. Add it before the }.`
          : `${token.text} stands where ${expected} is expected. Add it, or remove the ${token.text}.`,
      )
    case 'name':
      return malformed(
        token,
        `The name ${shorten(token.text)} stands where ${expected} is expected. Add it, or put text in quotes.`,
      )
    case 'literal':
      return malformed(token, `A value stands where ${expected} is expected. Add it, or remove the value.`)
    default:
      return assertNever(token)
  }
}
