import { expect, test } from 'vitest'
import { objectId } from '../definition/pipeline-object.ts'
import { cycleMessage, type FieldReads, findFieldCycles } from './field-cycles.ts'

const field = (key: string) => ({ objectId: objectId('o'), key })

/** `a>bc` is the field a, which reads b and c. */
function fields(...written: string[]): readonly FieldReads[] {
  return written.map((each) => {
    const [key = '', reads = ''] = each.split('>')
    return { field: field(key), reads: [...reads].map(field) }
  })
}

const cyclesOf = (...written: string[]) =>
  findFieldCycles(fields(...written)).map((path) => path.map(({ key }) => key).join(''))

test.each([
  [['a>b', 'b>c', 'c>'], []],
  [['a>bc', 'b>d', 'c>d', 'd>'], []],
  [['a>a'], ['aa']],
  [['a>b', 'b>c', 'c>a'], ['abca']],
  [['x>a', 'a>b', 'b>a'], ['aba']],
  [
    ['a>b', 'b>a', 'c>d', 'd>c'],
    ['aba', 'cdc'],
  ],
  [
    ['a>bc', 'b>a', 'c>a'],
    ['aba', 'aca'],
  ],
  [['a>', 'a>b', 'b>a'], ['aba']],
  [['a>unknown'], []],
])('the fields %j have the circles %j', (written, cycles) => {
  expect(cyclesOf(...written)).toEqual(cycles)
})

test('a chain of a hundred thousand fields is walked without recursion', () => {
  const count = 100_000
  const chain = Array.from({ length: count }, (_, index) => ({
    field: field(String(index)),
    reads: [field(String((index + 1) % count))],
  }))
  expect(findFieldCycles(chain)).toHaveLength(1)
})

test('a circle is described by its path', () => {
  expect(cycleMessage([field('a'), field('b'), field('a')])).toBe(
    'These fields need one another: a of o → b of o → a of o. Give one of them a value without the others.',
  )
})
