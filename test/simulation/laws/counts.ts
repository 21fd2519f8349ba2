import { pipelineHealth } from '../../../src/core/lifecycle/accounting.ts'
import { hasFailed, isDone, isOpen, isSatisfied, isTakenAway, type Law, unless } from './law.ts'

/** What instances, components and the pipeline count is what a recount from the rows says. */
export const countsAreRight: Law = ({ books, instances }) => [
  ...instances.flatMap((instance) => {
    const edges = (books.dependencies.get(instance.id) ?? []).filter(({ kind }) => kind !== 'runsOn')
    const open = edges.filter((edge) => !isSatisfied(edge, books)).length
    const failed = edges.filter(({ targetId }) => {
      const target = books.instances.get(targetId)?.instance
      return target !== undefined && hasFailed(target)
    }).length
    return [
      ...unless(
        instance.openDependencies === open,
        () => `${instance.id} counts ${instance.openDependencies} open dependencies of ${open}`,
      ),
      ...unless(
        instance.failedDependencies === failed,
        () => `${instance.id} counts ${instance.failedDependencies} failed dependencies of ${failed}`,
      ),
    ]
  }),
]

/** What an instance knows of each dependency is what has become of that. */
export const edgesAreRight: Law = ({ books, instances }) =>
  instances.flatMap(({ id }) =>
    (books.dependencies.get(id) ?? []).flatMap(({ targetId, kind, state }) => {
      const target = books.instances.get(targetId)?.instance
      if (target === undefined && state === 'satisfied') {
        return unless(
          isTakenAway(targetId, books),
          () => `${id} takes ${targetId} for satisfied, which is still to come`,
        )
      }
      const isWaitedFor = target === undefined || kind === 'runsOn' || !(isDone(target) || hasFailed(target))
      const expected = isWaitedFor ? 'open' : isDone(target) ? 'satisfied' : 'failed'
      return unless(state === expected, () => `${id} takes ${targetId} for ${state}, which is ${expected}`)
    }),
  )

/** A resource knows how many need it. */
export const usersAreCounted: Law = ({ books, instances }) =>
  instances.flatMap((instance) => {
    if (instance.kind !== 'resource') return []
    const users = (books.dependents.get(instance.id) ?? []).flatMap(({ kind, dependentId }) =>
      kind === 'runsOn' ? (books.instances.get(dependentId)?.instance ?? []) : [],
    )
    const open = users.filter(isOpen)
    const due = open.filter(({ state }) => state.kind !== 'waiting')
    return [
      ...unless(
        instance.openUsers === open.length,
        () => `${instance.id} counts ${instance.openUsers} open users of ${open.length}`,
      ),
      ...unless(
        instance.dueUsers === due.length,
        () => `${instance.id} counts ${instance.dueUsers} due users of ${due.length}`,
      ),
    ]
  })

/** The pipeline and its components know how many instances are open, and whether all is well. */
export const accountsAreRight: Law = ({ books }) => {
  if (books.row.state === 'DELETED') return []
  const active = new Map<string, number>()
  let open = 0
  for (const { instance } of books.instances.values()) {
    if (!isOpen(instance)) continue
    open += 1
    if (instance.isRerun !== true) active.set(instance.componentId, (active.get(instance.componentId) ?? 0) + 1)
  }
  const components = [...books.components.values()]
  const health = pipelineHealth(components)
  return [
    ...unless(
      books.row.openInstances === open,
      () => `the pipeline counts ${books.row.openInstances} open instances of ${open}`,
    ),
    ...unless(books.row.health === health, () => `the pipeline is ${books.row.health}, its components ${health}`),
    ...components.flatMap(({ id, activeInstances }) =>
      unless(
        activeInstances === (active.get(id) ?? 0),
        () => `${id} counts ${activeInstances} active instances of ${active.get(id) ?? 0}`,
      ),
    ),
  ]
}
