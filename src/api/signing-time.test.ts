import { expect, it } from 'vitest'
import { signingTime } from './signing-time.ts'

const time = Date.UTC(2026, 0, 31, 12, 30, 5)

it('prefers X-Amz-Date', () => {
  const headers = { 'x-amz-date': '20260131T123005Z', date: 'Fri, 30 Jan 2026 00:00:00 GMT' }
  expect(signingTime(headers)).toEqual({ time, timestamp: '20260131T123005Z' })
})

it('reads Date otherwise, and spells it as it was signed', () => {
  expect(signingTime({ date: 'Sat, 31 Jan 2026 12:30:05 GMT' })).toEqual({ time, timestamp: '20260131T123005Z' })
})

it.each([
  [{}, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."],
  [{ date: 'yesterday' }, "The 'Date' header holds no date: 'yesterday'."],
  [{ 'x-amz-date': '2026-01-31T12:30:05Z' }, "Date must be in ISO-8601 'basic format'. Got '2026-01-31T12:30:05Z'."],
  [{ 'x-amz-date': '20261331T123005Z' }, "Date must be in ISO-8601 'basic format'. Got '20261331T123005Z'."],
])('refuses %o', (headers, message) => {
  expect(() => signingTime(headers)).toThrow(message)
})
