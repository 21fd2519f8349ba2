import type { Delivery } from '../core/lifecycle/delivery.ts'

/** Events on their way: those that an event leads to come after those that wait already, unless these wait for quiet. */
export class DeliveryQueue implements Iterable<Delivery> {
  readonly #waiting: Delivery[] = []
  readonly #waitingForQuiet: Delivery[] = []

  constructor(deliveries: readonly Delivery[]) {
    this.add(deliveries)
  }

  add(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      const queue = delivery.turn === 'whenQuiet' ? this.#waitingForQuiet : this.#waiting
      queue.push(delivery)
    }
  }

  /** Each delivery once, what is added meanwhile included. */
  *[Symbol.iterator](): Generator<Delivery> {
    let next = 0
    let nextForQuiet = 0
    for (;;) {
      const delivery = this.#waiting[next] ?? this.#waitingForQuiet[nextForQuiet]
      if (delivery === undefined) return
      if (next < this.#waiting.length) next += 1
      else nextForQuiet += 1
      yield delivery
    }
  }
}
