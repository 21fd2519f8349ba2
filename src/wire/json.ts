/**
 * Reads JSON text in which `null` means absent: a member that is `null` is dropped, and so is an element of a list, which leaves a
 * gap at its index. So `null` does not travel beyond this function.
 *
 * @throws SyntaxError when the text is not JSON.
 */
export function parseJson(text: string): unknown {
  // A reviver makes parsing several times slower, and bodies that contain the word at all are rare.
  return text.includes('null') ? JSON.parse(text, dropNull) : JSON.parse(text)
}

const dropNull = (_key: string, value: unknown): unknown => value ?? undefined
