import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { definition, object, parameter, ref, values } from '../../../test/builders.ts'
import { activated, daily, defaults, found, pipeline, shell, shortForms, validate } from '../../../test/validation.ts'
import { objectTypes } from '../catalog/catalog.ts'
import { quotedLengthMax } from '../quote.ts'
import { awsLimits } from './limits.ts'
import { objectId, referenceField, textField } from './pipeline-object.ts'

const secret = 'hunter2'

describe('a secret is not told', () => {
  test('where the expression in it cannot be read', () => {
    const found = validate(
      pipeline(
        object('D', { type: 'RedshiftDatabase', username: 'u', clusterId: 'c', '*password': `#{${secret} 'x'}` }),
      ),
    )
    expect(shortForms(found)).toEqual([
      "warning D.*password: '*password' is a secret with an expression that cannot be evaluated. Remove #{ and } from it, or let it be nothing but #{*myName}, the name of a parameter.",
    ])
  })

  test('where it is the argument of a function that needs something else', () => {
    const dated = definition([defaults, daily, shell('A', { command: '#{minusDays(*mySecret, 1)}' })], {
      parameterObjects: [parameter('*mySecret')],
      parameterValues: values('*mySecret', secret),
    })
    expect(shortForms(validate(dated, activated)).join()).not.toContain(secret)
  })

  test('where its type or its allowed values do not admit it', () => {
    const declared = definition([defaults, daily, shell('A', { maximumRetries: '#{*mySecret}' })], {
      parameterObjects: [parameter('*mySecret', { type: 'Integer', allowedValues: ['other'] })],
      parameterValues: values('*mySecret', secret),
    })
    expect(shortForms(validate(declared, activated))).toEqual([
      "error *mySecret: Parameter '*mySecret' must be an Integer, but is something else. Give a whole number such as 12.",
      "warning *mySecret: Parameter '*mySecret' must be one of its allowed values, but is something else. Give one of them, or add this one to 'allowedValues'.",
    ])
  })

  test('where it is a reference', () => {
    expect(found(shell('A', { '*myKey': ref(secret) }))).toEqual([
      "error A.*myKey: '*myKey' refers to an object, but there is no object with this id. Define it, or remove the reference.",
    ])
  })

  const secretKeys = ['*password', '*myKey', '*username']
  const plainKeys = ['command', 'startDateTime', 'period', 'maximumRetries', 'stage', 'type', 'myNote', 'username']

  test('wherever it stands and whatever else is wrong', () => {
    const spoilt = fc.constantFrom(
      secret,
      `#{${secret}`,
      `#{'${secret}' 1}`,
      `x #{${secret}}`,
      `#{'${secret}' * 2}`,
      `#{"${secret}".day()}`,
    )
    const uses = fc.constantFrom(
      '#{*mySecret}',
      '#{*mySecret + 1}',
      '#{day(*mySecret)}',
      '#{*myKey * 2}',
      '#{*password.x}',
    )
    const field = fc.oneof(
      fc.tuple(fc.constantFrom(...secretKeys), spoilt).map(([key, text]) => textField(key, text)),
      fc.constantFrom(...secretKeys).map((key) => referenceField(key, objectId(secret))),
      fc.tuple(fc.constantFrom(...plainKeys), uses).map(([key, text]) => textField(key, text)),
    )
    const typed = fc.constantFrom(...objectTypes.map(({ name }) => textField('type', name)))
    const anyObject = fc.record({
      id: fc.constantFrom('Default', 'A', 'B').map(objectId),
      name: fc.constant('n'),
      fields: fc.tuple(typed, fc.array(field, { maxLength: 6 })).map(([type, fields]) => [type, ...fields]),
    })
    fc.assert(
      fc.property(fc.array(anyObject, { maxLength: 4 }), spoilt, (objects, text) => {
        const parameterObjects = [parameter('*mySecret', { type: 'Double', default: text, allowedValues: [text] })]
        const given = definition(objects, { parameterObjects, parameterValues: values('*mySecret', text) })
        for (const { message } of validate(given, activated)) expect(message).not.toContain(secret)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a message stays readable', () => {
  const long = 'x'.repeat(5_000)
  const cut = `'${'x'.repeat(quotedLengthMax)}… (5000 characters)'`

  test('a long value is cut, with its length', () => {
    expect(found(shell('A', { maximumRetries: long }))).toContain(
      `error A.maximumRetries: 'maximumRetries' must be a whole number such as 3, but is ${cut}. Write it in that form.`,
    )
  })

  test.each([
    ['type', () => found(object('A', { type: long }))],
    ['reference', () => found(shell('A', { dependsOn: ref(long) }))],
    ['key', () => found(shell('A', { [long]: 'v' }))],
    ['id', () => found(shell(long), shell(long))],
    ['name in an expression', () => found(shell('A', { command: `#{${long}}` }))],
    ['function', () => found(shell('A', { command: `#{${long}()}` }))],
    ['misplaced name', () => found(shell('A', { command: `#{1 ${long}}` }))],
    ['argument', () => found(shell('A', { command: `#{day('${long}')}` }))],
    ['path after a dot', () => found(shell('A', { stdout: 's3://b/o', command: `#{stdout.${long}}` }))],
    ['circle of fields', () => found(shell(long, { myA: '#{myB}', myB: '#{myA}' }))],
  ])('a long %s is cut, with its length', (_, problems) => {
    const cutTexts = problems().filter((problem) => problem.includes('… (5000 characters)'))
    expect(cutTexts.length).toBeGreaterThan(0)
  })

  test('a circle of many parents is shown in part', () => {
    const circle = Array.from({ length: 50 }, (_, index) =>
      object(`P${index}`, { parent: ref(`P${(index + 1) % 50}`) }),
    )
    expect(found(...circle)[0]).toMatch(/\(30 more\) → 'P\d+'\. Remove one of these parents\.$/)
  })

  test('many allowed values are shown in part', () => {
    const allowedValues = Array.from({ length: 50 }, (_, index) => `v${index}`)
    const given = definition([defaults, daily, shell('A', { command: '#{myX}' })], {
      parameterObjects: [parameter('myX', { allowedValues, default: 'w' })],
    })
    expect(shortForms(validate(given, { limits: awsLimits }))[0]).toContain("'v19', (30 more), but is 'w'")
  })
})
