import { expect, test } from 'vitest'
import { findTimeZone, zoneName } from './time-zone.ts'

test.each([
  ['America/Los_Angeles', 'America/Los_Angeles'],
  ['america/los_angeles', 'America/Los_Angeles'],
  ['UTC', 'UTC'],
  ['+05:30', '+05:30'],
  ['Mars/Olympus', undefined],
  ['', undefined],
  ['+25:00', undefined],
  ['2018-01-01T00:00[Europe/Paris]', undefined],
  ['2018-01-01T00:00Z', undefined],
])('%j is the zone %s', (name, zone) => {
  expect(findTimeZone(name)).toBe(zone)
})

test.each([
  ['2018-01-01T00:00[Europe/Paris]', 'CET', 'Central European Time'],
  ['2018-07-01T00:00[Europe/Paris]', 'CEST', 'Central European Summer Time'],
  ['2018-01-01T00:00[Australia/Sydney]', 'AEDT', 'Australian Eastern Daylight Time (New South Wales)'],
  ['-271821-04-25T00:00[Europe/Paris]', 'CET', 'Central European Time'],
  ['+275760-09-12T00:00[Europe/Paris]', 'CET', 'Central European Time'],
  ['2018-01-01T00:00[+05:30]', '+05:30', '+05:30'],
])('at %s the zone is called %s, or %s', (local, short, long) => {
  const date = Temporal.ZonedDateTime.from(local)
  expect([zoneName(date, 'short'), zoneName(date, 'long')]).toEqual([short, long])
})
