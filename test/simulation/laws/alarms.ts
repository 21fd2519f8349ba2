import type { Ledger, Step } from '../ledger.ts'
import type { Oracle } from '../oracle.ts'
import type { Outside } from '../outside.ts'
import { unless } from './law.ts'

/** Keeps count of the alarms that instances have triggered, and finds out at the end whether each was sent. */
export class AlarmWatch {
  /** By pipeline, instance and topic. */
  readonly #triggered = new Map<string, number>()

  absorb({ books, commands }: Step, oracle: Oracle): void {
    for (const { instanceId, command } of commands) {
      if (command.kind !== 'act') continue
      const topic = oracle.text(command.action, 'topicArn')
      if (topic === undefined) continue
      const key = `${books.row.id} ${instanceId} ${topic}`
      this.#triggered.set(key, (this.#triggered.get(key) ?? 0) + 1)
    }
  }

  /** Each alarm is noted once, and each that is noted as sent has been published once at least. */
  judge({ ledger, outside }: { readonly ledger: Ledger; readonly outside: Outside }): readonly string[] {
    const noted = new Map<string, number>()
    const sent = new Map<string, number>()
    for (const { row, notifications } of ledger.pipelines.values()) {
      for (const { instanceId, topicArn, message, error } of notifications.values()) {
        add(noted, `${row.id} ${instanceId} ${topicArn}`)
        if (error === undefined) add(sent, `${topicArn} ${message}`)
      }
    }
    const published = new Map<string, number>()
    for (const { topicArn, message } of outside.notifications) add(published, `${topicArn} ${message}`)
    return [
      ...[...this.#triggered].flatMap(([key, count]) =>
        unless(
          isDeleted(ledger, key) || noted.get(key) === count,
          () => `${key}: ${count} alarms were triggered, ${noted.get(key) ?? 0} are noted`,
        ),
      ),
      ...[...sent].flatMap(([key, count]) =>
        unless(
          (published.get(key) ?? 0) >= count,
          () => `${key}: ${count} alarms are noted as sent, ${published.get(key) ?? 0} were published`,
        ),
      ),
    ]
  }
}

/** What is deleted takes along what was to be said about it. */
const isDeleted = ({ pipelines }: Ledger, key: string): boolean =>
  [...pipelines.values()].some(({ row }) => row.state === 'DELETED' && key.startsWith(row.id))

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
