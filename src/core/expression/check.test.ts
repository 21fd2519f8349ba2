import { expect, test } from 'vitest'
import { holdToForm } from '../../../test/validation.ts'
import { objectId } from '../definition/pipeline-object.ts'
import { checkTemplate } from './check.ts'
import { problemsMax } from './limits.ts'
import type { StaticField, StaticScope } from './static-scope.ts'

const text = (...texts: string[]): StaticField => ({ kind: 'text', texts })
const reference = (...ids: string[]): StaticField => ({ kind: 'reference', targets: ids.map(objectId) })

const objects = new Map<string, ReadonlyMap<string, StaticField>>([
  [
    'activity',
    new Map<string, StaticField>([
      ['@scheduledStartTime', { kind: 'dateTime' }],
      ['@status', { kind: 'string' }],
      ['input', reference('data')],
      ['runsOn', reference('cluster', 'machine')],
      ['anything', reference()],
      ['myDate', text('2018-01-31T00:00:00')],
      ['myName', text('a name')],
      ['myCounts', text('1', '2')],
      ['myMixed', text('1', 'b')],
      ['myExpression', text('#{myName}')],
      ['myPeriod', { kind: 'period' }],
      ['retries', { kind: 'integer' }],
      ['share', { kind: 'double' }],
      ['isOn', { kind: 'boolean' }],
      ['myLater', { kind: 'unknown' }],
    ]),
  ],
  [
    'data',
    new Map([
      ['directoryPath', text('s3://#{myBucket}/')],
      ['owner', reference('cluster')],
    ]),
  ],
  [
    'cluster',
    new Map([
      ['@status', { kind: 'string' }],
      ['region', text('us-east-1')],
      ['onlyHere', text('x')],
    ]),
  ],
  ['machine', new Map([['region', text('eu-west-1')]])],
])

const scope: StaticScope = {
  field: (object, key) => objects.get(object)?.get(key) ?? { kind: 'absent' },
  names: (object) => objects.get(object)?.keys() ?? [],
}

/** Each problem as the text that it is about, and the message. */
const problemsOf = (template: string): readonly string[] =>
  checkTemplate(template, objectId('activity'), scope).problems.map(({ message, range }) => {
    holdToForm({ message })
    return `${template.slice(range.start, range.end)}: ${message}`
  })

test.each([
  'no expression',
  "#{format(@scheduledStartTime, 'YYYY-MM-dd')} #{@scheduledStartTime.format('HH')}",
  '#{minusDays(myDate, 1)}',
  '#{plusDays(myDate, myCounts)}',
  '#{plusDays(@scheduledStartTime, retries * 2 - 1)}',
  '#{plusPeriod(@scheduledStartTime, myPeriod)}',
  '#{inTimeZone(@scheduledStartTime, @status)}',
  '#{day(myLater)} #{myLater.x.y} #{anything.x}',
  '#{day(myExpression)}',
  '#{input.directoryPath} #{input.owner.region} #{runsOn.onlyHere} #{runsOn.region}',
  "#{'a' + isOn} #{1 + myName} #{isOn + myLater} #{share + retries} #{@status + 1} #{-share}",
  '#{[myCounts, 3]} #{-myCounts} #{myCounts ^ 2} #{@status * 2}',
  '#{plusDays(@scheduledStartTime, -(1))}',
])('nothing is wrong with %s', (template) => {
  expect(problemsOf(template)).toEqual([])
})

test.each([
  ['x #{myNane}', ['myNane: The object activity has no field or parameter myNane. Did you mean myName?']],
  ['#{zzz}', ['zzz: The object activity has no field or parameter zzz. Define it, or write another name.']],
  [
    '#{input.directroyPath}',
    ['directroyPath: The object data has no field or parameter directroyPath. Did you mean directoryPath?'],
  ],
  [
    '#{runsOn.regoin}',
    ['regoin: The objects cluster, machine have no field or parameter regoin. Did you mean region?'],
  ],
  [
    '#{myName.x}',
    [
      'x: x follows a dot, but what stands before the dot is text and not a reference to an object. Write a field there that refers to one.',
    ],
  ],
  [
    '#{retries.x}',
    [
      'x: x follows a dot, but what stands before the dot is an Integer and not a reference to an object. Write a field there that refers to one.',
    ],
  ],
  [
    '#{input.owner.@status}',
    [
      '@status: @status is a runtime field, which cannot be read of an object that is further away than one reference. Refer to that object from this one.',
    ],
  ],
  ['#{fromat(myDate)}', ['fromat: There is no function fromat. Did you mean format?']],
  ['#{myDate.dya()}', ['dya: There is no function dya. Did you mean day?']],
  [
    '#{format(myDate)}',
    ['format(myDate): format(myDateTime, format) takes 2 arguments, but this call gives 1. Write it as shown.'],
  ],
  [
    "#{day(myName) + day('x')}",
    [
      "myName: The text 'a name' is not a date such as 2018-01-31T00:00:00. Write one there.",
      "'x': The text 'x' is not a date such as 2018-01-31T00:00:00. Write one there.",
    ],
  ],
  ['#{plusDays(myDate, myMixed)}', ["myMixed: The text 'b' is not a whole number such as 1. Write one there."]],
  [
    '#{plusDays(myDate, share)}',
    ['share: plusDays needs for daysToAdd a whole number such as 1, but this is a Double. Write one there.'],
  ],
  [
    '#{plusDays(myDate, retries ^ 2)}',
    ['retries ^ 2: plusDays needs for daysToAdd a whole number such as 1, but this is a Double. Write one there.'],
  ],
  [
    '#{plusDays(myDate, retries / 2.0)}',
    ['retries / 2.0: plusDays needs for daysToAdd a whole number such as 1, but this is a Double. Write one there.'],
  ],
  [
    '#{day(input)}',
    ['input: day needs for myDateTime a date such as 2018-01-31T00:00:00, but this is an object. Write one there.'],
  ],
  [
    "#{@scheduledStartTime.format('YYYY-MM-ddTHH')}",
    ["'YYYY-MM-ddTHH': T is not a letter of date patterns. Put text in a pattern between single quotes."],
  ],
  ['#{makeDate(2018, 2, 30)}', ['makeDate(2018, 2, 30): There is no date 2018-02-30T00:00:00. Write one that exists.']],
  [
    '#{minusYears(makeDate(2018, 1, 1), 300000)}',
    [
      'minusYears(makeDate(2018, 1, 1), 300000): This date lies outside the years that the calendar counts. Calculate one that is nearer to today.',
    ],
  ],
  [
    '#{@scheduledStartTime + 1}',
    [
      '@scheduledStartTime + 1: + adds numbers or joins text, but this is a DateTime. Write numbers or text on both sides.',
    ],
  ],
  ['#{isOn * 2}', ['isOn * 2: * needs a number, but this is a Boolean. Write a number there.']],
  ['#{myMixed * 2}', ['myMixed * 2: * needs a number, but this is text. Write a number there.']],
  ['#{-input}', ['-input: - needs a number, but this is an object. Write a number there.']],
  ["#{-'a'}", ["-'a': - needs a number, but this is text. Write a number there."]],
  ['#{1 / 0} #{retries / 2}', ['1 / 0: Division by zero. Write another divisor.']],
  [
    '#{a b} #{myNane}',
    [
      'b: The name b stands where an operator or } is expected. Add it, or put text in quotes.',
      'myNane: The object activity has no field or parameter myNane. Did you mean myName?',
    ],
  ],
])('%s is certain to fail: %j', (template, problems) => {
  expect(problemsOf(template)).toEqual(problems)
})

test('what follows from a problem is not a problem of its own', () => {
  expect(problemsOf('#{day(plusDays(myNane.x + 1, 1)) - 1}')).toHaveLength(1)
})

test('the fields that contain expressions themselves are reported as read', () => {
  const { reads } = checkTemplate('#{myExpression} #{myName} #{input.directoryPath}', objectId('activity'), scope)
  expect(reads).toEqual([
    { objectId: 'activity', key: 'myExpression' },
    { objectId: 'data', key: 'directoryPath' },
  ])
})

test('a text reports no more problems than anyone reads', () => {
  expect(problemsOf('#{zzz}'.repeat(problemsMax + 1))).toHaveLength(problemsMax)
})
