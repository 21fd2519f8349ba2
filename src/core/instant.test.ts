import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatInstant, instant, parseInstant, utc } from './instant.ts'

test('a time is written as the calendar has it, without its fraction, before the epoch as well', () => {
  const anyTime = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 })
  fc.assert(
    fc.property(anyTime, (epochMs) => {
      const text = utc(instant(epochMs)).toPlainDateTime().toString({ smallestUnit: 'second', roundingMode: 'trunc' })
      expect(formatInstant(instant(epochMs))).toBe(text)
      expect(parseInstant(text)).toBe(Math.floor(epochMs / 1000) * 1000)
    }),
  )
})
