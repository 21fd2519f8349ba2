import type { Definition } from '../core/definition/pipeline-object.ts'
import type { Problem } from '../core/definition/problem.ts'
import { readDefinitionTree, type Sources } from './definition-file-tree.ts'
import {
  type Fault,
  type JsonTree,
  lineStartsOf,
  offsetInString,
  type Position,
  positionAt,
  readJsonTree,
} from './json-tree.ts'

/** A file that has been read: the definition, and where in the file each part of it stands. */
export type DefinitionFile = {
  readonly kind: 'definitionFile'
  readonly definition: Definition
  readonly text: string
  readonly lineStarts: readonly number[]
  readonly sources: Sources
}

/** A definition and, where its file tells, what the pipeline is called. */
export type NamedDefinition = { readonly name: string | undefined; readonly file: DefinitionFile }

/** All definitions of a file; a template may hold none or several. */
export type DefinitionsFile = { readonly kind: 'definitions'; readonly definitions: readonly NamedDefinition[] }

/** A text, and the tree that it was read as. */
export type TreeSource = { readonly text: string; readonly tree: JsonTree }

/** A file that holds no definition: every reason, with its place. */
export type UnusableFile = {
  readonly kind: 'unusable'
  readonly faults: readonly (Position & { readonly message: string })[]
}

/**
 * Reads a definition file: `objects`, `parameters` and `values`; a `metadata` block and other members are skipped. The form that the API
 * takes (`pipelineObjects`, fields as lists of keys) is read as well.
 *
 * Repeated keys add up to a list, a single value may stand for a list of one, numbers and booleans stand for their text. Without a
 * name, an object is named after its id. Fields come out in the order of their keys, as the AWS CLI sends them.
 *
 * @source guide: dp-writing-pipeline-definition; observed: 5.2; corpus
 */
export function readDefinitionFile(text: string): DefinitionFile | UnusableFile {
  const read = readJsonTree(text)
  return read.kind === 'fault'
    ? unusable(lineStartsOf(text), [read])
    : readDefinitionFileTree({ text, tree: read.tree })
}

/** The same as {@link readDefinitionFile}, of a text that has been read as JSON. */
export function readDefinitionFileTree({ text, tree }: TreeSource): DefinitionFile | UnusableFile {
  const lineStarts = lineStartsOf(text)
  const { definition, sources, faults } = readDefinitionTree(tree)
  return faults.length > 0
    ? unusable(lineStarts, faults)
    : { kind: 'definitionFile', definition, text, lineStarts, sources }
}

/** Where in its file a problem is: at the expression, the value, the field, the object or the parameter that it names, or at the start. */
export function locateProblem(file: DefinitionFile, problem: Problem): Position {
  return positionAt(file.lineStarts, problemOffset(file, problem))
}

function problemOffset({ text, sources }: DefinitionFile, problem: Problem): number {
  const { valueIndex = 0, range } = problem
  const { whole, values } =
    problem.parameterId === undefined ? objectPlace(sources, problem) : parameterPlace(sources, problem)
  const offset = values?.[valueIndex] ?? values?.[0]
  if (offset === undefined) return whole
  return range === undefined || text[offset] !== '"' ? offset : offsetInString(text, offset, range.start)
}

/** Where the thing as a whole is that has a problem, and the values of which one may be meant. */
type Place = { readonly whole: number; readonly values: readonly number[] | undefined }

function objectPlace({ objects }: Sources, { objectId, field }: Problem): Place {
  const object = objectId === undefined ? undefined : objects.get(objectId)
  return { whole: object?.offset ?? 0, values: field === undefined ? undefined : object?.fields.get(field) }
}

/** A parameter that is not declared is where it has a value. */
function parameterPlace({ parameters, values }: Sources, { parameterId = '', field, valueIndex }: Problem): Place {
  const parameter = parameters.get(parameterId)
  const given = values.get(parameterId)
  const whole = parameter?.offset ?? given?.[0] ?? 0
  if (field !== undefined) return { whole, values: parameter?.fields.get(field.toLowerCase()) }
  return { whole, values: valueIndex === undefined ? undefined : given }
}

/** A file that cannot be used, with its faults placed. */
export const unusable = (lineStarts: readonly number[], faults: readonly Fault[]): UnusableFile => ({
  kind: 'unusable',
  faults: faults.map(({ offset, message }) => ({ ...positionAt(lineStarts, offset), message })),
})
