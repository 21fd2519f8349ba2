/** How much of something that an author wrote a message repeats, in UTF-16 units: enough to recognise it. */
export const quotedLengthMax = 100

/** How many items of a list a message repeats. */
export const quotedItemsMax = 20

/** Text as a message repeats it: cut where it is long, with a note of its length. */
export function shorten(text: string): string {
  if (text.length <= quotedLengthMax) return text
  const start = text.slice(0, quotedLengthMax).replace(/[\uD800-\uDBFF]$/, '')
  return `${start}… (${text.length} characters)`
}

/** Text as a message repeats it, in quotes. */
export const quote = (text: string): string => `'${shorten(text)}'`

/** The texts of a list as a message repeats them: the first ones, and how many there are beside them. */
export function shortList(texts: readonly string[], separator = ', '): string {
  const shown = texts.slice(0, quotedItemsMax)
  const more = texts.length - shown.length
  return [...shown, ...(more > 0 ? [`(${more} more)`] : [])].join(separator)
}
