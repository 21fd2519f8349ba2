import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { object } from '../../test/builders.ts'
import { type ActivityBench, startActivityBench } from '../../test/task-context.ts'
import { textField } from '../core/definition/pipeline-object.ts'
import { runEmrActivity } from './emr-activity.ts'

let bench: ActivityBench

beforeAll(async () => {
  bench = await startActivityBench()
})

beforeEach(() => {
  bench.lines.length = 0
})

afterAll(() => bench.stop())

const run = (fields: Parameters<typeof object>[1]) =>
  runEmrActivity(bench.context([object('@Report_Attempt=1', { type: 'EmrActivity', ...fields })]))

const inFolder = (name: string) => readFile(join(bench.folder, name), 'utf8')

test('commands and steps run one after another, in order', async () => {
  await bench.s3.put('s3://bucket/step.sh', '#!/bin/sh\necho "script $*" >> order\n')
  await run({
    preStepCommand: ['echo pre 1 >> order', 'echo pre 2 >> order'],
    step: [
      'command-runner.jar,sh,-c,echo "step\\, $0" >> order,one',
      's3://us-east-1.elasticmapreduce/libs/script-runner/script-runner.jar,s3://bucket/step.sh,a,b',
    ],
    postStepCommand: 'echo post >> order',
  })
  expect(await inFolder('order')).toBe('pre 1\npre 2\nstep, one\nscript a b\npost\n')
  expect(bench.lines).toContain('Step 2 of 2 is done')
})

test('what fails ends the activity, and names the step', async () => {
  const step = ['command-runner.jar,false', 'command-runner.jar,touch,never']
  await expect(run({ step, postStepCommand: 'touch never' })).rejects.toThrow('Step 1 of 2 exited with status 1')
  await expect(inFolder('never')).rejects.toThrow('ENOENT')
})

test('nothing is begun if a step cannot be run', async () => {
  const step = 's3://dynamodb-emr-us-east-1/emr-ddb-2.1.0.jar,DynamoDbExport'
  await expect(run({ preStepCommand: 'touch begun', step })).rejects.toMatchObject({ errorId: 'Unsupported' })
  await expect(inFolder('begun')).rejects.toThrow('ENOENT')
})

test('the attempt shows where the logs of its steps will be', async () => {
  await run({ step: 'command-runner.jar,true' })
  expect(bench.fields).toContainEqual(textField('emrStepLog', 's3://bucket/logs/steps/'))
})
