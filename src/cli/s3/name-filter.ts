/** One `--include` or `--exclude`. */
export type NameRule = { readonly kind: 'include' | 'exclude'; readonly pattern: string }

/**
 * Whether a file is meant: every file is, except where rules say otherwise, and of several rules that match the last one counts.
 * Names are relative to the folder or prefix that is transferred.
 */
export function isIncluded(name: string, rules: readonly NameRule[]): boolean {
  const last = rules.findLast(({ pattern }) => matches(name, pattern))
  return last === undefined || last.kind === 'include'
}

/** Patterns are the shell's, except that `*` and `?` match slashes as well. */
function matches(name: string, pattern: string): boolean {
  const source = pattern.replaceAll(/\[!?[^\]]+\]|[\s\S]/g, (part) => {
    if (part === '*') return '[\\s\\S]*'
    if (part === '?') return '[\\s\\S]'
    if (part.length > 1) return part.replace('[!', '[^')
    return part.replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&')
  })
  return new RegExp(`^${source}$`).test(name)
}
