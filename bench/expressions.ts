import { objectId } from '../src/core/definition/pipeline-object.ts'
import { checkTemplate } from '../src/core/expression/check.ts'
import { evaluateTemplate } from '../src/core/expression/evaluate.ts'
import type { Scope } from '../src/core/expression/scope.ts'
import type { StaticScope } from '../src/core/expression/static-scope.ts'
import { instant } from '../src/core/instant.ts'
import { type Figure, printReport } from './report.ts'

/** Texts of real definitions, and the number of expressions in each. */
const templates = [
  "#{format(@scheduledStartTime, 'YYYY-MM-dd-HH-mm-ss')}",
  "#{myOutputS3Loc}/#{format(minusDays(@scheduledStartTime, 1), 'YYYY-MM-dd')}/",
  's3://emr-#{myRegion}/ddb.jar,org.apache.hadoop.dynamodb.tools.DynamoDbExport,#{output.directoryPath},#{input.tableName}',
  'Failed step #{node.name} at #{node.@actualEndTime}\\nLog directory: #{node.pipelineLogUri}#{node.@pipelineId}',
] as const
const expressionsPerTemplate = [1, 2, 3, 4]

/** How many expressions one measurement takes, as one definition of 1,000 objects may hold. */
const expressionCount = 100_000

const self = objectId('ExportActivity')
const text = (value: string) => [{ kind: 'string', text: value }] as const
const fields = new Map<string, ReturnType<Scope['entries']>>([
  ['@scheduledStartTime', [{ kind: 'value', value: { kind: 'dateTime', instant: instant(1_517_400_333_000) } }]],
  ['@actualEndTime', [{ kind: 'value', value: { kind: 'dateTime', instant: instant(1_517_400_444_000) } }]],
  ['@pipelineId', text('df-00627471SOVYZEXAMPLE')],
  ['directoryPath', text("#{myOutputS3Loc}/#{format(@scheduledStartTime, 'YYYY')}")],
  ['input', [{ kind: 'reference', target: objectId('Input') }]],
  ['myOutputS3Loc', text('s3://bucket/output')],
  ['myRegion', text('us-east-1')],
  ['name', text('ExportActivity')],
  ['node', [{ kind: 'reference', target: objectId('Node') }]],
  ['output', [{ kind: 'reference', target: objectId('Output') }]],
  ['pipelineLogUri', text('s3://bucket/logs/')],
  ['tableName', text('table')],
])
const scope: Scope = { entries: (_object, key) => fields.get(key) }
const staticScope: StaticScope = {
  field: (_object, key) => ({ kind: fields.has(key) ? 'unknown' : 'absent' }),
  names: () => fields.keys(),
}

/** Runs each template in turn until all expressions are done. */
function measure(name: string, run: (template: string) => void): Figure {
  const startMs = performance.now()
  for (let index = 0, done = 0; done < expressionCount; index++) {
    run(templates[index % templates.length] ?? '')
    done += expressionsPerTemplate[index % templates.length] ?? 1
  }
  return { name, value: performance.now() - startMs, unit: 'ms', better: 'lower', must: 1000 }
}

/** The time that one expression takes in a text of `count`: the same for any `count`, if the cost is linear. */
function measureText(count: number): Figure {
  const template = 'x #{myRegion} '.repeat(count)
  const startMs = performance.now()
  const result = evaluateTemplate(template, self, scope)
  if (result.kind === 'failure') throw new Error(result.message)
  const elapsedMs = performance.now() - startMs
  return { name: `each of ${count} in one text`, value: (elapsedMs * 1000) / count, unit: 'µs', better: 'lower' }
}

printReport('Expressions', [
  measure(`evaluate ${expressionCount} expressions`, (template) => {
    const result = evaluateTemplate(template, self, scope)
    if (result.kind === 'failure') throw new Error(result.message)
  }),
  measure(`check ${expressionCount} expressions`, (template) => {
    const { problems } = checkTemplate(template, self, staticScope)
    if (problems[0] !== undefined) throw new Error(problems[0].message)
  }),
  ...[300, 3_000, 30_000].map(measureText),
])
