import { existsSync, readFileSync } from 'node:fs'

const folder = new URL('../../shared/corpus/', import.meta.url)

/** Whether there is a corpus to read; where CI is to prove something, its absence is a failure. */
export const hasCorpus = existsSync(folder) || process.env.CI !== undefined

/** The kinds of things in the corpus, as its index names them. */
type Kind = 'definition' | 'cloudformation' | 'api-request' | 'api-response'

/** One file of the corpus: its name in the index, and its text. */
export type CorpusFile = { readonly name: string; readonly text: string }

/** The files of one kind; none where the corpus is missing and may be. */
export function corpusFiles(kind: Kind): readonly CorpusFile[] {
  if (!hasCorpus) return []
  const index: { files: readonly { file: string; kind: Kind }[] } = JSON.parse(
    readFileSync(new URL('INDEX.json', folder), 'utf8'),
  )
  return index.files
    .filter((entry) => entry.kind === kind)
    .map(({ file }) => ({ name: file, text: readFileSync(new URL(file, folder), 'utf8') }))
}
