import { describe, expect, test } from 'vitest'
import { objectId } from '../definition/pipeline-object.ts'
import { instant } from '../instant.ts'
import { evaluateTemplate } from './evaluate.ts'
import { depthMax, stepsMax } from './limits.ts'
import type { Scope, ScopeEntry } from './scope.ts'
import { valueText } from './text.ts'
import type { Value } from './value.ts'

const string = (text: string): Value => ({ kind: 'string', text })
const integer = (number: number): Value => ({ kind: 'integer', number })
const list = (...items: Value[]): Value => ({ kind: 'list', items })
const text = (...texts: string[]): readonly ScopeEntry[] => texts.map((each) => ({ kind: 'string', text: each }))
const reference = (...ids: string[]): readonly ScopeEntry[] =>
  ids.map((id) => ({ kind: 'reference', target: objectId(id) }))
const value = (given: Value): readonly ScopeEntry[] => [{ kind: 'value', value: given }]

type Objects = Readonly<Record<string, Readonly<Record<string, readonly ScopeEntry[]>>>>

const scopeOf = (objects: Objects): Scope => {
  const byId = new Map(Object.entries(objects).map(([id, fields]) => [id, new Map(Object.entries(fields))]))
  return { entries: (object, key) => byId.get(object)?.get(key) }
}

/** Evaluates a text of the object `self`, which has the given fields. */
const evaluateWith = (template: string, self: Objects[string] = {}, others: Objects = {}) =>
  evaluateTemplate(template, objectId('self'), scopeOf({ self, ...others }))

/** The value as text, or the message of the failure. */
function textOf(template: string, self: Objects[string] = {}, others: Objects = {}): string {
  const result = evaluateWith(template, self, others)
  return result.kind === 'failure' ? result.message : valueText(result.value)
}

describe('the examples of the guide', () => {
  const myDateTime = text('2011-05-24T17:10:00')

  test.each([
    ['#{1 + 2}', '3'],
    ['#{1 - 2}', '-1'],
    ['#{1 * 2}', '2'],
    ['#{1 / 2}', '0'],
    ['#{1.0 / 2}', '0.5'],
    ['#{2 ^ 2}', '4.0'],
    ['#{"hel" + "lo"}', 'hello'],
    ['#{day(myDateTime)}', '24'],
    ['#{dayOfYear(myDateTime)}', '144'],
    ['#{firstOfMonth(myDateTime)}', '2011-05-01T17:10:00'],
    ["#{format(myDateTime,'YYYY-MM-dd HH:mm:ss z')}", '2011-05-24 17:10:00 UTC'],
    ["#{format(myDateTime,'YYYY-MM-dd hh:mm:ss')}", '2011-05-24 05:10:00'],
    ['#{hour(myDateTime)}', '17'],
    ['#{makeDate(2011,5,24)}', '2011-05-24T00:00:00'],
    ['#{makeDateTime(2011,5,24,14,21)}', '2011-05-24T14:21:00'],
    ['#{midnight(myDateTime)}', '2011-05-24T00:00:00'],
    ['#{minusDays(myDateTime,1)}', '2011-05-23T17:10:00'],
    ['#{minusHours(myDateTime,1)}', '2011-05-24T16:10:00'],
    ['#{minusMinutes(myDateTime,1)}', '2011-05-24T17:09:00'],
    ['#{minusMonths(myDateTime,1)}', '2011-04-24T17:10:00'],
    ['#{minusWeeks(myDateTime,1)}', '2011-05-17T17:10:00'],
    ['#{minusYears(myDateTime,1)}', '2010-05-24T17:10:00'],
    ['#{minute(myDateTime)}', '10'],
    ['#{month(myDateTime)}', '5'],
    ['#{plusDays(myDateTime,1)}', '2011-05-25T17:10:00'],
    ['#{plusHours(myDateTime,1)}', '2011-05-24T18:10:00'],
    ['#{plusMinutes(myDateTime,1)}', '2011-05-24T17:11:00'],
    ['#{plusMonths(myDateTime,1)}', '2011-06-24T17:10:00'],
    ['#{plusWeeks(myDateTime,1)}', '2011-05-31T17:10:00'],
    ['#{plusYears(myDateTime,1)}', '2012-05-24T17:10:00'],
    ['#{sunday(myDateTime)}', '2011-05-22T17:10:00'],
    ['#{year(myDateTime)}', '2011'],
    ['#{yesterday(myDateTime)}', '2011-05-23T17:10:00'],
    ['#{format(plusPeriod(myDateTime, "1 day"), "YY-MM-DD HH:MM:SS")}', '11-05-145 17:05:00'],
    ["#{myDateTime.format('YYYY-MM-dd HH:mm:ss')}", '2011-05-24 17:10:00'],
    ["#{format(minusMinutes(myDateTime,30),'YYYY-MM-dd hh:mm:ss')}", '2011-05-24 04:40:00'],
  ])('%s is %s', (template, expected) => {
    expect(textOf(template, { myDateTime })).toBe(expected)
  })

  test('text around a name is repeated for each item of a list', () => {
    const result = evaluateWith("#{'this is ' + myList}", { myList: text('one', 'two') })
    expect(result).toEqual({ kind: 'value', value: list(string('this is one'), string('this is two')) })
  })

  test('a list of lists is one list', () => {
    const lists = { myList1: value(list(integer(1), integer(2))), myList2: value(list(integer(3), integer(4))) }
    const flat = { kind: 'value', value: list(integer(1), integer(2), integer(3), integer(4)) }
    expect(evaluateWith('[#{myList1}, #{myList2}]', lists)).toEqual(flat)
    expect(evaluateWith('#{[myList1, myList2]}', lists)).toEqual(flat)
    expect(evaluateWith('#{both}', { ...lists, both: text('#{myList1}', '#{myList2}') })).toEqual(flat)
  })

  test('an alarm reads fields through the object that refers to it', () => {
    const message = "S3 bucket '#{node.output.directoryPath}' succeeded at #{node.@actualEndTime}."
    const others = {
      activity: { output: reference('s3nodeTwo'), '@actualEndTime': text('2018-01-31T11:05:33') },
      s3nodeTwo: { directoryPath: text('s3://bucket/out') },
    }
    expect(textOf(message, { node: reference('activity') }, others)).toBe(
      "S3 bucket 's3://bucket/out' succeeded at 2018-01-31T11:05:33.",
    )
  })

  test('the parent of an instance is its component', () => {
    const others = { ExampleDataNode: { '@id': text('ExampleDataNode') } }
    expect(textOf('s3://mybucket/#{parent.@id}.csv', { parent: reference('ExampleDataNode') }, others)).toBe(
      's3://mybucket/ExampleDataNode.csv',
    )
  })
})

describe('types', () => {
  const date = instant(1_306_257_000_000)

  test.each<[string, Value]>([
    ['#{1 + 2}', integer(3)],
    ['#{1 + 2.0}', { kind: 'double', number: 3 }],
    ['#{t}', { kind: 'dateTime', instant: date }],
    ['#{o}', { kind: 'object', id: objectId('other') }],
    ['#{b}', { kind: 'boolean', isTrue: true }],
    ['#{l}', list(string('one'), string('two'))],
    [' #{1 + 2}', string(' 3')],
    ['#{1}#{2}', string('12')],
    ['no expression', string('no expression')],
    ['', string('')],
  ])('%j keeps its type only if it is one expression and nothing else', (template, expected) => {
    const self = {
      t: value({ kind: 'dateTime', instant: date }),
      o: reference('other'),
      b: value({ kind: 'boolean', isTrue: true }),
      l: text('one', 'two'),
    }
    expect(evaluateWith(template, self)).toEqual({ kind: 'value', value: expected })
  })

  test.each([
    ['#{1 + myCount}', '3'],
    ['#{myCount + 1}', '3'],
    ['#{myCount * myCount}', '4'],
    ['#{-myCount}', '-2'],
    ['#{other.myCount + 1}', '3'],
    ["#{1 + '2'}", '12'],
    ['#{myCount + myCount}', '22'],
    ["#{'x' + myCount}", 'x2'],
    ['#{1 + myName}', '1n'],
    ['#{1 + myCount + 1}', '4'],
    ["#{'' + 1.0 + true_}", '1.0true'],
    ['#{plusDays(myDate, myCount)}', '2018-01-03T00:00:00'],
  ])('text of a field is a number where one is needed: %s is %s', (template, expected) => {
    const self = {
      myCount: text('2'),
      myName: text('n'),
      myDate: text('2018-01-01T00:00:00'),
      other: reference('self'),
      true_: value({ kind: 'boolean', isTrue: true }),
    }
    expect(textOf(template, self)).toBe(expected)
  })

  test.each([
    ['#{7 / -2}', '-3'],
    ['#{-7 / 2}', '-3'],
    ['#{0 * -1}', '0'],
    ['#{7.5 / 2}', '3.75'],
    ['#{2 ^ 3 ^ 2}', '512.0'],
    ['#{-2 ^ 2}', '-4.0'],
    ['#{2 + 3 * 4 - 1}', '13'],
    ['#{10 - 2 - 3}', '5'],
    ['#{(2 + 3) * 4}', '20'],
    ['#{9007199254740991 / 3}', '3002399751580330'],
    ['#{1.0E10 * 10}', '1.0E11'],
  ])('%s is %s', (template, expected) => {
    expect(textOf(template)).toBe(expected)
  })
})

describe('lists', () => {
  test('functions and operators work on each item, the first list slowest', () => {
    const self = { a: text('1', '2'), b: text('x', 'y') }
    expect(textOf('#{a + b}', self)).toBe('[1x, 1y, 2x, 2y]')
    expect(textOf('#{a * a}', self)).toBe('[1, 2, 2, 4]')
    expect(textOf('#{-a}', self)).toBe('[-1, -2]')
    expect(textOf('#{makeDate(2018, a, a)}', self)).toBe(
      '[2018-01-01T00:00:00, 2018-01-02T00:00:00, 2018-02-01T00:00:00, 2018-02-02T00:00:00]',
    )
    expect(textOf('#{a}/#{b}', self)).toBe('[1/x, 1/y, 2/x, 2/y]')
  })

  test('a path through a list of references reads each target', () => {
    const self = { input: reference('one', 'two') }
    const others = { one: { directoryPath: text('s3://1') }, two: { directoryPath: text('s3://2a', 's3://2b') } }
    expect(textOf('#{input.directoryPath}', self, others)).toBe('[s3://1, s3://2a, s3://2b]')
  })

  test('an optional parameter without a value adds nothing to text, and alone is an empty list', () => {
    const self = { myOptional: [] }
    expect(textOf('a#{myOptional}b', self)).toBe('ab')
    expect(textOf("#{'a' + myOptional}", self)).toBe('a')
    expect(evaluateWith('#{myOptional}', self)).toEqual({ kind: 'value', value: list() })
  })

  test('square brackets around single values are text', () => {
    expect(textOf('[#{a}, #{a}]', { a: text('1') })).toBe('[1, 1]')
    expect(evaluateWith('[#{a}]', { a: text('1') })).toEqual({ kind: 'value', value: string('[1]') })
  })
})

describe('fields that contain expressions', () => {
  test('are evaluated for the object that has them', () => {
    const self = { name_: text('outer'), input: reference('data') }
    const others = { data: { name_: text('inner'), directoryPath: text('s3://#{name_}') } }
    expect(textOf('#{input.directoryPath} #{name_}', self, others)).toBe('s3://inner outer')
  })

  test('keep the type of their expression', () => {
    const self = { start: text('#{makeDate(2018, 1, 31)}'), next: text('#{plusMonths(start, 1)}') }
    expect(textOf("#{next.format('d MMM')}", self)).toBe('28 Feb')
  })

  test('fail with the whole circle where they need one another', () => {
    const self = { a: text('#{b}'), b: text('x #{c}'), c: text('#{a}') }
    expect(textOf('#{a}', self)).toBe(
      'These fields need one another: a of self → b of self → c of self → a of self. Give one of them a value without the others. (In the field c of self.)',
    )
  })

  test('may be read by two others without being a circle', () => {
    const self = { a: text('#{c}1'), b: text('#{c}2'), c: text('#{d}'), d: text('x') }
    expect(textOf('#{a} #{b}', self)).toBe('x1 x2')
  })

  test('are named once in a failure, the innermost of them', () => {
    const self = { a: text('#{b}'), b: text('#{missing + 1}') }
    const result = evaluateWith('x #{a}', self)
    expect(result).toEqual({
      kind: 'failure',
      message:
        'The object self has no field or parameter missing. Define it, or write another name. (In the field b of self.)',
      range: { start: 2, end: 9 },
      field: { objectId: 'self', key: 'b' },
    })
  })

  test('are taken as written if they are an id or a name', () => {
    expect(textOf('#{name}', { name: text('#{1 + 1}') })).toBe('#{1 + 1}')
  })
})

describe('failures', () => {
  test.each([
    ['x #{missing}', 'missing', 'The object self has no field or parameter missing. Define it, or write another name.'],
    [
      '#{self_.missing}',
      'missing',
      'The object self has no field or parameter missing. Define it, or write another name.',
    ],
    [
      '#{n.format}',
      'format',
      '.format follows a reference to an object, but what stands before the dot is not one. Write a field there that refers to an object.',
    ],
    ['#{formt(n)}', 'formt(n)', 'There is no function formt. Did you mean format?'],
    ['#{toString(n)}', 'toString(n)', 'There is no function toString. Use one that exists, such as format.'],
    [
      '#{constructor}',
      'constructor',
      'The object self has no field or parameter constructor. Define it, or write another name.',
    ],
    [
      '#{__proto__}',
      '__proto__',
      'The object self has no field or parameter __proto__. Define it, or write another name.',
    ],
    ['#{day()}', 'day()', 'day(myDateTime) takes 1 argument, but this call gives 0. Write it as shown.'],
    ["#{day('x')}", "day('x')", "The text 'x' is not a date such as 2018-01-31T00:00:00. Write one there."],
    ['#{plusDays(t, 1.5)}', 'plusDays(t, 1.5)', '1.5 is not a whole number such as 1. Write one there.'],
    [
      "#{t.format('T')}",
      "format('T')",
      'T is not a letter of date patterns. Put text in a pattern between single quotes.',
    ],
    [
      "#{plusPeriod(t, 'soon')}",
      "plusPeriod(t, 'soon')",
      "The text 'soon' is not a period such as '1 day'. Write one there.",
    ],
    [
      "#{inTimeZone(t, 'Mars')}",
      "inTimeZone(t, 'Mars')",
      "The text 'Mars' is not a time zone in quotes such as 'America/Los_Angeles'. Write one there.",
    ],
    [
      '#{makeDate(2018, 2, 30)}',
      'makeDate(2018, 2, 30)',
      'There is no date 2018-02-30T00:00:00. Write one that exists.',
    ],
    [
      '#{plusYears(t, 300000)}',
      'plusYears(t, 300000)',
      'This date lies outside the years that the calendar counts. Calculate one that is nearer to today.',
    ],
    [
      '#{plusDays(t, 9007199254740991)}',
      'plusDays(t, 9007199254740991)',
      'This date lies outside the years that the calendar counts. Calculate one that is nearer to today.',
    ],
    ['#{1 / 0}', '1 / 0', 'Division by zero. Write another divisor.'],
    ['#{1.0 / 0}', '1.0 / 0', 'Division by zero. Write another divisor.'],
    ['#{10 ^ 400}', '10 ^ 400', 'The result is not a finite number. Calculate with smaller ones.'],
    [
      '#{9007199254740991 + 1}',
      '9007199254740991 + 1',
      'The result is too large for an Integer. Calculate with smaller numbers, or with Doubles.',
    ],
    [
      '#{t + 1}',
      't + 1',
      '+ adds numbers or joins text, but this is a DateTime and an Integer. Write numbers or text on both sides.',
    ],
    ["#{'a' - 1}", "'a' - 1", '- needs a number, but this is text. Write a number there.'],
    ["#{-'a'}", "-'a'", '- needs a number, but this is text. Write a number there.'],
    ['a #{b', '#{b', 'This expression is not closed. Add } at its end.'],
  ])('%s fails at %s: %s', (template, place, message) => {
    const self = {
      n: text('n'),
      self_: reference('self'),
      t: value({ kind: 'dateTime', instant: instant(1_306_257_000_000) }),
    }
    const start = template.indexOf(place)
    const range = { start, end: start + place.length }
    expect(evaluateWith(template, self)).toEqual({ kind: 'failure', message, range })
  })
})

describe('limits', () => {
  test('a chain of fields may be as deep as the limit allows, and fails beyond it', () => {
    const chain = (length: number) => {
      const self = new Map(
        Array.from({ length }, (_, index) => [`f${index}`, text(index + 1 < length ? `#{f${index + 1}}` : 'end')]),
      )
      return textOf('#{f0}', Object.fromEntries(self))
    }
    expect(chain(depthMax)).toBe('end')
    expect(chain(depthMax + 1)).toContain(`nest more than ${depthMax} levels deep`)
  })

  test('fields that double what they read are each evaluated once, and fail where the text becomes too long', () => {
    const doubling = (levels: number, end: string) => {
      const self = new Map(
        Array.from({ length: levels }, (_, index) => [
          `f${index}`,
          text(index + 1 < levels ? `#{f${index + 1}}#{f${index + 1}}` : end),
        ]),
      )
      return textOf('#{f0}', Object.fromEntries(self))
    }
    expect(doubling(100, '')).toBe('')
    expect(doubling(100, 'x')).toContain('evaluates to more than')
  })

  test('lists multiply up to the number of steps and no further', () => {
    const self = { l: text(...Array.from({ length: 200 }, (_, index) => String(index))) }
    expect(evaluateWith('#{l + l}', self).kind).toBe('value')
    expect(textOf('#{l + l + l}', self)).toContain(`more than ${stepsMax} steps`)
    expect(textOf('#{l}#{l}#{l}', self)).toContain(`more than ${stepsMax} steps`)
    expect(textOf('#{makeDate(l, l, l)}', self)).toContain(`more than ${stepsMax} steps`)
  })

  test('a text with more expressions than steps fails instead of taking its time', () => {
    expect(textOf('#{1}'.repeat(stepsMax + 1))).toContain('steps')
  })
})

test('inTimeZone shows the same instant in another zone', () => {
  const self = { t: text('2018-07-01T06:30:00') }
  expect(textOf("#{inTimeZone(t, 'America/Los_Angeles')}", self)).toBe('2018-06-30T23:30:00')
  expect(textOf("#{format(inTimeZone(t, 'America/Los_Angeles'), 'HH:mm z')}", self)).toBe('23:30 PDT')
  expect(textOf("#{inTimeZone(inTimeZone(t, 'Asia/Tokyo'), 'UTC')}", self)).toBe('2018-07-01T06:30:00')
})
