import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { locateProblem, readDefinitionFile } from '../src/wire/definition-file.ts'
import { definitionForms, readDefinitions, writeDefinition } from '../src/wire/definition-forms.ts'
import { writeTerraform } from '../src/wire/write-terraform.ts'
import { corpusFiles, hasCorpus } from './corpus.ts'
import { validate } from './validation.ts'

const definitions = corpusFiles('definition').flatMap(({ name, text }) => {
  const file = readDefinitionFile(text)
  return file.kind === 'unusable' ? [] : [{ name, definition: file.definition }]
})

const templates = corpusFiles('cloudformation').map(({ text }) => text)

/** Enough cases to find what is rare, where there is time for it. */
const numRuns = process.env.CI === undefined ? 300 : 10_000

/** What all cases may take on a machine that does much else, in milliseconds; each takes about three. */
const timeoutMs = 240_000

/** A value for every name that the templates leave to their deployment, so that there are definitions to judge. */
const values = new Map(
  templates
    .flatMap((text) => [...text.matchAll(/!(?:Ref|GetAtt) ([\w.]+)|\$\{(\w+)\}/g)])
    .map(([, ref, substituted]) => [ref ?? substituted ?? '', 'x']),
)

/** What a spoilt file may get: what opens or closes something in one of the languages, or anything else. */
const inserted = () =>
  fc.oneof(
    fc.constantFrom('"', '${', '}', '{', '<<EOF\n', '\\', '/*', '#', '\n', '!Ref ', '- ', ': ', '\t'),
    fc.string(),
  )

describe.skipIf(!hasCorpus)('real definitions in other forms (skipped where ../shared/corpus is missing)', () => {
  test.each(definitionForms)('come back unchanged after they have been converted: %s', async (form) => {
    expect(definitions.length).toBeGreaterThan(80)
    for (const { name, definition } of definitions) {
      const read = await readDefinitions(await writeDefinition(definition, form, 'nightly'), new Map())
      expect(read.kind === 'definitions' && read.definitions[0]?.file.definition, name).toEqual(definition)
    }
  })

  test.each([
    ['CloudFormation', templates],
    ['Terraform', definitions.map(({ definition }) => writeTerraform(definition, 'nightly'))],
  ])(
    'are read and judged without an exception however the text has been spoilt: %s',
    async (_, texts) => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...texts),
          fc.nat(),
          fc.nat({ max: 40 }),
          inserted(),
          async (text, ...edit) => {
            const [place, length, addition] = edit
            const start = place % (text.length + 1)
            const spoilt = text.slice(0, start) + addition + text.slice(start + length)
            const read = await readDefinitions(spoilt, values)
            const places =
              read.kind === 'unusable'
                ? read.faults
                : read.definitions.flatMap(({ file }) =>
                    validate(file.definition).map((problem) => locateProblem(file, problem)),
                  )
            expect(places.every(({ line, column }) => line > 0 && column > 0)).toBe(true)
          },
        ),
        { numRuns },
      )
    },
    timeoutMs,
  )
})
