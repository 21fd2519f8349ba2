import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { object } from '../../../test/builders.ts'
import { type Dialect, toDialect } from './dialect.ts'
import { createRecordTranscoder } from './record-transcoder.ts'

const csv = toDialect(object('Csv', { type: 'CSV' }))
const tsv = toDialect(object('Tsv', { type: 'TSV' }))

/** What comes out when the input arrives in the given chunks. */
const transcode = (chunks: readonly (string | Uint8Array)[], from: Dialect, to: Dialect): Promise<string> =>
  text(
    Readable.from(chunks.map((chunk) => Buffer.from(chunk)))
      // A pipeline would end the source; here there is none to end.
      .compose(createRecordTranscoder({ source: 's3://bucket/data', from, to })),
  )

test.each([
  ['plain columns', 'a\tb\nc\td\n', 'a,b\nc,d\n'],
  ['a comma, which needs an escape', 'a,b\tc\n', 'a\\,b,c\n'],
  ['a tab, which needs none any more', 'a\\\tb\tc\n', 'a\tb,c\n'],
  ['an escaped line feed', 'a\\\nb\tc\n', 'a\\\nb,c\n'],
  ['an escaped backslash', 'a\\\\\tb\n', 'a\\\\,b\n'],
  ['NULL as databases write it', '\\N\tb\n', '\\N,b\n'],
  ['a quote, which means nothing', '"a\tb"\n', '"a,b"\n'],
  ['empty columns and records', '\t\n\n', ',\n\n'],
  ['a last record without its line feed', 'a\tb', 'a,b\n'],
  ['a carriage return inside a record', 'a\rb\tc\n', 'a\rb,c\n'],
  ['an escaped carriage return before the line feed', 'a\tb\\\r\n', 'a,b\\\r\n'],
  ['nothing', '', ''],
])('turns TSV into CSV: %s', async (_, input, output) => {
  expect(await transcode([input], tsv, csv)).toBe(output)
})

test('bytes that are no UTF-8 pass unharmed', async () => {
  const bytes = Buffer.from([0xe9, 0x09, 0xff, 0x00, 0x0a])
  const output = await Readable.from([bytes])
    .compose(createRecordTranscoder({ source: 'x', from: tsv, to: csv }))
    .toArray()
  expect(Buffer.concat(output)).toEqual(Buffer.from([0xe9, 0x2c, 0xff, 0x00, 0x0a]))
})

test.each([
  ['a\tb\r\n', tsv, 'the record that begins at byte 0 and ends on line 1 ends with a carriage return and a line feed'],
  [
    'a\tb\nc\n',
    { ...tsv, columnCount: 2 },
    'the record that begins at byte 4 and ends on line 2 has 1 columns where the format declares 2',
  ],
  ['a\\\nb\tc\nd', { ...tsv, columnCount: 2 }, 'the record that begins at byte 7 and ends on line 3 has 1 columns'],
  [
    'a\tb\nc\\',
    tsv,
    'the record that begins at byte 4 and ends on line 2 ends with an escape character that escapes nothing',
  ],
])('refuses %j with its place', async (input, from, message) => {
  const failure = { errorId: 'MalformedRecord', message: expect.stringContaining(`s3://bucket/data: ${message}`) }
  await expect(transcode([input], from, csv)).rejects.toMatchObject(failure)
  await expect(transcode(input.split(''), from, csv)).rejects.toMatchObject(failure)
})

/** Cells that make use of everything that is special in either dialect. */
const cells = fc.string({ unit: fc.constantFrom('a', 'ü', ',', '\t', '\n', '\\', '\r', ' ') })

const write = (records: readonly (readonly string[])[], separator: string) =>
  records.map((record) => `${record.map((cell) => escapeCell(cell, separator)).join(separator)}\n`).join('')

// A carriage return at the end of a record would be refused; every writer may escape it.
const escapeCell = (cell: string, separator: string) =>
  cell.replaceAll(/[\\\n\r]/g, '\\$&').replaceAll(separator, `\\${separator}`)

test('any records come out as if they had been written in the other dialect, however the input is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(cells, { minLength: 1 })),
      fc.integer({ min: 1, max: 7 }),
      async (records, size) => {
        const input = Buffer.from(write(records, '\t'))
        const chunks = Array.from({ length: Math.ceil(input.length / size) }, (_, index) =>
          input.subarray(index * size, (index + 1) * size),
        )
        expect(await transcode(chunks, tsv, csv)).toBe(write(records, ','))
      },
    ),
  )
})
