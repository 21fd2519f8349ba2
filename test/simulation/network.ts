import type { Input, OperationName } from '../../src/wire/inputs.ts'
import type { Agenda } from './agenda.ts'
import type { Faults } from './faults.ts'
import type { SeededChance } from './seeded-chance.ts'
import type { Outcome, SimulatedServer } from './simulated-server.ts'
import type { Say } from './trace.ts'

/** The longest way of a request or an answer, when nothing is wrong, in milliseconds. */
const latencyMaxMs = 40

/** How long a client waits for an answer before it takes it for lost, in milliseconds: longer than a poll is held. */
const patienceMs = 120_000

/** How often a client asks before it gives up, and how long it rests in between, in milliseconds. */
const triesMax = 4
const restMs = 20_000

/** What lies between clients and the server: calls take time, get lost, come twice or in another order. */
export class Network {
  readonly #agenda: Agenda
  readonly #server: SimulatedServer
  readonly #faults: Faults
  readonly #chance: SeededChance
  readonly #say: Say

  constructor(parts: {
    agenda: Agenda
    server: SimulatedServer
    faults: Faults
    chance: SeededChance
    say: Say
  }) {
    this.#agenda = parts.agenda
    this.#server = parts.server
    this.#faults = parts.faults
    this.#chance = parts.chance
    this.#say = parts.say
  }

  /** One call; `lost` if no answer comes in time. */
  async call<Name extends OperationName>(name: Name, input: Input<Name>): Promise<Outcome<Name>> {
    const struck = this.#faults.faultOfCall()
    const fault = struck?.fault
    const delayMs = struck?.delayMs ?? 0
    if (fault !== undefined) this.#say(() => `${name}: ${fault}`)
    return await new Promise((resolve) => {
      const cancelPatience = this.#agenda.after(patienceMs, () => {
        client.abort()
        resolve({ kind: 'lost' })
      })
      const client = new AbortController()
      const answer = (outcome: Outcome<Name>): void => {
        cancelPatience()
        resolve(outcome)
      }
      if (fault === 'requestLost') return
      const toServer = this.#latency() + (fault === 'requestDelayed' ? delayMs : 0)
      this.#agenda.after(
        toServer,
        () =>
          void this.#arrive(name, input, client.signal).then((outcome) => {
            const toClient = this.#latency() + (fault === 'answerDelayed' ? delayMs : 0)
            if (fault !== 'answerLost') this.#agenda.after(toClient, () => answer(outcome))
          }),
      )
      if (fault === 'doubled') this.#agenda.after(delayMs, () => void this.#arrive(name, input, client.signal))
      if (fault === 'abandoned') {
        this.#agenda.after(delayMs, () => {
          client.abort()
          answer({ kind: 'lost' })
        })
      }
    })
  }

  /** Calls until there is an answer, or the client gives up. */
  async insist<Name extends OperationName>(name: Name, input: Input<Name>): Promise<Outcome<Name>> {
    let outcome = await this.call(name, input)
    for (let tries = 1; tries < triesMax && isWorthAnother(outcome); tries += 1) {
      await this.#agenda.pass(restMs)
      outcome = await this.call(name, input)
    }
    return outcome
  }

  async #arrive<Name extends OperationName>(
    name: Name,
    input: Input<Name>,
    signal: AbortSignal,
  ): Promise<Outcome<Name>> {
    const outcome = await this.#server.perform(name, input, signal)
    this.#say(() => `${name} ${JSON.stringify(input).slice(0, 160)} → ${textOf(outcome)}`)
    return outcome
  }

  #latency(): number {
    return this.#chance.between(1, latencyMaxMs)
  }
}

/** A fault of the server may pass; what it refuses it refuses again. */
const isWorthAnother = (outcome: Outcome<OperationName>): boolean =>
  outcome.kind === 'lost' || (outcome.kind === 'refused' && outcome.error.message.startsWith('injected'))

function textOf(outcome: Outcome<OperationName>): string {
  if (outcome.kind === 'answer') return JSON.stringify(outcome.output ?? {}).slice(0, 120)
  return outcome.kind === 'refused' ? `${outcome.error.name}: ${outcome.error.message}` : 'lost'
}
