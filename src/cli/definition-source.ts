import { readFile } from 'node:fs/promises'
import type { Limits } from '../core/definition/limits.ts'
import type { ParameterValue } from '../core/definition/pipeline-object.ts'
import type { Problem } from '../core/definition/problem.ts'
import { validateDefinition } from '../core/definition/validate.ts'
import type { Instant } from '../core/instant.ts'
import { locateProblem, type NamedDefinition } from '../wire/definition-file.ts'
import { readDefinitions } from '../wire/definition-forms.ts'
import { Unusable } from './command-context.ts'

/** Something that is wrong with a file, and where; lines and columns count from 1. */
export type LocatedProblem = Problem & { readonly file: string; readonly line: number; readonly column: number }

/** What came of reading a file: its definitions, of which there is at least one, or why there are none. */
export type DefinitionSource =
  | {
      readonly kind: 'definitions'
      readonly definitions: readonly [NamedDefinition, ...NamedDefinition[]]
      readonly problems: readonly LocatedProblem[]
    }
  | UnusableSource

/** A file that holds no definition: every reason, with its place. */
export type UnusableSource = { readonly kind: 'unusable'; readonly problems: readonly LocatedProblem[] }

/** Under which circumstances the definitions of a file are judged. */
export type Judgement = {
  readonly limits: Limits
  readonly now: Instant
  /** Of parameters, given on the command line; `undefined` if they may still come. */
  readonly parameterValues: readonly ParameterValue[] | undefined
  /** Of what only the deployment of a template can tell. */
  readonly templateValues: ReadonlyMap<string, string>
}

/**
 * Reads the definitions of a file, in whatever form, and finds everything that is wrong with them.
 *
 * @throws Unusable when the file cannot be read at all, or holds no definition.
 */
export async function judgeFile(path: string, judgement: Judgement): Promise<DefinitionSource> {
  const { limits, now, parameterValues } = judgement
  const source = await readFileOfDefinitions(path, judgement.templateValues)
  if (source.kind === 'unusable') return source
  const activation = parameterValues === undefined ? undefined : ({ parameterValues, turn: 'first' } as const)
  const problems = source.definitions
    .flatMap(({ file }) =>
      validateDefinition(file.definition, { limits, now, activation }).map((problem) => ({
        ...problem,
        file: path,
        ...locateProblem(file, problem),
      })),
    )
    .sort((left, right) => left.line - right.line || left.column - right.column)
  return { ...source, problems }
}

/**
 * Reads the definitions of a file, in whatever form, without judging them.
 *
 * @throws Unusable when the file cannot be read at all, or holds no definition.
 */
export async function readFileOfDefinitions(
  path: string,
  templateValues: ReadonlyMap<string, string>,
): Promise<DefinitionSource> {
  const source = await readDefinitions(await readText(path), templateValues)
  if (source.kind === 'unusable') {
    const problems = source.faults.map((fault) => ({ severity: 'fatal' as const, file: path, ...fault }))
    return { kind: 'unusable', problems }
  }
  const [first, ...others] = source.definitions
  if (first === undefined) throw new Unusable(`${path} is a template without a pipeline.`)
  return { kind: 'definitions', definitions: [first, ...others], problems: [] }
}

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
  const subject = [objectId ?? parameterId, objectId === undefined ? undefined : field].filter(
    (part) => part !== undefined,
  )
  const about = subject.length === 0 ? '' : `${subject.join('.')}: `
  return `${file}:${line}:${column}: ${severity === 'warning' ? 'warning' : 'error'}: ${about}${message}`
}

/** How many errors and warnings there are, in words. */
export function countProblems(problems: readonly Problem[]): string {
  const warnings = problems.filter(({ severity }) => severity === 'warning').length
  return `${plural(problems.length - warnings, 'error')}, ${plural(warnings, 'warning')}`
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** Adds one `ID=VALUE` of the command line to those before it. An id that is repeated is an array. */
export function collectParameter(text: string, previous: readonly ParameterValue[] = []): readonly ParameterValue[] {
  const equals = text.indexOf('=')
  if (equals < 1) throw new Unusable('A parameter has no value. Write --parameter myParameter=value.')
  return [...previous, { id: text.slice(0, equals), text: text.slice(equals + 1) }]
}

/** Adds one `NAME=VALUE` of the command line to those before it. */
export function collectTemplateValue(
  text: string,
  previous: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const equals = text.indexOf('=')
  if (equals < 1) throw new Unusable('Something in the template has no value. Write --template-value Bucket=logs.')
  return new Map([...previous, [text.slice(0, equals), text.slice(equals + 1)]])
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new Unusable(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}
