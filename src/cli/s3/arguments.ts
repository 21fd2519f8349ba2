import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { Unusable } from '../command-context.ts'
import type { NameRule } from './name-filter.ts'

/** A command of `aws s3`, taken apart. */
export type S3Arguments = {
  readonly command: string
  readonly operands: readonly string[]
  readonly flags: ReadonlySet<string>
  readonly rules: readonly NameRule[]
}

/** Options of the AWS CLI that say where and how to ask, which is settled here; each takes a value. */
const SETTLED = [
  'region',
  'profile',
  'endpoint-url',
  'output',
  'color',
  'ca-bundle',
  'cli-read-timeout',
  'cli-connect-timeout',
]

/** Options with a value that change nothing on a folder. */
const WITHOUT_EFFECT = [
  'acl',
  'storage-class',
  'sse-kms-key-id',
  'request-payer',
  'page-size',
  'expected-size',
  'source-region',
]

const FLAGS = [
  'recursive',
  'quiet',
  'only-show-errors',
  'no-progress',
  'delete',
  'force',
  'dryrun',
  'human-readable',
  'summarize',
  'no-cli-pager',
  'no-paginate',
  'exact-timestamps',
  'size-only',
  'sse',
]

/**
 * Reads the arguments after `aws`.
 *
 * @throws Unusable when they name another service than S3, or an option that is not known here.
 */
export function parseS3Arguments(args: readonly string[]): S3Arguments {
  const valued = [...SETTLED, ...WITHOUT_EFFECT].map((name) => [name, { type: 'string' as const }])
  const flagged = FLAGS.map((name) => [name, { type: 'boolean' as const }])
  const patterns = ['include', 'exclude'].map((name) => [name, { type: 'string' as const, multiple: true }])
  const options = Object.fromEntries([...valued, ...flagged, ...patterns])
  const { tokens } = parse(args, options)
  const operands: string[] = []
  const flags = new Set<string>()
  const rules: NameRule[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind !== 'option') continue
    if (token.name === 'include' || token.name === 'exclude')
      rules.push({ kind: token.name, pattern: token.value ?? '' })
    else flags.add(token.name)
  }
  const [service, command = '', ...rest] = operands
  if (service !== 's3') {
    throw new Unusable(
      `This computer has no AWS CLI. In its place, Millrace offers only 'aws s3' and its commands, not 'aws ${service ?? ''}'.`,
    )
  }
  return { command, operands: rest, flags, rules }
}

function parse(args: readonly string[], options: ParseArgsOptionsConfig) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true, tokens: true })
  } catch (error) {
    throw new Unusable(
      `${error instanceof Error ? error.message : String(error)} (this is not the AWS CLI, but a stand-in)`,
      {
        cause: error,
      },
    )
  }
}
