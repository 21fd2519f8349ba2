import type { EffectiveObject } from '../definition/effective-object.ts'
import type { ObjectId } from '../definition/pipeline-object.ts'
import type { Problem } from '../definition/problem.ts'
import { maskScope } from '../definition/secrets.ts'
import type { Scope } from '../expression/scope.ts'
import { quote } from '../quote.ts'
import { longestMs, type Period, parsePeriod, shortestMs } from '../schedule/period.ts'
import { fieldTexts } from './field-text.ts'

/** What the definition says about the running of one component, with defaults filled in. */
export type RunPolicy = {
  /**
   * Tries after the first, ≥ 0.
   *
   * @defaultValue 2
   */
  readonly retriesMax: number
  /** The pause between two tries, in milliseconds. */
  readonly retryDelayMs: number
  /** The pause between two checks of a precondition that does not hold yet, in milliseconds. */
  readonly recheckDelayMs: number
  /** The time that one attempt may take, from its hand-out. Unlimited if absent. */
  readonly attemptTimeout: Period | undefined
  /** The longest silence between two reports of a runner; if absent the attempt is handed out again after the service's own. */
  readonly reportProgressTimeout: Period | undefined
  /** From the scheduled start, after which an instance that has not ended is late. Never if absent. */
  readonly lateAfterTimeout: Period | undefined
  /** The time after which a precondition that does not hold has failed. Never if absent. */
  readonly preconditionTimeout: Period | undefined
  /**
   * The time in which a machine must be up.
   *
   * @defaultValue 30 minutes
   */
  readonly initTimeout: Period
  /** The lifetime of a machine. Unlimited if absent. */
  readonly terminateAfter: Period | undefined
  /** What a failed dependency does to this object: nothing (it goes on waiting), or fail it too. */
  readonly failureAndRerunMode: 'none' | 'cascade'
  /** Whether a resource goes down with the first task that fails on it, or stays for the others. */
  readonly actionOnTaskFailure: 'continue' | 'terminate'
  /** Whether a resource that could not be had is tried again. */
  readonly actionOnResourceFailure: 'retryAll' | 'retryNone'
  readonly onSuccess: readonly ObjectId[]
  readonly onFail: readonly ObjectId[]
  readonly onLateAction: readonly ObjectId[]
}

/** What holds where a definition is silent; the operator of a server may change it. */
export type RunDefaults = {
  /** The pause between two tries, in milliseconds. */
  readonly retryDelayMs: number
  /** The pause between two checks of a precondition, in milliseconds. */
  readonly recheckDelayMs: number
}

/**
 * @source external: retries and their delay as observed (`@triesLeft` 2)
 */
const retriesMax = 2

const initTimeout: Period = { count: 30, unit: 'minute' }

/** Reads the policy of an object; a field that cannot be read is a problem, and counts as absent. */
export function policyOf(
  object: EffectiveObject,
  scope: Scope,
  defaults: RunDefaults,
): { readonly policy: RunPolicy; readonly problems: readonly Problem[] } {
  const read = new FieldReader(object, scope)
  const retryDelay = read.period('retryDelay')
  const retryDelayMs = retryDelay === undefined ? undefined : shortestMs(retryDelay)
  const policy: RunPolicy = {
    retriesMax: read.count('maximumRetries') ?? retriesMax,
    retryDelayMs: retryDelayMs ?? defaults.retryDelayMs,
    recheckDelayMs: retryDelayMs ?? defaults.recheckDelayMs,
    attemptTimeout: read.period('attemptTimeout'),
    reportProgressTimeout: read.period('reportProgressTimeout'),
    lateAfterTimeout: read.period('lateAfterTimeout'),
    preconditionTimeout: read.period('preconditionTimeout'),
    initTimeout: read.period('initTimeout') ?? initTimeout,
    terminateAfter: read.period('terminateAfter'),
    failureAndRerunMode: read.word('failureAndRerunMode') === 'cascade' ? 'cascade' : 'none',
    actionOnTaskFailure: read.word('actionOnTaskFailure') === 'terminate' ? 'terminate' : 'continue',
    actionOnResourceFailure: read.word('actionOnResourceFailure') === 'retrynone' ? 'retryNone' : 'retryAll',
    onSuccess: read.references('onSuccess'),
    onFail: read.references('onFail'),
    onLateAction: read.references('onLateAction'),
  }
  return { policy, problems: read.problems }
}

/** Reads single fields of one object and collects what is wrong with them. */
export class FieldReader {
  readonly problems: Problem[] = []
  readonly #object: EffectiveObject
  readonly #scope: Scope

  constructor(object: EffectiveObject, scope: Scope) {
    this.#object = object
    this.#scope = scope
  }

  /** The evaluated text of a field; the first, where there are several. */
  text(field: string): string | undefined {
    const texts = fieldTexts(this.#object, this.#object.fields.get(field) ?? [], this.#scope)
    if (texts.kind === 'texts') return texts.texts[0]
    this.#complain(field, `'${field}' has an expression that cannot be evaluated: ${texts.message}`)
    return undefined
  }

  /** An enumeration's word, in lower case. */
  word(field: string): string | undefined {
    return this.text(field)?.toLowerCase()
  }

  /** A whole number ≥ 0. */
  count(field: string): number | undefined {
    const text = this.text(field)
    if (text === undefined) return undefined
    if (/^\d{1,9}$/.test(text.trim())) return Number(text)
    this.#complain(field, `'${field}' must be a whole number, but is ${this.#shown(field)}. Write one such as 3.`)
    return undefined
  }

  /** A period; a bare number means hours, as the original's EmrCluster has it. */
  period(field: string): Period | undefined {
    const text = this.text(field)
    if (text === undefined) return undefined
    const period = parsePeriod(/^\d+$/.test(text.trim()) ? `${text} hours` : text)
    if (period === undefined)
      this.#complain(field, `'${field}' must be a period, but is ${this.#shown(field)}. Write one such as 15 minutes.`)
    if (period === undefined || shortestMs(period) <= longestMs) return period
    this.#complain(
      field,
      `${this.#shown(field)} is longer than a thousand years. Write a shorter period, or leave it out.`,
    )
    return undefined
  }

  /** The objects that a field refers to. */
  references(field: string): readonly ObjectId[] {
    const values = this.#object.fields.get(field) ?? []
    return values.flatMap((value) => (value.kind === 'reference' ? [value.target] : []))
  }

  /** The evaluated text of a field as a message may repeat it, without the secrets in it. */
  #shown(field: string): string {
    const texts = fieldTexts(this.#object, this.#object.fields.get(field) ?? [], maskScope(this.#scope))
    return texts.kind === 'texts' ? quote(texts.texts[0] ?? '') : 'a secret in another form'
  }

  #complain(field: string, message: string): void {
    this.problems.push({ severity: 'error', objectId: this.#object.id, field, message })
  }
}
