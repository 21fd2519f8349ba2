import { pino } from 'pino'
import { expect, test } from 'vitest'
import { defaultLimits } from '../core/definition/limits.ts'
import { instant } from '../core/instant.ts'
import { openSqliteStore } from '../store/sqlite/open-sqlite-store.ts'
import { systemChance } from './chance.ts'
import { Retention } from './retention.ts'
import { Timers } from './timers.ts'
import { Workshop } from './workshop.ts'

/** A clock that can be set while somebody sleeps: what sleeps wakes after the time that it was told, whatever the clock says. */
class SettableClock {
  time = 0
  readonly sleeps: { readonly delayMs: number; readonly wake: () => void }[] = []

  readonly now = () => instant(this.time)

  readonly after = (delayMs: number, wake: () => void) => {
    const sleep = { delayMs, wake }
    if (delayMs === 0) setImmediate(wake)
    else this.sleeps.push(sleep)
    return () => void this.sleeps.splice(this.sleeps.indexOf(sleep), 1)
  }
}

test('a clock that was set forward while the engine slept makes nothing late by more than a minute', async () => {
  const clock = new SettableClock()
  const store = await openSqliteStore({ file: ':memory:' })
  const workshop = new Workshop({
    store,
    clock,
    chance: systemChance,
    defaults: { retryDelayMs: 1, recheckDelayMs: 1 },
    limits: defaultLimits,
    onEffects: () => undefined,
  })
  const timers = new Timers(workshop, new Retention(workshop, undefined), pino({ level: 'silent' }))
  await timers.start()
  timers.wakeBy(instant(3_600_000))
  expect(clock.sleeps.map(({ delayMs }) => delayMs)).toEqual([60_000])
  clock.time = 3_590_000
  clock.sleeps.shift()?.wake()
  expect(clock.sleeps.map(({ delayMs }) => delayMs)).toEqual([10_000])
  await timers.stop()
  await store.close()
})
