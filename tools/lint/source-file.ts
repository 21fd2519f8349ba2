import { type ParseResult, parseSync } from 'vite'

/** A parsed file of the project. */
export type SourceFile = Pick<ParseResult, 'program' | 'comments'> & {
  /** Relative to the root of the repository, with slashes: `src/core/instant.ts`. */
  readonly path: string
  readonly text: string
  /** The room that the file belongs to, as `core`; `undefined` for a file that is not part of the product, tests included. */
  readonly room: string | undefined
}

/** A place where a file breaks a rule. */
export type Finding = {
  /** Where in the text, in UTF-16 units from 0. */
  readonly offset: number
  readonly message: string
}

/** Looks at one file for one thing. */
export type Rule = (file: SourceFile) => readonly Finding[]

/** Parses one file; `undefined` when it is not TypeScript, which the compiler explains better. */
export function parseFile(path: string, text: string): SourceFile | undefined {
  const { program, comments, errors } = parseSync(path, text, { sourceType: 'module' })
  if (errors.length > 0) return undefined
  return { path, text, program, comments, room: isTest(path) ? undefined : /^src\/([^/]+)\//.exec(path)?.[1] }
}

/** Whether a file only tests: it lies in `test/`, or beside the code as `x.test.ts`. */
export const isTest = (path: string): boolean => /^test\/|\.test\.tsx?$/.test(path)

/** A finding as editors and terminals make it a link: `path:line:column message`. */
export function formatFinding({ path, text }: SourceFile, { offset, message }: Finding): string {
  const before = text.slice(0, offset).split('\n')
  return `${path}:${before.length}:${(before.at(-1) ?? '').length + 1} ${message}`
}
