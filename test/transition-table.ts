import { describe, expect, test } from 'vitest'
import { isLegal } from '../src/core/lifecycle/advance.ts'
import type { Event } from '../src/core/lifecycle/event.ts'
import type { Instance } from '../src/core/lifecycle/instance.ts'
import { IllegalTransition } from '../src/core/lifecycle/transition.ts'
import { events, line, step } from './instances.ts'

/** A row: the state, the event, and what comes of it as {@link line} writes it. */
export type Row = readonly [state: string, event: Event['kind'], line: string]

/** Tests a whole transition table: each row, and that there are no others. */
export function testTable(instances: Readonly<Record<string, Instance>>, rows: readonly Row[]): void {
  const pairs = Object.entries(instances).flatMap(([state, instance]) =>
    Object.values(events).map((event) => ({ name: `${state} ${event.kind}`, instance, event })),
  )

  describe('each row', () => {
    test.each(rows)('%s, %s: %s', (state, kind, expected) => {
      const instance = instances[state]
      if (instance === undefined) throw new Error(`The test has no instance that is ${state}.`)
      expect(line(instance, step(instance, events[kind]))).toBe(expected)
    })
  })

  test('has no row that is not listed here', () => {
    const legal = pairs.filter(({ instance, event }) => isLegal(instance, event)).map(({ name }) => name)
    expect(legal.sort()).toEqual(rows.map(([state, kind]) => `${state} ${kind}`).sort())
  })

  test('refuses every event in every state that has no row for it', () => {
    for (const { instance, event } of pairs.filter((pair) => !isLegal(pair.instance, pair.event))) {
      expect(() => step(instance, event), `${instance.state.kind} ${event.kind}`).toThrow(IllegalTransition)
    }
  })
}
