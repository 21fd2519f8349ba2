/** How many letters may be wrong, missing or too many. */
const distanceMax = 3

/** Words longer than this, in UTF-16 units, are compared with none: the comparison takes the product of the lengths. */
const lengthMax = 64

/** With how many words one is compared: a large definition has as many names as wrong ones, and each wrong one asks. */
const wordsMax = 500

/**
 * The word that somebody most likely meant: the same in another case, or the one with fewest letters different, at most a third
 * of them; `undefined` if there is none. Asks no more than the first words, and no more of an iterable than that.
 *
 * @source ours
 */
export function nearestWord(typed: string, words: Iterable<string>): string | undefined {
  if (typed.length > lengthMax) return undefined
  const lowerCase = typed.toLowerCase()
  let nearest: string | undefined
  let nearestDistance = Math.min(distanceMax, Math.floor(typed.length / 3)) + 1
  let count = 0
  for (const word of words) {
    if (++count > wordsMax) break
    if (Math.abs(word.length - typed.length) >= nearestDistance) continue
    const distance = editDistance(lowerCase, word.toLowerCase())
    if (distance < nearestDistance) {
      nearest = word
      nearestDistance = distance
    }
  }
  return nearest
}

/** The number of letters to insert, remove, replace or swap with the next one in order to turn one word into the other. */
function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1)
      const changed = Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1)
      const isSwapped = row > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const swapped = isSwapped ? (beforePrevious[column - 2] ?? 0) + 1 : changed
      current.push(Math.min(replaced, changed, swapped))
    }
    beforePrevious = previous
    previous = current
  }
  return previous[to.length] ?? 0
}
