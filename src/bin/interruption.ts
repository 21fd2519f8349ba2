/** The status of a process that a second interruption ended at once. */
const INTERRUPTED_STATUS = 130

/** Signals closer together than this are one interruption, in milliseconds: a terminal and npm send one each for one Ctrl-C. */
const SAME_INTERRUPTION_MS = 1000

/** Aborted by SIGINT, SIGTERM or SIGHUP, so that the work can end in order. A second Ctrl-C ends the process at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  let firstAtMs: number | undefined
  const interrupt = () => {
    firstAtMs ??= performance.now()
    controller.abort()
  }
  process.on('SIGTERM', interrupt)
  // A terminal that is closed hangs up on a process that is ending already; that is no reason to hurry.
  process.on('SIGHUP', interrupt)
  process.on('SIGINT', () => {
    if (firstAtMs !== undefined && performance.now() - firstAtMs > SAME_INTERRUPTION_MS)
      process.exit(INTERRUPTED_STATUS)
    interrupt()
  })
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
