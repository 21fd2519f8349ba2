import type { PipelineObject } from '../../core/definition/pipeline-object.ts'
import { TaskFailure } from '../../core/task-failure.ts'
import { fieldText, fieldTexts, objectType } from '../task-objects.ts'

/** How records are told apart in text without quotes. Characters are single bytes, so that no other encoding than their own matters. */
export type Dialect = {
  /** The byte between two columns. */
  readonly columnSeparator: number
  /** The byte at the end of each record. */
  readonly recordSeparator: number
  /** The byte that takes away the meaning of the next one. */
  readonly escapeChar: number
  /** How many columns each record has, ≥ 1, where the format declares them. */
  readonly columnCount: number | undefined
}

/**
 * What a data node without a format holds, where records matter: commas, line feeds, backslashes.
 *
 * @source guide: dp-object-copyactivity; corpus (nodes without a format are copied as CSV)
 */
export const defaultDialect: Dialect = {
  columnSeparator: codeOf(','),
  recordSeparator: codeOf('\n'),
  escapeChar: codeOf('\\'),
  columnCount: undefined,
}

/**
 * The dialect that a CSV or TSV object describes.
 *
 * @source guide: dp-object-csv, dp-object-tsv
 * @throws TaskFailure (Unsupported) for another type of format; (InvalidField) for separators that cannot be told apart.
 */
export function toDialect(format: PipelineObject): Dialect {
  const type = objectType(format)
  if (type !== 'CSV' && type !== 'TSV') {
    throw new TaskFailure('Unsupported', `The data format '${format.id}' is ${type}. Data in S3 is read as CSV or TSV.`)
  }
  const columns = fieldTexts(format, 'column').length
  const dialect = {
    columnSeparator: type === 'CSV' ? codeOf(',') : requireByte(format, 'columnSeparator', '\t'),
    recordSeparator: type === 'CSV' ? codeOf('\n') : requireByte(format, 'recordSeparator', '\n'),
    escapeChar: requireByte(format, 'escapeChar', '\\'),
    columnCount: columns === 0 ? undefined : columns,
  }
  if (new Set([dialect.columnSeparator, dialect.recordSeparator, dialect.escapeChar]).size < 3) {
    throw new TaskFailure(
      'InvalidField',
      `The data format '${format.id}' uses one character for two purposes. ` +
        'columnSeparator, recordSeparator and escapeChar must differ.',
    )
  }
  return dialect
}

/** Whether text in one dialect is text in the other, byte by byte. */
export const isSameDialect = (a: Dialect, b: Dialect): boolean =>
  a.columnSeparator === b.columnSeparator && a.recordSeparator === b.recordSeparator && a.escapeChar === b.escapeChar

function requireByte(format: PipelineObject, key: string, otherwise: string): number {
  const text = namedCharacters.get(fieldText(format, key) ?? otherwise) ?? fieldText(format, key) ?? otherwise
  if (text.length !== 1 || codeOf(text) > 0x7f) {
    throw new TaskFailure(
      'InvalidField',
      `'${key}' of '${format.id}' is '${text}'. It must be a single ASCII character.`,
    )
  }
  return codeOf(text)
}

/** Ways in which people write characters that JSON makes hard to write. */
const namedCharacters: ReadonlyMap<string, string> = new Map([
  ['\\t', '\t'],
  ['\\n', '\n'],
  ['\\r', '\r'],
  ['\\\\', '\\'],
])

function codeOf(character: string): number {
  return character.charCodeAt(0)
}
