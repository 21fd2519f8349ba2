import { type ESTree, Visitor } from 'vite'
import { type Finding, isTest, type Rule, type SourceFile } from './source-file.ts'

/** The rules of the style guide that Biome cannot express, except the import law. */
export const rules: readonly Rule[] = [
  fileNames,
  documentedExports,
  assertionsOnlyInDecoders,
  noAsyncInCore,
  noClockInWire,
  noBooleanParameters,
  exhaustiveKinds,
  honestComments,
]

/** No file or folder that gathers what has no place. */
function fileNames({ path }: SourceFile): readonly Finding[] {
  const forbidden = ['utils', 'common', 'helpers', 'shared', 'types']
  const found = path.split('/').find((segment) => forbidden.includes(segment.split('.', 1)[0] ?? ''))
  return found === undefined
    ? []
    : [{ offset: 0, message: `“${found}” names no thing: put the code where its caller is.` }]
}

/**
 * Each exported symbol of these rooms has TSDoc whose first sentence stands alone. One comment serves all that share a name:
 * overloads, and a schema with the type inferred from it.
 */
function documentedExports(file: SourceFile): readonly Finding[] {
  if (!['core', 'wire', 'activities', 'datanodes'].includes(file.room ?? '')) return []
  const exported = file.program.body.filter((node) => node.type === 'ExportNamedDeclaration')
  return exported.flatMap((node) => {
    if (node.declaration === null) return [{ offset: node.start, message: 'Export a symbol where it is declared.' }]
    const isDocumentedBefore = exported.some((other) => other.end <= node.start && nameOf(other) === nameOf(node))
    return isDocumentedBefore || hasSummary(docBefore(file, node.start))
      ? []
      : [{ offset: node.start, message: 'An exported symbol needs TSDoc that begins with a whole sentence.' }]
  })
}

function nameOf({ declaration }: ESTree.ExportNamedDeclaration): string | undefined {
  const declared = declaration?.type === 'VariableDeclaration' ? declaration.declarations[0] : declaration
  return declared?.id?.type === 'Identifier' ? declared.id.name : undefined
}

/** The text of the TSDoc comment directly before `offset`, without its asterisks. */
function docBefore({ comments, text }: SourceFile, offset: number): string | undefined {
  const comment = comments.findLast((candidate) => candidate.end <= offset)
  if (comment?.type !== 'Block' || !comment.value.startsWith('*')) return undefined
  if (text.slice(comment.end, offset).trim() !== '') return undefined
  return comment.value.replaceAll(/^\s*\*+ ?/gm, '').trim()
}

const hasSummary = (doc: string | undefined): boolean => doc !== undefined && /^[^@\p{Ll}].*?[.:](\s|$)/su.test(doc)

/**
 * `as` (other than `as const`) appears only where a value from outside becomes one of ours: in a function called `to…`,
 * `decode…` or `parse…`, or in a constructor of a branded type, which is exactly `(text: string): Brand => text as Brand`. Elsewhere a
 * comment on the line above says why.
 */
function assertionsOnlyInDecoders(file: SourceFile): readonly Finding[] {
  if (isTest(file.path)) return []
  const found: Finding[] = []
  const names = new Map<ESTree.Node, string>()
  const enclosing: FunctionNode[] = []
  const enter = (node: FunctionNode): void => {
    if ('id' in node && node.id !== null) names.set(node, node.id.name)
    enclosing.push(node)
  }
  const leave = (): void => void enclosing.pop()
  const check = (node: Assertion): void => {
    if (sourceOf(file, node.typeAnnotation) === 'const') return
    if (enclosing.some((outer) => /^(to|decode|parse)\p{Lu}/u.test(names.get(outer) ?? ''))) return
    const inner = enclosing.at(-1)
    if (inner !== undefined && isBranding(file, inner, node)) return
    if (isExplained(file, node)) return
    found.push({
      offset: node.start,
      message:
        'A type assertion belongs in a decoder (`to…`, `decode…`, `parse…`) or needs a comment above it that says why.',
    })
  }
  new Visitor({
    VariableDeclarator: ({ id, init }) => void (init !== null && id.type === 'Identifier' && names.set(init, id.name)),
    Property: ({ key, value }) => void (key.type === 'Identifier' && names.set(value, key.name)),
    MethodDefinition: ({ key, value }) => void (key.type === 'Identifier' && names.set(value, key.name)),
    FunctionDeclaration: enter,
    'FunctionDeclaration:exit': leave,
    FunctionExpression: enter,
    'FunctionExpression:exit': leave,
    ArrowFunctionExpression: enter,
    'ArrowFunctionExpression:exit': leave,
    TSAsExpression: check,
    TSTypeAssertion: check,
  }).visit(file.program)
  return found
}

type FunctionNode = ESTree.Function | ESTree.ArrowFunctionExpression

type Assertion = ESTree.TSAsExpression | ESTree.TSTypeAssertion

function isBranding(file: SourceFile, node: FunctionNode, assertion: Assertion): boolean {
  const [parameter] = node.params
  return (
    node.body === assertion &&
    node.params.length === 1 &&
    parameter?.type === 'Identifier' &&
    ['string', 'number'].includes(sourceOf(file, parameter.typeAnnotation?.typeAnnotation)) &&
    sourceOf(file, assertion.expression) === parameter.name &&
    sourceOf(file, assertion.typeAnnotation) === sourceOf(file, node.returnType?.typeAnnotation)
  )
}

function isExplained({ comments, text }: SourceFile, { start }: ESTree.Node): boolean {
  const lineStart = text.lastIndexOf('\n', start) + 1
  return comments.some(
    ({ type, end }) => type === 'Line' && end <= lineStart && text.slice(end, lineStart).trim() === '',
  )
}

const sourceOf = ({ text }: SourceFile, node: ESTree.Node | undefined): string =>
  node === undefined ? '' : text.slice(node.start, node.end)

/** `core` is synchronous. */
function noAsyncInCore(file: SourceFile): readonly Finding[] {
  if (file.room !== 'core') return []
  const found: Finding[] = []
  const check = (node: FunctionNode | ESTree.ForOfStatement): void => {
    const isAsync = node.type === 'ForOfStatement' ? node.await : node.async
    if (isAsync) found.push({ offset: node.start, message: 'core is synchronous.' })
  }
  new Visitor({
    FunctionDeclaration: check,
    FunctionExpression: check,
    ArrowFunctionExpression: check,
    ForOfStatement: check,
    AwaitExpression: ({ start }) => void found.push({ offset: start, message: 'core is synchronous.' }),
  }).visit(file.program)
  return found
}

/** `wire` may turn an instant into a `Date` for a library; it must not ask for the present one. */
function noClockInWire(file: SourceFile): readonly Finding[] {
  if (file.room !== 'wire') return []
  const found: Finding[] = []
  new Visitor({
    NewExpression: (node) => {
      if (sourceOf(file, node.callee) === 'Date' && node.arguments.length === 0) {
        found.push({ offset: node.start, message: 'wire has no clock: take the instant as an argument.' })
      }
    },
  }).visit(file.program)
  return found
}

/** A boolean argument says nothing where it is passed: the two cases get names. */
function noBooleanParameters(file: SourceFile): readonly Finding[] {
  const found: Finding[] = []
  const check = ({ params }: { readonly params: readonly ESTree.ParamPattern[] }): void => {
    for (const parameter of params) {
      if (isBoolean(file, parameter))
        found.push({ offset: parameter.start, message: 'No boolean parameter: name the two cases.' })
    }
  }
  new Visitor({
    FunctionDeclaration: check,
    FunctionExpression: check,
    ArrowFunctionExpression: check,
    TSDeclareFunction: check,
    TSFunctionType: check,
    TSMethodSignature: check,
  }).visit(file.program)
  return found
}

function isBoolean(file: SourceFile, parameter: ESTree.ParamPattern): boolean {
  if (parameter.type === 'AssignmentPattern') {
    return isBoolean(file, parameter.left) || ['true', 'false'].includes(sourceOf(file, parameter.right))
  }
  if (parameter.type !== 'Identifier') return false
  const alternatives = sourceOf(file, parameter.typeAnnotation?.typeAnnotation).split(/\s*\|\s*/)
  return alternatives.includes('boolean')
}

/**
 * A `switch` on `kind` ends in `assertNever`, so that the compiler finds each place that a new kind concerns. A `default` that takes
 * the other kinds together has a comment that says why.
 */
function exhaustiveKinds(file: SourceFile): readonly Finding[] {
  const found: Finding[] = []
  new Visitor({
    SwitchStatement: (node) => {
      if (!/(^|\.)kind$/.test(sourceOf(file, node.discriminant))) return
      const last = node.cases.at(-1)
      if (last?.test === null && (sourceOf(file, last).includes('assertNever(') || hasComment(file, last))) return
      found.push({ offset: node.start, message: 'A switch on kind ends in `default: return assertNever(…)`.' })
    },
  }).visit(file.program)
  return found
}

const hasComment = ({ comments }: SourceFile, { start, end }: ESTree.Node): boolean =>
  comments.some((comment) => comment.start > start && comment.end < end)

/** No comment silences the compiler, and none puts work off. */
function honestComments({ comments }: SourceFile): readonly Finding[] {
  const forbidden = /@ts-(?:ignore|expect-error|nocheck)|\b(?:TODO|FIXME|XXX)\b/
  return comments.flatMap(({ start, value }) => {
    const found = forbidden.exec(value)?.[0]
    return found === undefined ? [] : [{ offset: start, message: `No ${found} in comments.` }]
  })
}
