import { expect, it } from 'vitest'
import { objectId } from '../core/definition/pipeline-object.ts'
import type { Problem } from '../core/definition/problem.ts'
import { encodeProblems } from './encode-problems.ts'

const problem = (severity: Problem['severity'], message: string, about: Partial<Problem> = {}): Problem => ({
  severity,
  message,
  ...about,
})

it('sends both lists and is not errored when there is no problem', () => {
  expect(encodeProblems([])).toEqual({ validationErrors: [], validationWarnings: [], errored: false })
})

it('is not errored by warnings', () => {
  const { errored, validationWarnings } = encodeProblems([problem('warning', 'w', { objectId: objectId('A') })])
  expect(errored).toBe(false)
  expect(validationWarnings).toEqual([{ id: 'A', warnings: ['w'] }])
})

it('gathers the problems of one object in their order, errors apart from warnings', () => {
  const [a, b] = [{ objectId: objectId('A') }, { objectId: objectId('B') }]
  const problems = [
    problem('error', '1', b),
    problem('warning', '2', b),
    problem('fatal', '3', a),
    problem('error', '4', b),
  ]
  expect(encodeProblems(problems)).toEqual({
    validationErrors: [
      { id: 'B', errors: ['1', '4'] },
      { id: 'A', errors: ['3'] },
    ],
    validationWarnings: [{ id: 'B', warnings: ['2'] }],
    errored: true,
  })
})

it('gives every problem an id: that of its parameter, or Default', () => {
  const problems = [problem('error', '1', { parameterId: 'myBucket' }), problem('error', '2')]
  expect(encodeProblems(problems).validationErrors?.map(({ id }) => id)).toEqual(['myBucket', 'Default'])
})
