/** How many letters a name may differ in and still be taken for a slip. */
const distanceMax = 3

/** Names longer than this, in UTF-16 units, are compared with none: the comparison takes the product of the lengths. */
const nameLengthMax = 64

/**
 * The candidate that `name` was probably meant to be: the one that fewest letters separate from it, compared without case, if
 * they are at most a third of it.
 *
 * @source ours
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > nameLengthMax) return undefined
  let nearest: string | undefined
  let nearestDistance = Math.min(distanceMax, Math.ceil(name.length / 3)) + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= nearestDistance) continue
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < nearestDistance) {
      nearest = candidate
      nearestDistance = distance
    }
  }
  return nearest
}

/** Levenshtein's distance: how many letters must be inserted, removed or replaced. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    for (let column = 1; column <= right.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1)
      const changed = Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1)
      current.push(Math.min(replaced, changed))
    }
    previous = current
  }
  return previous[right.length] ?? 0
}
