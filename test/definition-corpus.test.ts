import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { objectTypes } from '../src/core/catalog/catalog.ts'
import { awsLimits, defaultLimits } from '../src/core/definition/limits.ts'
import {
  type Definition,
  objectId,
  type PipelineObject,
  referenceField,
  textField,
} from '../src/core/definition/pipeline-object.ts'
import { type DefinitionFile, locateProblem, readDefinitionFile } from '../src/wire/definition-file.ts'
import { writeDefinitionFile } from '../src/wire/write-definition-file.ts'
import { corpusFiles, hasCorpus } from './corpus.ts'
import { problemClasses } from './corpus-problem-classes.ts'
import { refusals, unusable } from './corpus-refusals.ts'
import { activated, validate } from './validation.ts'

const files = corpusFiles('definition')

const usable: readonly { readonly name: string; readonly file: DefinitionFile }[] = files.flatMap(({ name, text }) => {
  const file = readDefinitionFile(text)
  return file.kind === 'unusable' ? [] : [{ name, file }]
})

describe.skipIf(!hasCorpus)('real definitions (skipped where ../shared/corpus is missing)', () => {
  test('can be read, except those that the AWS CLI cannot read either', () => {
    expect(files.length).toBeGreaterThan(90)
    const refused = files.filter(({ text }) => readDefinitionFile(text).kind === 'unusable')
    expect(refused.map(({ name }) => name).toSorted()).toEqual([...unusable.keys()].toSorted())
  })

  test('have no errors, except those that the original would refuse as well', () => {
    const wrong = usable.filter(({ file }) => validate(file.definition).some(({ severity }) => severity !== 'warning'))
    expect(wrong.map(({ name }) => name).toSorted()).toEqual([...refusals.keys()].toSorted())
  })

  test('have the problems that have been reviewed, each at its place', async () => {
    const report = usable.map(({ name, file }) => {
      const lines = validate(file.definition).map((problem) => {
        const { line, column } = locateProblem(file, problem)
        return `  ${line}:${column} ${problem.severity}: ${problem.message}`
      })
      return [name, ...lines].join('\n')
    })
    await expect(`${report.join('\n')}\n`).toMatchFileSnapshot('vectors/corpus-problems.txt')
  })

  test('have only problems of classes that have been reviewed', () => {
    const lines = usable.flatMap(({ file }) =>
      validate(file.definition).map(({ severity, message }) => `${severity}: ${message}`),
    )
    const unclassified = lines.filter((line) => problemClasses.filter(({ pattern }) => pattern.test(line)).length !== 1)
    expect(unclassified).toEqual([])
    const counts = problemClasses.map(({ pattern }) => ({
      pattern,
      count: lines.filter((line) => pattern.test(line)).length,
    }))
    expect(counts).toEqual(problemClasses.map(({ pattern, count }) => ({ pattern, count })))
  })

  test('come back unchanged after they have been written', () => {
    for (const { name, file } of usable) {
      const read = readDefinitionFile(writeDefinitionFile(file.definition))
      expect(read.kind === 'definitionFile' && read.definition, name).toEqual(file.definition)
    }
  })
})

/** Enough cases to find what is rare, where there is time for it. */
const numRuns = process.env.CI === undefined ? 500 : 10_000

/** What all cases may take on a machine that does much else, in milliseconds; each takes half of one. */
const timeoutMs = 120_000

describe('whatever somebody writes', () => {
  test(
    'is judged without an exception, as a definition',
    () => {
      fc.assert(
        fc.property(anyDefinition(), fc.boolean(), (definition, isAws) => {
          const problems = validate(definition, { ...activated, limits: isAws ? awsLimits : defaultLimits })
          for (const { message } of problems) expect(message).not.toContain('undefined')
        }),
        { numRuns },
      )
    },
    timeoutMs,
  )
})

describe.skipIf(!hasCorpus)(
  'real definitions that somebody has spoilt (skipped where ../shared/corpus is missing)',
  () => {
    test(
      'are judged without an exception, whatever has changed in their objects',
      () => {
        fc.assert(
          fc.property(
            fc.constantFrom(...usable),
            fc.array(mutation(), { minLength: 1, maxLength: 5 }),
            ({ file }, mutations) => {
              const mutated = mutations.reduce((definition, mutate) => mutate(definition), file.definition)
              expect(Array.isArray(validate(mutated, activated))).toBe(true)
            },
          ),
          { numRuns },
        )
      },
      timeoutMs,
    )

    test(
      'are read without an exception, whatever has been cut out of the text or put in',
      () => {
        fc.assert(
          fc.property(
            fc.constantFrom(...files),
            fc.nat(),
            fc.nat({ max: 40 }),
            fc.string(),
            ({ text: original }, ...edit) => {
              const [place, length, inserted] = edit
              const start = place % (original.length + 1)
              const file = readDefinitionFile(original.slice(0, start) + inserted + original.slice(start + length))
              const places =
                file.kind === 'unusable'
                  ? file.faults
                  : validate(file.definition).map((problem) => locateProblem(file, problem))
              expect(places.every(({ line, column }) => line > 0 && column > 0)).toBe(true)
            },
          ),
          { numRuns },
        )
      },
      timeoutMs,
    )
  },
)

const typeNames = objectTypes.map(({ name }) => name)
const fieldKeys = [...new Set(objectTypes.flatMap((type) => [...type.fields.keys()]))]

const key = () => fc.oneof({ weight: 4, arbitrary: fc.constantFrom('type', 'parent', ...fieldKeys) }, fc.string())

/** Few ids, so that references meet objects. */
const id = () => fc.constantFrom('Default', 'A', 'B', 'C', 'D', '').map(objectId)

const text = () =>
  fc.oneof(
    fc.string(),
    fc.constantFrom(
      ...typeNames,
      'ondemand',
      'cascade',
      '1 day',
      '2020-01-01T00:00:00',
      '#{myX}',
      '#{node.@status}',
      '#{1 +',
    ),
  )

const field = () =>
  fc
    .tuple(key(), fc.oneof(text(), id()))
    .chain(([name, value]) => fc.constantFrom(textField(name, value), referenceField(name, objectId(value))))

const anyObject = (): fc.Arbitrary<PipelineObject> =>
  fc.record({ id: id(), name: fc.string(), fields: fc.array(field(), { maxLength: 8 }) })

function anyDefinition(): fc.Arbitrary<Definition> {
  const parameterId = fc.constantFrom('myX', '*myY', 'z')
  const attribute = fc.record({
    key: fc.constantFrom('type', 'default', 'isArray', 'optional', 'allowedValues'),
    text: text(),
  })
  return fc.record({
    objects: fc.array(anyObject(), { maxLength: 8 }),
    parameterObjects: fc.array(fc.record({ id: parameterId, attributes: fc.array(attribute) }), { maxLength: 3 }),
    parameterValues: fc.array(fc.record({ id: parameterId, text: text() }), { maxLength: 3 }),
  })
}

type Mutation = (definition: Definition) => Definition

/** One change to one object: a field dropped, added or replaced; the object removed, or doubled. */
function mutation(): fc.Arbitrary<Mutation> {
  const change = fc.oneof(
    fc.constant((): PipelineObject[] => []),
    fc.constant((object: PipelineObject): PipelineObject[] => [object, object]),
    field().map((added) => (object: PipelineObject) => [{ ...object, fields: [...object.fields, added] }]),
    fc
      .nat()
      .map((place) => (object: PipelineObject) => [
        { ...object, fields: object.fields.filter((_, index) => index !== place % object.fields.length) },
      ]),
    fc.tuple(fc.nat(), field()).map(([place, replacement]) => (object: PipelineObject) => [
      {
        ...object,
        fields: object.fields.with(object.fields.length === 0 ? 0 : place % object.fields.length, replacement),
      },
    ]),
  )
  return fc.tuple(fc.nat(), change).map(([place, apply]) => (definition) => ({
    ...definition,
    objects: definition.objects.flatMap((object, index) =>
      index === place % definition.objects.length && object.fields.length > 0 ? apply(object) : [object],
    ),
  }))
}
