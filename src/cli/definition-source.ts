import { basename, extname } from 'node:path'
import { judgeActivation } from '../core/definition/activation.ts'
import type { Limits } from '../core/definition/limits.ts'
import type { Definition, ParameterValue } from '../core/definition/pipeline-object.ts'
import type { Problem } from '../core/definition/problem.ts'
import { unsupportedYet } from '../core/definition/supported-types.ts'
import type { Instant } from '../core/instant.ts'
import { locateProblem, type NamedDefinition } from '../wire/definition-file.ts'
import { readDefinitions } from '../wire/definition-forms.ts'
import { type CommandContext, Unusable } from './command-context.ts'
import type { DefinitionFlags } from './definition-options.ts'
import { readDefinitionText } from './definition-text.ts'

/** Something that is wrong with a file, and where; lines and columns count from 1. */
export type LocatedProblem = Problem & { readonly file: string; readonly line: number; readonly column: number }

/** What came of reading a file: its definitions, or why there are none. */
export type DefinitionSource = UsableSource | UnusableSource

/** The definitions of a file, of which there is at least one. */
export type UsableSource = {
  readonly kind: 'definitions'
  readonly path: string
  readonly definitions: readonly [NamedDefinition, ...NamedDefinition[]]
}

/** A file that holds no definition: every reason, with its place. */
export type UnusableSource = { readonly kind: 'unusable'; readonly problems: readonly LocatedProblem[] }

/** Under which circumstances the definitions of a file are judged. */
export type Judgement = {
  readonly limits: Limits
  readonly now: Instant
  /** Of parameters, given on the command line; `undefined` if they may still come. */
  readonly parameterValues: readonly ParameterValue[] | undefined
}

/** Everything that would be wrong with the definitions of a file if they were put and activated now, in the order of the file. */
export const judge = (source: DefinitionSource, judgement: Judgement): readonly LocatedProblem[] =>
  source.kind === 'unusable'
    ? source.problems
    : locate(source, (definition) => judgeActivation(definition, { ...judgement, turn: 'first' }))

/** What this version of Millrace cannot run of the definitions of a file, as warnings, in the order of the file. */
export const judgeSupport = (source: DefinitionSource): readonly LocatedProblem[] =>
  source.kind === 'unusable' ? [] : locate(source, unsupportedYet)

/** The problems of all definitions of a file, at their places, in the order of these. */
const locate = (
  { path, definitions }: UsableSource,
  problemsOf: (definition: Definition) => readonly Problem[],
): readonly LocatedProblem[] =>
  inFileOrder(
    definitions.flatMap(({ file }) =>
      problemsOf(file.definition).map((problem) => ({ ...problem, file: path, ...locateProblem(file, problem) })),
    ),
  )

/** Problems as they are met when the file is read from its beginning. */
export const inFileOrder = (problems: readonly LocatedProblem[]): readonly LocatedProblem[] =>
  problems.toSorted((left, right) => left.line - right.line || left.column - right.column)

/** Whether a definition with these problems would be put and activated nevertheless. */
export const isAccepted = (problems: readonly Problem[]): boolean =>
  problems.every(({ severity }) => severity === 'warning')

/**
 * Reads the definitions of a file, in whatever form, without judging them; only one of them, if the user has named it.
 *
 * @throws Unusable when the file cannot be read at all, or holds no definition, or not the one that is named.
 */
export async function readSource(
  path: string,
  { templateValue = new Map(), pipeline }: DefinitionFlags,
  context: Pick<CommandContext, 'input'>,
): Promise<DefinitionSource> {
  const read = await readDefinitions(await readDefinitionText(path, context), templateValue)
  if (read.kind === 'unusable') {
    const problems = read.faults.map((fault) => ({ severity: 'fatal' as const, file: path, ...fault }))
    return { kind: 'unusable', problems }
  }
  const { definitions } = read
  const [first, ...others] = definitions.filter(({ name }) => pipeline === undefined || name === pipeline)
  if (definitions.length === 0) throw new Unusable(`${path} has no pipeline in it.`)
  if (first === undefined) throw new Unusable(`${path} has no pipeline '${pipeline}', only ${namesOf(definitions)}.`)
  return { kind: 'definitions', path, definitions: [first, ...others] }
}

/**
 * The definition of a file that may hold several, where only one can be meant.
 *
 * @throws Unusable when it is not clear which.
 */
export function onlyDefinition({ path, definitions }: UsableSource): NamedDefinition {
  const [first, ...others] = definitions
  if (others.length === 0) return first
  throw new Unusable(`${path} has several pipelines. Choose one with --pipeline: ${namesOf(definitions)}.`)
}

/** What a pipeline is called: as in its template, else like its file. */
export function nameOf({ name }: NamedDefinition, path: string): string {
  return name ?? (path === '-' ? 'pipeline' : basename(path, extname(path)))
}

const namesOf = (definitions: readonly NamedDefinition[]): string =>
  definitions.map(({ name }) => `'${name}'`).join(', ')

/** A problem as compilers print theirs, so that editors find the place: `FILE:LINE:COLUMN: error: MyObject.field: …`. */
export function formatProblem({
  file,
  line,
  column,
  severity,
  objectId,
  field,
  parameterId,
  message,
}: LocatedProblem): string {
  const subject = [objectId ?? parameterId, field].filter((part) => part !== undefined && part !== '')
  const about = subject.length === 0 ? '' : `${subject.join('.')}: `
  return `${file}:${line}:${column}: ${severity === 'warning' ? 'warning' : 'error'}: ${about}${message}`
}

/** How many errors and warnings there are, in words. */
export function countProblems(problems: readonly Problem[]): string {
  const warnings = problems.filter(({ severity }) => severity === 'warning').length
  return `${plural(problems.length - warnings, 'error')}, ${plural(warnings, 'warning')}`
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
