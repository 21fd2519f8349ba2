import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultLimits } from '../src/core/definition/limits.ts'
import {
  type Definition,
  objectId,
  type PipelineObject,
  referenceField,
  textField,
} from '../src/core/definition/pipeline-object.ts'
import { validateDefinition } from '../src/core/definition/validate.ts'
import { instant } from '../src/core/instant.ts'
import { readDefinitionFile } from '../src/wire/definition-file.ts'
import { writeDefinitionFile } from '../src/wire/write-definition-file.ts'
import { type Figure, printReport } from './report.ts'

/** How often each measurement is repeated; the median counts. */
const repetitions = 21

/** A definition that is right: groups of an activity, what it reads and writes, its machine and an alarm, each after the one before. */
function definitionOf(objectCount: number): Definition {
  const groups = Array.from({ length: Math.floor((objectCount - 2) / 5) }, (_, index) => group(index))
  return { objects: [...common, ...groups.flat()], parameterObjects: [parameter], parameterValues: [] }
}

const parameter = {
  id: 'myBucket',
  attributes: [
    { key: 'type', text: 'String' },
    { key: 'default', text: 's3://bucket' },
  ],
}

const object = (id: string, type: string, fields: PipelineObject['fields']): PipelineObject => ({
  id: objectId(id),
  name: id,
  fields: [textField('type', type), ...fields],
})

const common: readonly PipelineObject[] = [
  {
    id: objectId('Default'),
    name: 'Default',
    fields: [
      referenceField('schedule', objectId('Daily')),
      textField('failureAndRerunMode', 'CASCADE'),
      textField('pipelineLogUri', '#{myBucket}/logs/'),
      textField('role', 'DataPipelineDefaultRole'),
      textField('resourceRole', 'DataPipelineDefaultResourceRole'),
      textField('scheduleType', 'cron'),
    ],
  },
  object('Daily', 'Schedule', [textField('period', '1 day'), textField('startDateTime', '2026-01-01T00:00:00')]),
]

function group(index: number): PipelineObject[] {
  const path = "#{myBucket}/#{format(@scheduledStartTime, 'YYYY-MM-dd')}/"
  const previous = index === 0 ? [] : [referenceField('dependsOn', objectId(`Activity${index - 1}`))]
  return [
    object(`Activity${index}`, 'ShellCommandActivity', [
      textField('command', 'sort #{input.directoryPath} > #{output.directoryPath}'),
      referenceField('input', objectId(`Input${index}`)),
      referenceField('output', objectId(`Output${index}`)),
      referenceField('runsOn', objectId(`Machine${index}`)),
      referenceField('onFail', objectId(`Alarm${index}`)),
      textField('maximumRetries', '1'),
      textField('retryDelay', '10 minutes'),
      ...previous,
    ]),
    object(`Input${index}`, 'S3DataNode', [textField('directoryPath', `${path}in`)]),
    object(`Output${index}`, 'S3DataNode', [textField('directoryPath', `${path}out`)]),
    object(`Machine${index}`, 'Ec2Resource', [
      textField('terminateAfter', '2 hours'),
      textField('instanceType', 'm3.medium'),
      textField('securityGroups', 'default'),
    ]),
    object(`Alarm${index}`, 'SnsAlarm', [
      textField('topicArn', 'arn:aws:sns:us-east-1:123456789012:failures'),
      textField('subject', '#{node.name} failed'),
      textField('message', '#{node.errorMessage} at #{node.@scheduledStartTime}'),
    ]),
  ]
}

function medianMs(run: () => void): number {
  // A server has been at it for a while, and a command has been called before; what counts is the speed then.
  for (let index = 0; index < repetitions; index++) run()
  const samples = Array.from({ length: repetitions }, () => {
    const startMs = performance.now()
    run()
    return performance.now() - startMs
  })
  return samples.toSorted((left, right) => left - right)[Math.floor(repetitions / 2)] ?? Number.NaN
}

function validate(definition: Definition): void {
  const problems = validateDefinition(definition, { limits: defaultLimits, now: instant(1_767_225_600_000) })
  const unexpected = problems.find(({ message }) => !message.includes('AWS Data Pipeline would refuse'))
  if (unexpected !== undefined) throw new Error(unexpected.message)
}

const sizes = [{ objects: 100 }, { objects: 1_000, must: 50 }, { objects: 10_000 }] as const

const figures = sizes.flatMap((size): Figure[] => {
  const definition = definitionOf(size.objects)
  const file = writeDefinitionFile(definition)
  const budget = 'must' in size ? { must: size.must } : {}
  const elapsedMs = medianMs(() => validate(definition))
  return [
    { name: `${size.objects} objects validated`, value: elapsedMs, unit: 'ms', better: 'lower', ...budget },
    { name: `${size.objects} objects, each`, value: (elapsedMs * 1_000) / size.objects, unit: 'µs', better: 'lower' },
    {
      name: `${size.objects} objects read from a file`,
      value: medianMs(() => readDefinitionFile(file)),
      unit: 'ms',
      better: 'lower',
    },
  ]
})

/** The command, as a user waits for it: each time in a process of its own. The first one fills Node's cache of compiled files. */
async function commandFigure(objectCount: number, budget: Pick<Figure, 'must'> = {}): Promise<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-bench-'))
  try {
    const path = join(folder, 'definition.json')
    await writeFile(path, writeDefinitionFile(definitionOf(objectCount)))
    const command = [join(import.meta.dirname, '../src/bin/millrace.js'), 'validate', path]
    const elapsedMs = medianMs(() => execFileSync(process.execPath, command, { stdio: 'ignore' }))
    return {
      name: `millrace validate, ${objectCount} objects`,
      value: elapsedMs,
      unit: 'ms',
      better: 'lower',
      ...budget,
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

printReport('Validation of definitions', [
  ...figures,
  await commandFigure(100, { must: 300 }),
  await commandFigure(1_000),
])
