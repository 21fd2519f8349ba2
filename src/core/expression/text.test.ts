import { expect, test } from 'vitest'
import { objectId } from '../definition/pipeline-object.ts'
import { instant } from '../instant.ts'
import { valueText } from './text.ts'
import type { Value } from './value.ts'

test.each<[Value, string]>([
  [{ kind: 'string', text: "it's" }, "it's"],
  [{ kind: 'integer', number: -7 }, '-7'],
  [{ kind: 'double', number: 4 }, '4.0'],
  [{ kind: 'double', number: 0.5 }, '0.5'],
  [{ kind: 'double', number: 0 }, '0.0'],
  [{ kind: 'double', number: -0 }, '-0.0'],
  [{ kind: 'double', number: 9_999_999 }, '9999999.0'],
  [{ kind: 'double', number: 10_000_000 }, '1.0E7'],
  [{ kind: 'double', number: 0.001 }, '0.001'],
  [{ kind: 'double', number: 0.000_99 }, '9.9E-4'],
  [{ kind: 'boolean', isTrue: false }, 'false'],
  [{ kind: 'dateTime', instant: instant(1_517_396_733_999) }, '2018-01-31T11:05:33'],
  [{ kind: 'dateTime', instant: instant(1_517_396_733_999), zone: 'Asia/Kolkata' }, '2018-01-31T16:35:33'],
  [{ kind: 'period', period: { count: 2, unit: 'week' } }, '2 weeks'],
  [{ kind: 'object', id: objectId('@Data_2018-01-31T00:00:00') }, '@Data_2018-01-31T00:00:00'],
  [
    {
      kind: 'list',
      items: [
        { kind: 'integer', number: 1 },
        { kind: 'string', text: 'b' },
      ],
    },
    '[1, b]',
  ],
  [{ kind: 'list', items: [] }, '[]'],
])('%o is written %s', (value, text) => {
  expect(valueText(value)).toBe(text)
})
