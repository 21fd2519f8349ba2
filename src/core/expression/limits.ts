/**
 * How deep parentheses, calls, lists, signs and powers may nest in one expression, in levels. Expressions of real pipelines nest
 * three deep; the bound keeps the parser's recursion off the end of the stack.
 *
 * @source ours: differences#expression-limits
 */
export const nestingMax = 64

/**
 * How long one `#{…}` may be, in UTF-16 units: as long as a whole field, so that the bound is met only by text that
 * `EvaluateExpression` is given.
 *
 * @source model: fieldStringValue
 */
export const expressionLengthMax = 10_240

/**
 * How deep one evaluation may go, in levels: the nesting of its expressions and of the fields that they read, added up. Some hundred
 * fields that each read the next, or four expressions of {@link nestingMax} levels inside one another.
 *
 * @source ours: differences#expression-limits
 */
export const depthMax = 4 * nestingMax

/**
 * How many nodes, stretches of text and list items one evaluation may visit. Some tenths of a second on a small machine: a
 * definition must not be able to occupy the server for longer.
 *
 * @source ours: differences#expression-limits
 */
export const stepsMax = 100_000

/**
 * How many UTF-16 units of text one evaluation may produce, intermediate results included: what `EvaluateExpression` may return.
 *
 * @source model: longString
 */
export const charactersMax = 20_971_520

/**
 * How many problems one text reports; whoever has made that many mistakes needs no more to begin with.
 *
 * @source ours: differences#expression-limits
 */
export const problemsMax = 100
