import { problemsMax } from './limits.ts'
import { type Malformed, parseExpression, unexpected } from './parse.ts'
import type { SyntaxProblem, Template, TemplatePart } from './syntax.ts'

/**
 * A text whose expressions cannot all be read: every problem, in the order of the text, at most {@link problemsMax}, and the
 * parts that could be read.
 */
export type MalformedTemplate = {
  readonly kind: 'malformed'
  readonly problems: readonly SyntaxProblem[]
  readonly parts: readonly TemplatePart[]
}

/** What opens an expression in text. */
const opening = '#{'

/**
 * Whether there is anything to evaluate in the text.
 *
 * @source guide: dp-pipeline-expressions
 */
export const hasExpression = (text: string): boolean => text.includes(opening)

/**
 * Reads text with any number of `#{…}` in it. Everything else, `${…}` included, stays as it is; there is no way to write a
 * literal `#{`. Takes time linear in the text, malformed or not.
 *
 * @source guide: dp-pipeline-expressions, dp-concepts-staging
 */
export function parseTemplate(text: string): Template | MalformedTemplate {
  const parts: TemplatePart[] = []
  const problems: SyntaxProblem[] = []
  for (let position = 0; position < text.length && problems.length < problemsMax; ) {
    const part = readPart(text, position)
    if (part.kind === 'malformed') {
      problems.push(part.problem)
      position = resumeAfter(text, part.problem)
    } else {
      parts.push(part)
      position = part.range.end
    }
  }
  return problems.length === 0 ? { kind: 'template', parts } : { kind: 'malformed', problems, parts }
}

/**
 * The part of a template that begins at `from`: an expression if `#{` stands there, otherwise the text before the next one.
 *
 * @source guide: dp-pipeline-expressions
 */
export function readPart(text: string, from: number): TemplatePart | Malformed {
  const start = text.indexOf(opening, from)
  if (start !== from) {
    const end = start < 0 ? text.length : start
    return { kind: 'text', text: text.slice(from, end), range: { start: from, end } }
  }
  const parsed = parseExpression(text, start + opening.length)
  if (parsed.kind === 'malformed') return parsed
  const { expression, next } = parsed
  if (next.kind === 'symbol' && next.text === '}') {
    return { kind: 'expression', expression, range: { start, end: next.end } }
  }
  if (next.kind !== 'end') return unexpected(next, 'an operator or }')
  const range = { start, end: text.length }
  return { kind: 'malformed', problem: { message: 'This expression is not closed. Add } at its end.', range } }
}

/** Where to go on after a problem: behind the next brace that could close the expression. */
function resumeAfter(text: string, problem: SyntaxProblem): number {
  const close = text.indexOf('}', problem.range.start)
  return close < 0 ? text.length : close + 1
}
