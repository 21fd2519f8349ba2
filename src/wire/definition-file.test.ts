import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { definition, object, parameter, ref, values } from '../../test/builders.ts'
import { objectId } from '../core/definition/pipeline-object.ts'
import { type DefinitionFile, locateProblem, readDefinitionFile } from './definition-file.ts'
import { writeDefinitionFile } from './write-definition-file.ts'

function read(text: string): DefinitionFile {
  const file = readDefinitionFile(text)
  if (file.kind === 'unusable') throw new Error(JSON.stringify(file.faults))
  return file
}

const faultsOf = (text: string): readonly string[] => {
  const file = readDefinitionFile(text)
  return file.kind === 'unusable' ? file.faults.map(({ line, column, message }) => `${line}:${column} ${message}`) : []
}

describe('a definition file', () => {
  test('has objects, parameters and values; other blocks are skipped', () => {
    const file = read(`{
      "metadata": { "templateName": "x" },
      "objects": [{ "id": "A", "name": "The A", "type": "CSV" }],
      "parameters": [{ "id": "myX", "type": "Integer", "allowedValues": ["1", "2"] }],
      "values": { "myX": "1", "myList": ["a", "b"] }
    }`)
    expect(file.definition).toEqual(
      definition([object('A', { name: 'The A', type: 'CSV' })], {
        parameterObjects: [parameter('myX', { allowedValues: ['1', '2'], type: 'Integer' })],
        parameterValues: [...values('myX', '1'), ...values('myList', 'a', 'b')],
      }),
    )
  })

  test('names an object without a name after its id', () => {
    expect(read('{"objects":[{"id":"A"}]}').definition.objects).toEqual([object('A', {})])
  })

  test('sorts the fields by key, and keeps the values of one key in order', () => {
    expect(read('{"objects":[{"type":"T","step":"b","id":"A","Z":"1","step":["a","c"]}]}').definition.objects).toEqual([
      object('A', { Z: '1', step: ['b', 'a', 'c'], type: 'T' }),
    ])
  })

  test('takes references, and numbers and booleans as their text', () => {
    expect(
      read('{"objects":[{"id":"A","a":{"ref":"B"},"b":1.50,"c":true,"d":[{"ref":"C"},2]}]}').definition.objects,
    ).toEqual([object('A', { a: ref('B'), b: '1.50', c: 'true', d: [ref('C'), '2'] })])
  })

  test('drops a field whose list is empty', () => {
    expect(read('{"objects":[{"id":"A","configuration":[]}]}').definition.objects).toEqual([object('A', {})])
  })

  test('adds up repeated blocks', () => {
    expect(read('{"objects":[{"id":"A"}],"objects":[{"id":"B"}]}').definition.objects).toHaveLength(2)
  })

  test('may have the form of the API', () => {
    const file = read(`{
      "pipelineObjects": [{ "id": "A", "name": "A", "fields": [
        { "key": "type", "stringValue": "CSV" }, { "key": "parent", "refValue": "P" }] }],
      "parameterObjects": [{ "id": "myX", "attributes": [{ "key": "type", "stringValue": "String" }] }],
      "parameterValues": [{ "id": "myX", "stringValue": "1" }, { "id": "myX", "stringValue": "2" }]
    }`)
    expect(file.definition).toEqual(
      definition([object('A', { parent: ref('P'), type: 'CSV' })], {
        parameterObjects: [parameter('myX', { type: 'String' })],
        parameterValues: values('myX', '1', '2'),
      }),
    )
  })

  test('may have keys that JavaScript uses itself', () => {
    const text = '{"objects":[{"id":"__proto__","__proto__":"a","constructor":"b"}],"values":{"__proto__":"v"}}'
    expect(read(text).definition.objects[0]?.fields.map(({ key }) => key)).toEqual(['__proto__', 'constructor'])
    expect(read(text).definition.parameterValues).toEqual(values('__proto__', 'v'))
  })
})

describe('a file that cannot be used', () => {
  test.each([
    ['{"parameters":[]}', '1:1 Missing "objects" key. Add it, with the list of objects.'],
    ['[]', '1:1 A definition file is a JSON object with the key "objects".'],
    ['{"objects":{}}', '1:12 A list of objects is expected here, in square brackets.'],
    ['{"objects":["A"]}', '1:13 An object is expected here, in braces.'],
    ['{"objects":[{"type":"CSV"}]}', '1:13 Missing "id" key of element. Give it an id that no other object has.'],
    [
      '{"objects":[],"parameters":[{"type":"String"}]}',
      '1:29 Missing "id" key of parameter. Give it an id that no other parameter has.',
    ],
    ['{"objects":[{"id":"A","id":"B"}]}', '1:13 The object \'A\' has more than one "id". Keep one of them.'],
    ['{"objects":[{"id":{"ref":"A"}}]}', '1:19 "id" must be a text. Write it in double quotes.'],
    ['{"objects":[{"id":"A","x":null}]}', '1:27 "x" is null. Give it a value, or remove it.'],
    ['{"objects":[{"id":"A","x":[["a"]]}]}', '1:28 "x" holds a list inside a list. Put all values into one list.'],
    [
      '{"objects":[{"id":"A","x":{"Ref":"B"}}]}',
      '1:27 "x" holds an object that is no reference. A reference is { "ref": "id" } and nothing else.',
    ],
    ['{"objects":[],"values":["a"]}', '1:25 A value of a parameter needs "id" and "stringValue".'],
    ['{"objects":[],"values":1}', '1:24 The values of parameters are an object: { "myParameter": "value" }.'],
    ['{"objects":[{"id":"A","fields":[{"key":"x"}]}]}', '1:33 A field needs "key", and "stringValue" or "refValue".'],
    [
      '{"objects":[],"parameters":[{"id":"myX","default":{"ref":"A"}}]}',
      '1:51 "default" of the parameter \'myX\' must be a text, not a reference. Write the text itself.',
    ],
    ['{"objects":[', '1:13 A value is expected here, such as "text", but the text ends.'],
  ])('%s', (text, fault) => {
    expect(faultsOf(text)).toEqual([fault])
  })

  test('has all its faults told at once', () => {
    expect(faultsOf('{"objects":[{"x":"1"},\n{"id":"A","y":null}]}')).toHaveLength(2)
  })
})

describe('the place of a problem', () => {
  const file = read(`{ "objects": [
  { "id": "A",
    "step": ["a",
      "b\\n#{oops"],
    "step": "c" } ],
  "parameters": [
    { "id": "myX", "Default": "d" } ],
  "values": { "myY": "1", "myX": ["2", "3"] } }`)
  const locate = (problem: object) => locateProblem(file, { severity: 'error', message: '', ...problem })
  const objectA = { objectId: objectId('A') }

  test.each([
    ['an object', objectA, [2, 3]],
    ['its id', { ...objectA, field: 'id' }, [2, 11]],
    ['a field that is missing', { ...objectA, field: 'type' }, [2, 3]],
    ['a field', { ...objectA, field: 'step' }, [3, 14]],
    ['one of the values', { ...objectA, field: 'step', valueIndex: 2 }, [5, 13]],
    ['an expression', { ...objectA, field: 'step', valueIndex: 1, range: { start: 2, end: 8 } }, [4, 11]],
    ['a parameter', { parameterId: 'myX' }, [7, 5]],
    ['an attribute of a parameter', { parameterId: 'myX', field: 'default' }, [7, 31]],
    ['a value of a parameter', { parameterId: 'myX', valueIndex: 1 }, [8, 40]],
    ['a parameter that is not declared', { parameterId: 'myY' }, [8, 22]],
    ['a value that is not in the file', { parameterId: 'myZ', valueIndex: 0 }, [1, 1]],
    ['an object that is not in the file', { objectId: objectId('B') }, [1, 1]],
    ['the definition', {}, [1, 1]],
  ])('that concerns %s', (_, problem, [line, column]) => {
    expect(locate(problem)).toEqual({ line, column })
  })

  test('that concerns several objects or parameters with one id is that of the first, which counts', () => {
    const doubled = read(`{ "objects": [ { "id": "A", "x": "1" },
      { "id": "A", "x": "2" } ], "parameters": [ { "id": "myX" },
      { "id": "myX" } ] }`)
    const lineOf = (place: object) => locateProblem(doubled, { severity: 'error', message: '', ...place }).line
    expect(lineOf({ objectId: objectId('A'), field: 'x' })).toBe(1)
    expect(lineOf({ parameterId: 'myX' })).toBe(2)
  })
})

describe('writing', () => {
  test('gives what the AWS CLI prints', () => {
    const written = writeDefinitionFile(
      definition([object('A', { type: 'EmrActivity', step: ['a', 'b'], runsOn: ref('C') })], {
        parameterObjects: [parameter('myX', { type: 'String' })],
        parameterValues: values('myX', 'é"'),
      }),
    )
    expect(written).toBe(`{
    "objects": [
        {
            "id": "A",
            "name": "A",
            "type": "EmrActivity",
            "step": [
                "a",
                "b"
            ],
            "runsOn": {
                "ref": "C"
            }
        }
    ],
    "parameters": [
        {
            "id": "myX",
            "type": "String"
        }
    ],
    "values": {
        "myX": "é\\""
    }
}
`)
  })

  test('of nothing gives empty blocks', () => {
    expect(JSON.parse(writeDefinitionFile(definition([])))).toEqual({ objects: [], parameters: [], values: {} })
  })

  test('and reading give the definition back, once its fields are sorted', () => {
    const key = fc
      .string({ minLength: 1 })
      .filter((word) => !['id', 'name', 'fields', 'attributes', 'ref'].includes(word))
    const fields = fc.uniqueArray(
      fc.tuple(key, fc.oneof(fc.string(), fc.string().map(ref), fc.array(fc.string(), { minLength: 1 }))),
      {
        selector: ([name]) => name,
      },
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fields)), (objects) => {
        const original = definition(objects.map(([id, all]) => object(id, Object.fromEntries(all))))
        const once = read(writeDefinitionFile(original)).definition
        expect(read(writeDefinitionFile(once)).definition).toEqual(once)
        const sorted = original.objects.map(({ fields: own, ...rest }) => ({
          ...rest,
          fields: own.toSorted((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0)),
        }))
        expect(once.objects).toEqual(sorted)
      }),
    )
  })
})
