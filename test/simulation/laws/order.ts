import { guardedBy, hasFailed, isDone, isTakenAway, type Law, unless } from './law.ts'

/** An instance depends on exactly what its definition says. */
export const dependenciesAreThoseOfTheDefinition: Law = ({ books, step, oracleOf }) =>
  [...(step?.changes.values() ?? [])].flatMap(({ before, after }) => {
    if (before !== undefined) return []
    const oracle = oracleOf(after.version)
    const needs = oracle.needsOf(after.componentId, after.occurrence, guardedBy(after))
    const expected = needs.map(({ kind, targetId }) => `${kind === 'runsOn' ? 'on ' : ''}${targetId}`).sort()
    const found = (books.dependencies.get(after.id) ?? [])
      .map(({ kind, targetId }) => `${kind === 'runsOn' ? 'on ' : ''}${targetId}`)
      .sort()
    return unless(
      expected.join() === found.join(),
      () => `${after.id} depends on [${found}], and its definition says [${expected}]`,
    )
  })

/** Nothing begins before everything that it needs is done. */
export const nothingBeginsTooEarly: Law = ({ books, step, oracleOf, said }) =>
  [...(step?.changes.values() ?? [])].flatMap(({ before, after }) => {
    const hadBegun = before !== undefined && before.state.kind !== 'waiting' && before.state.kind !== 'held'
    const isDataNodeDone = after.kind === 'dataNode' && isDone(after) && !said.markedFinished.has(after.id)
    const hasBegun = after.attemptCount > (before?.attemptCount ?? 0) || (isDataNodeDone && !isSkipped(after.state))
    if (hadBegun || !hasBegun || after.kind === 'resource') return []
    const needs = oracleOf(after.version).needsOf(after.componentId, after.occurrence, guardedBy(after))
    return needs.flatMap(({ kind, targetId }) => {
      const target = books.instances.get(targetId)?.instance
      return unless(
        kind === 'runsOn' || (target === undefined ? isTakenAway(targetId, books) : isDone(target)),
        () => `${after.id} begins before ${targetId} is done`,
      )
    })
  })

const isSkipped = (state: { readonly kind: string; readonly status?: string }): boolean => state.status === 'SKIPPED'

/** A failure reaches everything that waits for it and cascades, and nothing else. */
export const failuresCascade: Law = ({ books, instances, step, oracleOf }) => [
  ...instances.flatMap((instance) => {
    const { state } = instance
    if (state.kind !== 'waiting' && state.kind !== 'held') return []
    if (!cascades(oracleOf(instance.version).text(instance.componentId, 'failureAndRerunMode'))) return []
    const failed = (books.dependencies.get(instance.id) ?? []).filter(({ kind, targetId }) => {
      const target = books.instances.get(targetId)?.instance
      return kind !== 'runsOn' && target !== undefined && hasFailed(target)
    })
    return failed.map(({ targetId }) => `${instance.id} still waits, and ${targetId} has failed`)
  }),
  ...[...(step?.changes.values() ?? [])].flatMap(({ before, after }) => {
    const isNew = after.state !== before?.state
    if (!isNew || after.state.kind !== 'ended' || after.state.status !== 'CASCADE_FAILED') return []
    const { cascadeFailedOn } = after.state
    const edges = books.dependencies.get(after.id) ?? []
    return [
      ...unless(
        cascades(oracleOf(after.version).text(after.componentId, 'failureAndRerunMode')),
        () => `${after.id} fails with what it depends on, and does not cascade`,
      ),
      ...unless(
        edges.some(({ targetId }) => targetId === cascadeFailedOn),
        () => `${after.id} fails on ${cascadeFailedOn}, which it does not depend on`,
      ),
    ]
  }),
]

const cascades = (mode: string | undefined): boolean => mode?.toLowerCase() === 'cascade'
