import { describe, expect, test } from 'vitest'
import { definition, object, parameter, ref, values } from '../../test/builders.ts'
import { objectId } from '../core/definition/pipeline-object.ts'
import { locateProblem } from './definition-file.ts'
import { readDefinitions } from './definition-forms.ts'
import { writeTerraform } from './write-terraform.ts'

const original = definition(
  [object('A', { name: 'The A', runsOn: ref('B'), step: ['x', '${HOME}'], type: 'EmrActivity' })],
  { parameterObjects: [parameter('myX', { type: 'String' })], parameterValues: values('myX', '1', '2') },
)

async function read(text: string, given: Record<string, string> = {}) {
  const file = await readDefinitions(text, new Map(Object.entries(given)))
  if (file.kind === 'unusable') throw new Error(JSON.stringify(file.faults))
  return file.definitions.map(({ name, file: { definition: found } }) => ({ name, definition: found }))
}

async function faultsOf(text: string): Promise<readonly string[]> {
  const file = await readDefinitions(text, new Map())
  return file.kind === 'unusable' ? file.faults.map(({ line, column, message }) => `${line}:${column} ${message}`) : []
}

describe('JSON', () => {
  const fields =
    '[{"key":"runsOn","ref_value":"B"},{"key":"step","string_value":"x"},{"key":"step","string_value":"$${HOME}"},{"key":"type","string_value":"EmrActivity"}]'
  const parameters =
    '"parameter_object":{"id":"myX","attribute":{"key":"type","string_value":"String"}},"parameter_value":[{"id":"myX","string_value":"1"},{"id":"myX","string_value":"2"}]'
  const blocks = `"pipeline_id":"df-1","pipeline_object":[{"id":"A","name":"The A","field":${fields}}],${parameters}`
  /** As a state and a plan show the blocks: literal texts, and both alternatives of a field. */
  const shown = blocks.replaceAll('$${', '${').replaceAll('"string_value"', '"ref_value":"","string_value"')
  const type = '"type":"aws_datapipeline_pipeline_definition"'

  test('of a configuration is read, single blocks and escapes included', async () => {
    const text = `{"resource":{"aws_datapipeline_pipeline_definition":{"nightly":{${blocks}}},"aws_s3_bucket":{"b":{}}}}`
    expect(await read(text)).toEqual([{ name: 'nightly', definition: original }])
  })

  test('of terraform show is read wherever a module holds it; its texts are literal', async () => {
    const resource = `{"mode":"managed",${type},"name":"nightly","index":1,"values":{${shown}}}`
    const text = `{"terraform_version":"1.9","values":{"root_module":{"child_modules":[{"resources":[${resource}]}]}}}`
    expect(await read(text)).toEqual([{ name: 'nightly[1]', definition: original }])
  })

  test('of a plan gives what is planned, not what was before, and no data source', async () => {
    const resource = (name: string, mode: string) =>
      `{"root_module":{"resources":[{"mode":"${mode}",${type},"name":"${name}","values":{${shown}}}]}}`
    const planned = `"planned_values":${resource('after', 'managed')}`
    const before = `"prior_state":{"values":${resource('before', 'managed')}}`
    expect(await read(`{"terraform_version":"1.9",${planned},${before}}`)).toMatchObject([{ name: 'after' }])
    expect(await read(`{"terraform_version":"1.9","values":${resource('read', 'data')}}`)).toEqual([])
  })

  test('of a state file is read, each instance of a resource', async () => {
    const instances = `[{"index_key":"a","attributes":{${shown}}},{"attributes":{${shown}}}]`
    const text = `{"version":4,"terraform_version":"1.9","resources":[{"mode":"managed",${type},"name":"n","instances":${instances}}]}`
    expect(await read(text)).toEqual([
      { name: 'n[a]', definition: original },
      { name: 'n', definition: original },
    ])
  })

  test('has its variables looked up, and faults where only Terraform knows', async () => {
    const text = `{"variable":{"x":{"default":"The A"}},"resource":{"aws_datapipeline_pipeline_definition":{"n":{"pipeline_object":{"id":"A","name":"\${var.x}","field":[]}}}}}`
    expect(await read(text)).toMatchObject([{ definition: { objects: [{ name: 'The A' }] } }])
    expect(await faultsOf(text.replace('"default"', '"type"'))).toEqual([
      expect.stringMatching(/^1:\d+ Only Terraform can tell what 'var.x' is. Give its value.*terraform show -json/),
    ])
  })
})

/** A configuration whose one field has this value. */
const withValue = (value: string, around = ''): string => `
variable "bucket" {
  type    = string
  default = "logs" # where the logs go
}
locals {
  path  = "s3://\${var.bucket}/\${local.day}"
  day   = "today"
  round = local.round
}
/* Everything else of a configuration
   does not matter. */
resource "aws_s3_bucket" "other" {
  tags = merge({ a = "{" }, var.tags)
  dynamic "rule" { for_each = [1] }
}
resource "aws_datapipeline_pipeline_definition" "nightly" {
  pipeline_id = aws_datapipeline_pipeline.nightly.id
  ${around}
  pipeline_object {
    id   = "A"
    name = "The A"
    field {
      key          = "x"
      string_value = ${value}
    }
  }
}
`

async function textFrom(value: string, given: Record<string, string> = {}) {
  const [found] = await read(withValue(value), given)
  const field = found?.definition.objects[0]?.fields[0]?.value
  return field?.kind === 'string' ? field.text : undefined
}

describe("Terraform's own language", () => {
  test.each([
    ['"plain"', 'plain'],
    ['"a\\n\\t\\"b\\" \\\\ \\u00e9 \\U0001F600"', 'a\n\t"b" \\ é 😀'],
    ['"#{format(@scheduledStartTime, \'YYYY\')}"', "#{format(@scheduledStartTime, 'YYYY')}"],
    ['"$${HOME} 100%%{x} $5 50%"', '${HOME} 100%{x} $5 50%'],
    ['12 // a dozen', '12'],
    ['true', 'true'],
    ['var.bucket', 'logs'],
    ['"s3://${ var.bucket }/"', 's3://logs/'],
    ['local.path', 's3://logs/today'],
    ['<<EOF\n  one "two"\n  \\n $${HOME}\nEOF', '  one "two"\n  \\n ${HOME}\n'],
    ['<<-EOF\n      one\n\n        two ${var.bucket}\n      EOF', 'one\n\n  two logs\n'],
  ])('%s is %j', async (value, text) => {
    expect(await textFrom(value)).toBe(text)
  })

  test('has values that are given before those of its own', async () => {
    expect(await textFrom('"${var.bucket}/${aws_s3_bucket.b[0].arn}"', { 'aws_s3_bucket.b[0].arn': 'arn' })).toBe(
      'logs/arn',
    )
    expect(await textFrom('var.bucket', { 'var.bucket': 'given' })).toBe('given')
  })

  test.each([
    [
      'var.other',
      "25:22 Only Terraform can tell what 'var.other' is. Give its value with --template-value var.other=value.",
    ],
    ['"a${var.other}"', "25:24 Only Terraform can tell what 'var.other' is."],
    ['local.round', "25:22 Only Terraform can tell what 'local.round' is."],
    ['file("query.sql")', '25:22 Only Terraform can work out \'file("query.sql")\'.'],
    ['join("/", [\n  "a",\n])', '25:22 Only Terraform can work out \'join("/", [ …\'.'],
    ['"%{ if true }a%{ endif }"', "25:23 Only Terraform can work out '%{ if true }'."],
    ['"${upper("${var.bucket}")}"', '25:23 Only Terraform can work out \'upper("${var.bucket}")\'.'],
    ['1 + 1', "25:22 Only Terraform can work out '1 + 1'."],
  ])('is refused where only Terraform can tell, with the place: %s', async (value, fault) => {
    const [first] = await faultsOf(withValue(value))
    expect(first?.slice(0, fault.length)).toBe(fault)
    expect(first).toContain("read what 'terraform show -json' prints")
  })

  test.each(['count = 2', 'for_each = toset(["a"])', 'dynamic "pipeline_object" {\n for_each = var.objects\n}'])(
    'is refused where one block stands for several: %s',
    async (around) => {
      expect(await faultsOf(withValue('"x"', around))).toEqual([
        expect.stringMatching(/^19:3 .*Only Terraform can tell how many/),
      ])
    },
  )

  test.each([
    ['"x', 'This string is not closed in its line'],
    ['"\\x"', '\\x is no escape'],
    ['', 'A value is expected here'],
    ['["a"', 'This bracket is not closed'],
    ['<<EOF\nx', "No line consists of 'EOF'"],
    ['"x" }}}', 'No block is open that this brace could close'],
  ])('that is malformed is a fault: %s', async (value, message) => {
    expect((await faultsOf(withValue(value)))[0]).toContain(message)
  })

  test('that nests without end is a fault', async () => {
    expect((await faultsOf('resource {\n'.repeat(10_000)))[0]).toContain('Blocks nest more than')
    expect((await faultsOf(withValue('('.repeat(100_000))))[0]).toContain('This bracket is not closed')
    expect((await faultsOf(withValue(`"${'${"'.repeat(100_000)}`)))[0]).toContain('This string is not closed')
  })

  test('may hold a block in one line, Windows line ends and a byte order mark', async () => {
    const text =
      '\uFEFFresource aws_datapipeline_pipeline_definition n {\r\n  pipeline_object {\r\n    id = "A"\r\n    field { key = "x" }\r\n  }\r\n}\r\n'
    expect(await faultsOf(text)).toEqual([expect.stringContaining('4:5 A field needs "key"')])
  })

  test('knows the line of every value', async () => {
    const file = await readDefinitions(withValue('"x"'), new Map())
    if (file.kind === 'unusable' || file.definitions[0] === undefined) throw new Error('It was not read.')
    const problem = { severity: 'error', objectId: objectId('A'), message: '' } as const
    expect(locateProblem(file.definitions[0].file, problem)).toEqual({ line: 20, column: 3 })
    expect(locateProblem(file.definitions[0].file, { ...problem, field: 'x' })).toEqual({ line: 25, column: 22 })
  })

  test('comes back as the same definition after it has been written', async () => {
    const written = writeTerraform(original, '1st pipeline')
    expect(await read(written)).toEqual([{ name: '_1st_pipeline', definition: original }])
    expect(written).toContain('name = "1st pipeline"')
    expect(written).toContain('    field {\n      key          = "step"\n      string_value = "$${HOME}"\n    }\n')
  })
})
