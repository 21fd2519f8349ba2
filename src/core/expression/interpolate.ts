import type { Failure } from './failure.ts'
import { flatten, itemsOf } from './lists.ts'
import { type Run, spendCharacters, spendSteps } from './run.ts'
import { valueText } from './text.ts'
import type { Value } from './value.ts'

/** A stretch of a template after evaluation: text that was written, or the value of an expression. */
export type Piece = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'value'; readonly value: Value }

/**
 * Puts the pieces of a template together. Around a list the text is repeated for each item, as `'text' + list` is; an empty
 * list, such as an optional parameter without a value, adds nothing.
 *
 * `[#{a}, #{b}]` is the list of all items if one of the expressions is a list, and text otherwise.
 *
 * @source guide: dp-pipeline-expressions; text around lists is ours: differences#expression-lists
 */
export function joinPieces(pieces: readonly Piece[], run: Run): Value | Failure {
  if (!pieces.some(isList)) return joinTexts(pieces, run)
  if (!isListForm(pieces)) return joinAroundLists(pieces, run)
  const values = pieces.flatMap((piece) => (piece.kind === 'value' ? [piece.value] : []))
  return spendSteps(run, values.length) ?? flatten(values)
}

const isList = (piece: Piece): boolean => piece.kind === 'value' && piece.value.kind === 'list'

/** A text or a value that is no list, as text. */
const pieceText = (piece: Piece): string => (piece.kind === 'text' ? piece.text : valueText(piece.value))

function joinTexts(pieces: readonly Piece[], run: Run): Value | Failure {
  let text = ''
  for (const piece of pieces) {
    const added = pieceText(piece)
    const tooLong = spendSteps(run, 1) ?? spendCharacters(run, added.length)
    if (tooLong !== undefined) return tooLong
    text += added
  }
  return { kind: 'string', text }
}

/** Whether the pieces are expressions between square brackets, separated by commas, and nothing else. */
function isListForm(pieces: readonly Piece[]): boolean {
  return pieces.every((piece, index) => {
    if (piece.kind === 'value') return index % 2 === 1
    const expected = index === 0 ? '[' : index === pieces.length - 1 ? ']' : ','
    return index % 2 === 0 && piece.text.trim() === expected
  })
}

function joinAroundLists(pieces: readonly Piece[], run: Run): Value | Failure {
  let texts = ['']
  for (const piece of pieces) {
    const items = piece.kind === 'value' ? itemsOf(piece.value).map(valueText) : [piece.text]
    if (items.length === 0) continue
    const tooMany = spendSteps(run, texts.length * items.length)
    if (tooMany !== undefined) return tooMany
    texts = texts.flatMap((start) => items.map((item) => start + item))
    if (totalLength(texts) > run.charactersLeft) break
  }
  const tooLong = spendCharacters(run, totalLength(texts))
  if (tooLong !== undefined) return tooLong
  const values = texts.map((text): Value => ({ kind: 'string', text }))
  return isRepeated(pieces) ? flatten(values) : (values[0] ?? { kind: 'string', text: '' })
}

/** Whether a list makes the text a list; one that is empty adds nothing. */
const isRepeated = (pieces: readonly Piece[]): boolean =>
  pieces.some((piece) => piece.kind === 'value' && piece.value.kind === 'list' && piece.value.items.length > 0)

const totalLength = (texts: readonly string[]): number => texts.reduce((length, text) => length + text.length, 0)
