/** Times in milliseconds since the epoch; both bounds belong to the window. */
export type Window = { readonly from: number; readonly until: number }

/** What is wrong with the runs of a schedule: windows without a run, and runs without a window. */
export type Mismatch = { readonly missed: readonly Window[]; readonly extra: readonly number[] }

/**
 * Assigns runs to due windows one to one: each window takes one run that began within it, no run serves two. Finds an assignment that
 * leaves out as little as any does: each run, in the order of time, goes to the open window that closes first.
 */
export function assignRuns(windows: readonly Window[], runs: readonly number[]): Mismatch {
  const pending = [...windows].sort((left, right) => left.from - right.from)
  const open: Window[] = []
  const missed: Window[] = []
  const extra: number[] = []
  const close = (now: number) => {
    for (let first = open[0]; first !== undefined && first.until < now; first = open[0]) {
      missed.push(first)
      open.shift()
    }
  }
  const openUntil = (now: number) => {
    for (let next = pending[0]; next !== undefined && next.from <= now; next = pending[0]) {
      pending.shift()
      open.push(next)
    }
    open.sort((left, right) => left.until - right.until)
  }
  for (const run of [...runs].sort((left, right) => left - right)) {
    openUntil(run)
    close(run)
    if (open.shift() === undefined) extra.push(run)
  }
  return { missed: [...missed, ...open, ...pending], extra }
}
