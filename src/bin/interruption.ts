/** The status of a process that a second interruption ended at once. */
const INTERRUPTED_STATUS = 130

/** Signals closer together than this are one interruption, in milliseconds: a terminal and npm send one each for one Ctrl-C. */
const SAME_INTERRUPTION_MS = 1000

/** Aborted by SIGINT, SIGTERM or SIGHUP, so that the work can end in order. A second interruption ends the process at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  let firstAtMs = 0
  const interrupt = () => {
    const nowMs = performance.now()
    if (controller.signal.aborted && nowMs - firstAtMs > SAME_INTERRUPTION_MS) process.exit(INTERRUPTED_STATUS)
    if (!controller.signal.aborted) firstAtMs = nowMs
    controller.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
  return controller.signal
}

/** Resolves when standard input ends, as it does when the process that holds its other end is gone. */
export const inputEnds = (): Promise<void> =>
  new Promise((resolve) => {
    process.stdin
      .once('end', resolve)
      .once('error', () => resolve())
      .resume()
  })

/** Resolves when the signal is aborted. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
