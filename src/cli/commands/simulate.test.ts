import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CommandLine } from '../../../test/command-line.ts'
import { simulateCommand } from './simulate.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-simulate-'))
})

afterAll(() => rm(folder, { recursive: true }))

const DEFINITION = `{
  "objects": [
    { "id": "Default", "schedule": { "ref": "Hourly" }, "scheduleType": "cron", "role": "r", "resourceRole": "rr",
      "pipelineLogUri": "s3://logs/" },
    { "id": "Hourly", "type": "Schedule", "period": "1 hour", "startDateTime": "2026-01-01T00:00:00" },
    { "id": "Machine", "type": "Ec2Resource", "terminateAfter": "1 hour" },
    { "id": "Input", "type": "S3DataNode", "filePath": "s3://bucket/#{format(@scheduledStartTime, 'HH')}" },
    { "id": "Copy", "type": "ShellCommandActivity", "command": "true", "runsOn": { "ref": "Machine" },
      "input": { "ref": "Input" }, "onFail": { "ref": "Alarm" } },
    { "id": "Report", "type": "ShellCommandActivity", "command": "echo #{myWord}", "workerGroup": "wg",
      "dependsOn": { "ref": "Copy" } },
    { "id": "Alarm", "type": "SnsAlarm", "topicArn": "arn:aws:sns:us-east-1:1:t", "subject": "s", "message": "m" }
  ],
  "parameters": [{ "id": "myWord", "type": "String", "default": "hello" }]
}`

const BOUNDS = ['--from', '2026-01-01', '--to', '2026-01-01T02:00']

async function simulate(args: readonly string[], text = DEFINITION): Promise<CommandLine> {
  const file = join(folder, 'definition.json')
  await writeFile(file, text)
  const line = new CommandLine()
  await simulateCommand(line.context).parseAsync([file, ...args], { from: 'user' })
  return line
}

test('each instance is a line in the order of the runs, with its begin, end and what it came after', async () => {
  const { output, errors, status } = await simulate(BOUNDS)
  const lines = output.split('\n')
  expect(lines.slice(3, 8)).toEqual([
    'Scheduled            Instance of    Begins      Ends  Takes  Status    After',
    '2026-01-01T00:00:00  Input                  00:00:00         FINISHED',
    '                     Copy         00:02:00  00:07:00  5 min  FINISHED  Input, Machine',
    '                     Machine      00:00:00  00:07:00  7 min  FINISHED',
    '                     Report       00:07:00  00:12:00  5 min  FINISHED  Copy',
  ])
  expect([status, errors]).toEqual([0, ''])
})

test('totals, peaks and the state at the end follow', async () => {
  const { output } = await simulate(BOUNDS)
  expect(output).toMatch(/^Copy +ShellCommandActivity +2 +2 +2$/m)
  expect(output).toContain('At most 1 task at once, first at 2026-01-01T00:02:00.')
  expect(output).toContain('  in worker group wg: 1, first at 2026-01-01T00:07:00')
  expect(output).toContain('2 machines made, at most 1 at once, first at 2026-01-01T00:00:00; 14 min of machine time.')
  expect(output).toMatch(
    /At 2026-01-01T02:00:00 the pipeline is SCHEDULED with 0 open instances; the next .* at 2026-01-01T02:00:00\.\n$/,
  )
})

test('what does not simply finish is remarked on below its line', async () => {
  const { output } = await simulate([...BOUNDS, '--fail', 'Copy@2026-01-01T00:00:00', '--fail', 'Report=1'])
  expect(output).toContain('try 3 fails at 00:37:00: It is assumed to fail.')
  expect(output).toContain('failed at 00:37:00: SnsAlarm Alarm')
  expect(output).toContain('still waits for @Copy_2026-01-01T00:00:00')
  expect(output).toContain('try 1 fails at 01:12:00: It is assumed to fail.')
})

test('durations, starts of machines and missing data are assumed as they are given', async () => {
  const { output } = await simulate([
    ...BOUNDS,
    ...['--duration', '90s', '--machine-start', '0s', '--delay', 'Report=1h'],
    ...['--missing', 's3://bucket/01@2026-01-01T01:05:00'],
  ])
  expect(output).toContain('An activity works 1 min 30 s, a machine is up after 0 s.')
  expect(output).toContain('Assumed: --delay Report=1h')
  expect(output).toMatch(/Report +00:01:30 +01:01:30 +1 h +FINISHED/)
  expect(output).toContain('s3://bucket/01 is missing, and no precondition waits for it.')
})

test('what does not fit is summed up, and of it what did not simply finish is shown', async () => {
  const { output } = await simulate([
    ...['--from', '2026-01-01', '--to', '2026-02-01', '--limit', '4', '--fail', 'Copy@2026-01-20T07:00:00'],
  ])
  expect(output).toContain('… and 2,972 more instances, of which 2 did not simply finish. --limit all shows every one.')
  expect(output).toMatch(/2026-01-20T07:00:00 {2}Copy/)
  expect(output.split('\n').length).toBeLessThan(40)
  const all = await simulate(['--from', '2026-01-01', '--to', '2026-02-01', '--limit', 'all'])
  expect(all.output.split('\n').length).toBeGreaterThan(2_976)
})

test('programs get everything as JSON', async () => {
  const { output } = await simulate([...BOUNDS, '--json', '--fail', 'Copy@2026-01-01T00:00:00=1', '--limit', '1'])
  const found = JSON.parse(output)
  expect(found).toMatchObject({
    from: '2026-01-01T00:00:00',
    to: '2026-01-01T02:00:00',
    assumptions: ['--fail Copy@2026-01-01T00:00:00=1'],
    pipeline: { state: 'SCHEDULED', nextRunAt: '2026-01-01T02:00:00' },
    peaks: {
      tasks: { count: 1, at: '2026-01-01T00:02:00' },
      workerGroups: { wg: { count: 1 } },
      resources: { Machine: { count: 1 } },
    },
    machineSeconds: 29 * 60,
  })
  expect(found.instances).toHaveLength(8)
  expect(found.instances[1]).toMatchObject({
    id: '@Copy_2026-01-01T00:00:00',
    component: 'Copy',
    type: 'ShellCommandActivity',
    scheduledEnd: '2026-01-01T01:00:00',
    status: 'FINISHED',
    begunAt: '2026-01-01T00:02:00',
    endedAt: '2026-01-01T00:22:00',
    resource: 'Machine',
    attempts: [
      { number: 1, status: 'FAILED', error: 'It is assumed to fail.' },
      { number: 2, status: 'FINISHED' },
    ],
  })
})

test('values of parameters count as at activation', async () => {
  const text = DEFINITION.replace('"period": "1 hour"', '"period": "#{myPeriod}"').replace(
    '"parameters": [',
    '"parameters": [{ "id": "myPeriod", "type": "String" }, ',
  )
  const without = await simulate(BOUNDS, text)
  expect([without.status, without.errors]).toEqual([1, expect.stringContaining("Parameter 'myPeriod' has no value")])
  const { output } = await simulate([...BOUNDS, '--parameter', 'myPeriod=30 minutes'], text)
  expect(output).toContain('2026-01-01T00:30:00  Input')
})

test('colours are for terminals alone', async () => {
  expect((await simulate(BOUNDS)).output).not.toContain('\u001b')
})

test('a definition with errors is not simulated, and the errors are named with their places', async () => {
  const { status, output, errors } = await simulate(BOUNDS, DEFINITION.replace('"ref": "Machine"', '"ref": "Nowhere"'))
  expect([status, output]).toEqual([1, ''])
  expect(errors).toMatch(/definition\.json:8:\d+: error: Copy\.runsOn: /)
})

test('an assumption that meets nothing is told on standard error', async () => {
  const { errors, status } = await simulate([...BOUNDS, '--fail', 'Copy@2026-01-01T00:30:00'])
  expect([status, errors]).toEqual([0, expect.stringMatching(/^--fail Copy@2026-01-01T00:30:00 had no effect/)])
})

describe('what makes no sense is refused with what would', () => {
  test.each([
    [['--from', 'monday', '--to', '2026-01-02'], "--from: 'monday' is no time. Write it in UTC as YYYY-MM-DDTHH:MM:SS"],
    [['--from', '2026-02-30', '--to', '2026-03-02'], "'2026-02-30' is no time"],
    [['--from', '2026-01-02', '--to', '2026-01-01'], '--to 2026-01-01 is not after --from 2026-01-02'],
    [[...BOUNDS, '--activated-at', '2026-01-03'], 'is not after --activated-at'],
    [[...BOUNDS, '--duration', 'long'], "--duration: 'long' is no duration. Write a number and s, m, h or d"],
    [[...BOUNDS, '--limit', 'few'], "--limit: 'few' is no number"],
    [[...BOUNDS, '--fail', 'Coppy'], "--fail Coppy: there is no such object. Is 'Copy' meant?"],
    [[...BOUNDS, '--fail', 'Zebra'], "There are 'Machine', 'Copy', 'Report'."],
    [[...BOUNDS, '--fail', 'Copy@noon'], "'noon' is no time"],
    [[...BOUNDS, '--fail', 'Copy=often'], "'often' is no number of tries"],
    [[...BOUNDS, '--fail', 'Alarm'], 'an object of type SnsAlarm has no instances'],
    [
      [...BOUNDS, '--fail', 'Input'],
      'a data node does no work. To let its data be missing, write --missing s3://bucket/key.',
    ],
    [[...BOUNDS, '--delay', 'Copy'], 'Write --delay Copy=10m.'],
    [[...BOUNDS, '--missing', 'bucket/key'], "'bucket/key' is no place in S3. Write s3://bucket/key."],
  ])('%j', async (args, message) => {
    await expect(simulate(args)).rejects.toThrow(message)
  })
})
