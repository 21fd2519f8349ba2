import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CommandLine } from '../../../test/command-line.ts'
import { Unusable } from '../command-context.ts'
import { convertCommand } from './convert.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-convert-'))
})

afterAll(() => rm(folder, { recursive: true }))

async function convert(text: string, ...args: string[]): Promise<CommandLine> {
  const file = join(folder, 'nightly.json')
  await writeFile(file, text)
  const line = new CommandLine()
  await convertCommand(line.context).parseAsync([file, ...args], { from: 'user' })
  return line
}

const FILE = `{
    "objects": [
        {
            "id": "Work",
            "name": "The work",
            "dependsOn": {
                "ref": "Before"
            },
            "scriptArgument": [
                "b",
                "a"
            ],
            "type": "ShellCommandActivity"
        }
    ],
    "parameters": [],
    "values": {
        "*myPassword": "it is written"
    }
}
`

test.each(['file', 'api', 'cloudformation', 'terraform'])(
  'a definition comes back from the form %s as it was',
  async (form) => {
    const converted = await convert(FILE, '--to', form)
    expect(converted.status).toBe(0)
    expect((await convert(converted.output, '--to', 'file')).output).toBe(FILE)
  },
)

test('a template names the pipeline after the file', async () => {
  const template = JSON.parse((await convert(FILE, '--to', 'cloudformation')).output)
  expect(template.Resources.Pipeline.Properties.Name).toBe('nightly')
})

const TWO = `Resources:
  One: { Type: "AWS::DataPipeline::Pipeline", Properties: { PipelineObjects: [{ Id: A, Name: A, Fields: [] }] } }
  Two: { Type: "AWS::DataPipeline::Pipeline", Properties: { PipelineObjects: [{ Id: B, Name: B, Fields: [] }] } }
`

test('of several pipelines one has to be chosen', async () => {
  await expect(convert(TWO, '--to', 'file')).rejects.toThrow("Choose one with --pipeline: 'One', 'Two'.")
  await expect(convert(TWO, '--to', 'file', '--pipeline', 'Three')).rejects.toThrow(Unusable)
  const { output } = await convert(TWO, '--to', 'file', '--pipeline', 'Two')
  expect(JSON.parse(output).objects).toEqual([{ id: 'B', name: 'B' }])
})

test('a file that is no definition has status 2, and says where it is not', async () => {
  const line = await convert('{ "objects": [ }', '--to', 'api')
  expect([line.status, line.output]).toEqual([2, ''])
  expect(line.errors).toMatch(/nightly\.json:1:\d+: error: /)
})
