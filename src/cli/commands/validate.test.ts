import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CommandLine } from '../../../test/command-line.ts'
import { validateCommand } from './validate.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-validate-'))
})

afterAll(() => rm(folder, { recursive: true }))

async function validate(text: string, ...args: string[]): Promise<CommandLine> {
  const file = join(folder, 'definition.json')
  await writeFile(file, text)
  const line = new CommandLine()
  await validateCommand(line.context).parseAsync([file, ...args], { from: 'user' })
  return line
}

const BROKEN = `{
  "objects": [
    { "id": "Default", "scheduleType": "ondemand", "pipelineLogUri": "s3://logs/" },
    { "id": "Work", "type": "ShellCommandActivity",
      "workerGroup": "wg",
      "runsOn": { "ref": "Nowhere" } }
  ]
}`

test('every problem is a line with file, line and column, in the order of the file, and the status is 1', async () => {
  const line = await validate(BROKEN)
  const places = line.output
    .trim()
    .split('\n')
    .map((text) => text.replace(`${folder}/`, '').split(' ')[0])
  expect(line.status).toBe(1)
  expect(places).toContain('definition.json:6:17:')
  expect(places).toEqual([...places].sort())
  expect(line.output).toContain('error: Work.runsOn: ')
  expect(line.errors).toMatch(/\d errors?, \d warnings?\n$/)
})

test('a definition without errors has status 0', async () => {
  const line = await validate(BROKEN.replace(/,\n *"runsOn".*\}/, ', "command": "true" }'))
  expect([line.status, line.output]).toEqual([0, expect.not.stringContaining('error:')])
})

test('programs get the problems as JSON', async () => {
  const line = await validate(BROKEN, '--json')
  expect(JSON.parse(line.output).problems).toContainEqual({
    file: join(folder, 'definition.json'),
    line: 6,
    column: 17,
    severity: 'error',
    object: 'Work',
    field: 'runsOn',
    message: expect.any(String),
  })
  expect(line.errors).toBe('')
})

test('a file that is no definition has status 2, and says where it is not', async () => {
  const line = await validate('{ "objects": [ }')
  expect([line.status, line.output]).toEqual([2, expect.stringMatching(/definition\.json:1:\d+: error: /)])
})

test('values of parameters are checked when they are given', async () => {
  const text = BROKEN.replace(/,\n *"runsOn".*\}/, ', "command": "sleep #{mySeconds}" }').replace(
    /\]\n\}$/,
    '], "parameters": [{ "id": "mySeconds", "type": "Integer" }] }',
  )
  expect((await validate(text)).status).toBe(0)
  expect((await validate(text, '--parameter', 'mySeconds=soon')).status).toBe(1)
  expect((await validate(text, '--parameter', 'mySeconds=1')).status).toBe(0)
})

test('what only AWS would refuse is an error against AWS, and the verdict is told', async () => {
  const text = BROKEN.replace(/,\n *"runsOn".*\}/, ', "command": "true", "retryDelay": "1 minute" }')
  expect((await validate(text)).status).toBe(0)
  const line = await validate(text, '--against', 'aws')
  expect([line.status, line.output]).toEqual([1, expect.stringContaining('error: Work.retryDelay: ')])
  expect(line.errors).toMatch(/AWS Data Pipeline would refuse it\n$/)
  const accepted = await validate(text.replace('1 minute', '2 minutes'), '--against', 'aws')
  expect([accepted.status, accepted.errors]).toEqual([0, expect.stringMatching(/AWS Data Pipeline would accept it\n$/)])
})

const LATE = BROKEN.replace(
  /"id": "Default".*\}/,
  '"id": "Default", "schedule": { "ref": "Daily" }, "workerGroup": "wg" }, { "id": "Daily", "type": "Schedule", "period": "1 day", "startDateTime": "2020-01-01T00:00:00" }',
).replace(/,\n *"runsOn".*\}/, ', "command": "true" }')

test('what AWS would only refuse to activate is an error against AWS, given parameters or not', async () => {
  expect((await validate(LATE)).status).toBe(0)
  for (const parameters of [[], ['--parameter', 'myX=1']]) {
    const line = await validate(LATE, '--against', 'aws', ...parameters)
    expect([line.status, line.output]).toEqual([1, expect.stringMatching(/error: Daily\.startDateTime: /)])
  }
})

test('a value that may still come is no error against AWS', async () => {
  const text = BROKEN.replace(/,\n *"runsOn".*\}/, ', "command": "sleep #{mySeconds} #{myOther}" }').replace(
    /\]\n\}$/,
    '], "parameters": [{ "id": "mySeconds", "type": "Integer" }] }',
  )
  expect((await validate(text, '--against', 'aws')).status).toBe(0)
  expect((await validate(text, '--against', 'aws', '--parameter', 'myOther=1')).status).toBe(1)
})

test.each([
  ['{ "objects": [ }', { millrace: false, aws: false }, 2],
  [BROKEN, { millrace: false, aws: false }, 1],
  [LATE, { millrace: true, aws: false }, 0],
  [LATE.replace('2020-', '2099-'), { millrace: true, aws: true }, 0],
])('programs are told who would accept the definition: case %#', async (text, acceptedBy, status) => {
  const line = await validate(text, '--json')
  expect([JSON.parse(line.output).acceptedBy, line.status]).toEqual([acceptedBy, status])
})

const UNSUPPORTED = LATE.replace('2020-', '2099-').replace(
  '"type": "ShellCommandActivity"',
  '"type": "HiveActivity", "hiveScript": "show tables"',
)

test('what is valid but cannot be run is a warning, counted for whoever reads and refused for programs', async () => {
  const line = await validate(UNSUPPORTED)
  expect([line.status, line.output]).toEqual([0, expect.stringMatching(/warning: Work\.type: Not in this version/)])
  expect(line.errors).toMatch(/would refuse to activate it, for 1 of the warnings\n$/)
  const { acceptedBy, problems } = JSON.parse((await validate(UNSUPPORTED, '--json')).output)
  expect(acceptedBy).toEqual({ millrace: false, aws: true })
  expect(problems).toContainEqual(expect.objectContaining({ object: 'Work', field: 'type', severity: 'warning' }))
})

test('what only Millrace cannot run is not said against AWS', async () => {
  const line = await validate(UNSUPPORTED, '--against', 'aws')
  expect([line.status, line.output]).toEqual([0, expect.not.stringContaining('Millrace')])
})

const TEMPLATE = `Resources:
  Nightly:
    Type: AWS::DataPipeline::Pipeline
    Properties:
      Name: nightly
      PipelineObjects:
        - Id: Work
          Name: Work
          Fields:
            - Key: type
              StringValue: !Ref WorkType
`

test('a template is judged at its places, with the values that its deployment would give', async () => {
  expect((await validate(TEMPLATE)).status).toBe(2)
  const line = await validate(TEMPLATE, '--template-value', 'WorkType=ShellCommandActivity')
  expect([line.status, line.output]).toEqual([1, expect.stringMatching(/definition\.json:7:\d+: error: Work/)])
})

test('a template without a pipeline cannot be used', async () => {
  await expect(validate('Resources: {}')).rejects.toThrow('has no pipeline in it')
})

test('an object with an empty id is found in the file, and told once', async () => {
  const line = await validate(BROKEN.replace('"id": "Work"', '"id": ""'))
  const told = line.output.split('\n').filter((text) => /has no id|is empty/.test(text))
  expect(told).toEqual([expect.stringMatching(/definition\.json:4:5: error: Object number 2 has no id\./)])
})

test('standard input is read for a hyphen', async () => {
  const line = new CommandLine({ input: BROKEN })
  await validateCommand(line.context).parseAsync(['-'], { from: 'user' })
  expect([line.status, line.output]).toEqual([1, expect.stringContaining('-:6:17: error: Work.runsOn: ')])
})

test.each([
  ['', 2, ':1:1: error: The file is empty.'],
  ['[]', 2, ':1:1: error: A definition file is a JSON object'],
  ['{'.repeat(100_000), 2, ':1:2: error: A key in double quotes is expected here'],
  [`{"objects":${'['.repeat(100_000)}`, 2, ':1:111: error: Values nest more than 100 deep here.'],
])('what can hold no definition is told in one line: case %#', async (text, status, message) => {
  const line = await validate(text)
  expect([line.status, line.output.trim().split('\n')]).toEqual([status, [expect.stringContaining(message)]])
})
