import { expect, test } from 'vitest'
import { parseEmrStep, toEmrStepProgram } from './emr-step.ts'

test.each([
  ['command-runner.jar,spark-submit,--class,Main', ['spark-submit', '--class', 'Main']],
  ['command-runner.jar,echo,a\\,b', ['echo', 'a,b']],
  ['command-runner.jar,echo,a\\\\,b', ['echo', 'a,b']],
  ['command-runner.jar,echo,,', ['echo', '', '']],
  ['command-runner.jar,echo,C:\\x', ['echo', 'C:\\x']],
])('takes %j apart at the commas that are not escaped', (text, words) => {
  expect(parseEmrStep(text)).toEqual({ jar: 'command-runner.jar', arguments: words })
})

test.each([
  ['command-runner.jar', 'command'],
  ['/var/lib/aws/emr/step-runner/hadoop-jars/command-runner.jar', 'command'],
  ['s3://us-east-1.elasticmapreduce/libs/script-runner/script-runner.jar', 'script'],
  ['s3://elasticmapreduce/libs/script-runner/script-runner.jar', 'script'],
])('knows EMR’s runner %s', (jar, kind) => {
  expect(toEmrStepProgram({ jar, arguments: ['x', 'y'] })).toMatchObject({ kind, arguments: ['y'] })
})

test('refuses another jar, and says what a local cluster runs', () => {
  expect(() => toEmrStepProgram(parseEmrStep('s3://bucket/my.jar,Main'))).toThrow(
    expect.objectContaining({
      errorId: 'Unsupported',
      message:
        "The step runs 's3://bucket/my.jar'. A local cluster has no Hadoop: it runs steps of command-runner.jar and script-runner.jar only.",
    }),
  )
})

test('refuses a runner without anything to run', () => {
  expect(() => toEmrStepProgram(parseEmrStep('command-runner.jar'))).toThrow('gives command-runner.jar nothing to run')
})
