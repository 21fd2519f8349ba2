import { expect, test } from 'vitest'
import { pipelineId } from '../store/rows.ts'
import { Turns } from './turns.ts'

const one = pipelineId('df-1')

const two = pipelineId('df-2')

test('each worker group knows whom it served last, until it has no tasks left', () => {
  const turns = new Turns()
  turns.serve('a', one)
  turns.serve('a', two)
  turns.serve('b', one)
  expect([turns.lastServed('a'), turns.lastServed('b'), turns.lastServed('c')]).toEqual([two, one, ''])
  turns.forget('a')
  expect([turns.lastServed('a'), turns.lastServed('b')]).toEqual(['', one])
})

test('of more worker groups than can be kept, those served longest ago begin anew', () => {
  const turns = new Turns()
  turns.serve('first', one)
  for (let index = 0; index < 10_000; index += 1) turns.serve(`group ${index}`, two)
  expect([turns.lastServed('first'), turns.lastServed('group 0')]).toEqual(['', two])
})
