import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { object, ref } from '../../test/builders.ts'
import { type ActivityBench, startActivityBench } from '../../test/task-context.ts'
import type { PipelineObject } from '../core/definition/pipeline-object.ts'
import { runShellCommandActivity } from './shell-command-activity.ts'

let bench: ActivityBench

beforeAll(async () => {
  bench = await startActivityBench()
})

afterAll(() => bench.stop())

const activity = (fields: Parameters<typeof object>[1]) =>
  object('@Shell_Attempt=1', { type: 'ShellCommandActivity', ...fields })

const run = (...objects: readonly PipelineObject[]) => runShellCommandActivity(bench.context(objects))

const inFolder = (name: string) => readFile(join(bench.folder, name), 'utf8')

test('a command gets its arguments, and ${…} is left to the shell', async () => {
  await run(activity({ command: 'NAME=x; echo "$1-${2}-${NAME}" > arguments', scriptArgument: ['a b', "c'd"] }))
  expect(await inFolder('arguments')).toBe("a b-c'd-x\n")
})

test('a command runs in Bash, as on the machines of the original', async () => {
  await run(activity({ command: 'a=(1 2 3); [[ ${#a[@]} == 3 ]] && echo yes > bash' }))
  expect(await inFolder('bash')).toBe('yes\n')
})

test('a command that fails tells the end of what it printed', async () => {
  await expect(
    run(activity({ command: 'for i in $(seq 1000); do echo "line $i" >&2; done; exit 7' })),
  ).rejects.toMatchObject({
    errorId: 'CommandFailed',
    kind: 'retryable',
    message: expect.stringMatching(
      /^The command exited with status 7\. Its StdError ends with:\nline 7\d\d\n(?:line \d+\n)*line 1000$/,
    ),
  })
  await expect(run(activity({ command: 'echo no such table; false' }))).rejects.toThrow(
    'The command exited with status 1. Its StdError is empty; its StdOutput ends with:\nno such table',
  )
  await expect(run(activity({ command: 'kill -9 $$' }))).rejects.toThrow(
    'The command exited with status 137 (SIGKILL) and printed nothing.',
  )
})

test('a script is fetched from S3 and run by the interpreter that it names', async () => {
  await bench.s3.put(
    's3://bucket/scripts/count.awk',
    '#!/usr/bin/awk -f\nBEGIN { print ARGC, ARGV[1] > "awk"; exit 0 }\n',
  )
  await run(activity({ scriptUri: 's3://bucket/scripts/count.awk', scriptArgument: 'one' }))
  expect(await inFolder('awk')).toBe('2 one\n')
  await bench.s3.put('s3://bucket/scripts/plain', 'echo plain > plain')
  await run(activity({ scriptUri: 's3://bucket/scripts/plain' }))
  expect(await inFolder('plain')).toBe('plain\n')
})

test('a script that is missing is a failure of the request', async () => {
  await expect(run(activity({ scriptUri: 's3://bucket/scripts/none' }))).rejects.toMatchObject({
    errorId: 'S3RequestFailed',
    message: expect.stringContaining('GetObject of s3://bucket/scripts/none failed'),
  })
})

test('there must be exactly one thing to run', async () => {
  const message = "'@Shell_Attempt=1' needs either a command or a scriptUri."
  await expect(run(activity({}))).rejects.toMatchObject({ errorId: 'InvalidField', message })
  await expect(run(activity({ command: 'true', scriptUri: 's3://bucket/x' }))).rejects.toThrow(message)
})

test('S3 data nodes are folders for the time of the command', async () => {
  await bench.s3.put('s3://bucket/in/a.txt', 'a')
  await bench.s3.put('s3://bucket/in/deep/b.txt', 'b')
  await bench.s3.put('s3://bucket/file.csv', 'c')
  await run(
    activity({
      stage: 'true',
      input: [ref('Table'), ref('Folder'), ref('File')],
      output: ref('Out'),
      command: `env | grep _STAGING_DIR | cut -d= -f1 | sort > variables
        cat $INPUT2_STAGING_DIR/a.txt $INPUT2_STAGING_DIR/deep/b.txt \${INPUT3_STAGING_DIR}/file.csv > \${OUTPUT1_STAGING_DIR}/all
        mkdir $OUTPUT1_STAGING_DIR/deep; echo d > $OUTPUT1_STAGING_DIR/deep/d`,
    }),
    object('Table', { type: 'SqlDataNode' }),
    object('Folder', { type: 'S3DataNode', directoryPath: 's3://bucket/in' }),
    object('File', { type: 'S3DataNode', filePath: 's3://bucket/file.csv' }),
    object('Out', { type: 'S3DataNode', directoryPath: 's3://bucket//out/' }),
  )
  expect(await inFolder('variables')).toBe('INPUT2_STAGING_DIR\nINPUT3_STAGING_DIR\nOUTPUT1_STAGING_DIR\n')
  expect(await bench.s3.keys('s3://bucket//out')).toEqual(['/out/all', '/out/deep/d'])
  expect(await bench.s3.read('s3://bucket//out/all')).toBe('abc')
})

test('outputs of a command that fails are not stored', async () => {
  const out = object('Out', { type: 'S3DataNode', directoryPath: 's3://bucket/failed/' })
  const failing = activity({ stage: 'TRUE', output: ref('Out'), command: 'echo x > $OUTPUT1_STAGING_DIR/x; exit 1' })
  await expect(run(failing, out)).rejects.toThrow('status 1')
  expect(await bench.s3.keys('s3://bucket/failed/')).toEqual([])
})

test('an output that is staged must be a directory, which is known before the command runs', async () => {
  const out = object('Out', { type: 'S3DataNode', filePath: 's3://bucket/file' })
  const wrong = activity({ stage: 'true', output: ref('Out'), command: 'touch ran' })
  await expect(run(wrong, out)).rejects.toMatchObject({ errorId: 'InvalidField' })
  expect(existsSync(join(bench.folder, 'ran'))).toBe(false)
})

test('staging is legal without data nodes', async () => {
  await run(activity({ stage: 'true', command: 'true' }))
  expect(bench.lines.at(-1)).not.toContain('Staging')
})

test('what a command printed is stored where stdout and stderr say, also when it failed', async () => {
  const failing = activity({
    command: 'echo out; echo err >&2; exit 1',
    stdout: 's3://bucket/streams/out.txt',
    stderr: 'streams/',
  })
  await expect(run(failing)).rejects.toThrow('status 1')
  expect(await bench.s3.read('s3://bucket/streams/out.txt')).toBe('out\n')
  expect(await inFolder('streams/StdError')).toBe('err\n')
})

test('output that cannot be stored fails a command that succeeded, and does not hide why another failed', async () => {
  // No part of a key may be as long as this.
  const stdout = `s3://bucket/${'x'.repeat(300)}`
  await expect(run(activity({ command: 'true', stdout }))).rejects.toThrow('PutObject of s3://bucket/x')
  await expect(run(activity({ command: 'exit 3', stdout }))).rejects.toThrow('status 3')
  expect(bench.lines.at(-1)).toContain('PutObject of s3://bucket/x')
})

test('a command that is told to stop ends the activity with the reason', async () => {
  const controller = new AbortController()
  const context = bench.context([activity({ command: 'touch begun; sleep 1000' })], controller.signal)
  const running = runShellCommandActivity(context)
  await vi.waitUntil(() => existsSync(join(bench.folder, 'begun')))
  controller.abort(new Error('The task is cancelled.'))
  await expect(running).rejects.toThrow('The task is cancelled.')
})
