import { expect, test } from 'vitest'
import { runShellCommandActivity } from '../../src/activities/shell-command-activity.ts'
import { object } from '../builders.ts'
import { startActivityBench } from '../task-context.ts'

test('the AWS CLI in a command reaches the S3 that the task runner has', async () => {
  const bench = await startActivityBench()
  try {
    const command = 'export HOME=$PWD; echo hello | aws s3 cp - s3://bucket/from-cli'
    await runShellCommandActivity(
      bench.context([object('@Shell_Attempt=1', { type: 'ShellCommandActivity', command })]),
    )
    expect(await bench.s3.read('s3://bucket/from-cli')).toBe('hello\n')
  } finally {
    await bench.stop()
  }
})
