/**
 * Calls `work` for every item, at most `concurrencyMax` at once, taking items only as fast as they are worked off. After a failure
 * nothing more is begun; what is under way ends before the failure is passed on.
 *
 * @throws whatever `items` or `work` fails with first.
 */
export async function forEachConcurrently<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  concurrencyMax: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const underWay = new Set<Promise<void>>()
  let failure: { readonly error: unknown } | undefined
  const fail = (error: unknown) => {
    failure ??= { error }
  }
  try {
    for await (const item of items) {
      const running = work(item)
        .catch(fail)
        .finally(() => underWay.delete(running))
      underWay.add(running)
      if (underWay.size >= concurrencyMax) await Promise.race(underWay)
      if (failure !== undefined) break
    }
  } catch (error) {
    fail(error)
  }
  await Promise.all(underWay)
  if (failure !== undefined) throw failure.error
}
