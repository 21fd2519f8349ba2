import { readFile } from 'node:fs/promises'
import { defaultLimits } from '../core/definition/limits.ts'
import type { ParameterValue } from '../core/definition/pipeline-object.ts'
import type { Problem } from '../core/definition/problem.ts'
import { validateDefinition } from '../core/definition/validate.ts'
import type { Instant } from '../core/instant.ts'
import { type DefinitionFile, locateProblem, readDefinitionFile } from '../wire/definition-file.ts'
import { Unusable } from './command-context.ts'

/** Something that is wrong with a file, and where; lines and columns count from 1. */
export type LocatedProblem = Problem & { readonly file: string; readonly line: number; readonly column: number }

/** What came of reading a definition file. */
export type DefinitionSource =
  | { readonly kind: 'definition'; readonly file: DefinitionFile; readonly problems: readonly LocatedProblem[] }
  | { readonly kind: 'unusable'; readonly problems: readonly LocatedProblem[] }

/**
 * Reads a definition file and finds everything that is wrong with it.
 *
 * @param values - of parameters, given on the command line; `undefined` if they may still come.
 * @throws Unusable when the file cannot be read at all.
 */
export async function readDefinition(
  path: string,
  values: readonly ParameterValue[] | undefined,
  now: Instant,
): Promise<DefinitionSource> {
  const file = readDefinitionFile(await readText(path))
  if (file.kind === 'unusable') {
    const problems = file.faults.map((fault) => ({ severity: 'fatal' as const, file: path, ...fault }))
    return { kind: 'unusable', problems }
  }
  const activation = values === undefined ? undefined : ({ parameterValues: values, turn: 'first' } as const)
  const problems = validateDefinition(file.definition, { limits: defaultLimits, now, activation })
    .map((problem) => ({ ...problem, file: path, ...locateProblem(file, problem) }))
    .sort((left, right) => left.line - right.line || left.column - right.column)
  return { kind: 'definition', file, problems }
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
  if (equals < 1) throw new Unusable(`'${text}' is no value of a parameter. Write --parameter myParameter=value.`)
  return [...previous, { id: text.slice(0, equals), text: text.slice(equals + 1) }]
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
