import { describe, expect, test } from 'vitest'
import { object, ref } from '../../../../test/builders.ts'
import { found, shell } from '../../../../test/validation.ts'

describe('references', () => {
  test('a missing object is named with what may have been meant: another case, or a name', () => {
    expect(found(shell('A', { dependsOn: ref('b') }), shell('B'))).toEqual([
      "error A.dependsOn: 'dependsOn' refers to 'b', but there is no object with this id. Did you mean 'B'?",
    ])
    expect(found(shell('A', { dependsOn: ref('The B') }), shell('B', { name: 'The B' }))[0]).toContain(
      "Did you mean 'B'?",
    )
    expect(found(shell('A', { dependsOn: ref('X') }))[0]).toContain('Define it, or remove the reference.')
  })

  test('the target must be of a type that the field takes', () => {
    expect(found(shell('A', { onFail: ref('Daily') }))).toEqual([
      "error A.onFail: 'onFail' values must be of type 'SnsAlarm' or 'Terminate'. Found values of type 'Schedule'. Refer to an object of such a type.",
    ])
  })

  test('an abstract type takes every type that derives from it', () => {
    const node = object('N', { type: 'RedshiftDataNode', tableName: 't', database: ref('D') })
    const database = object('D', { type: 'RedshiftDatabase', username: 'u', '*password': 'p', clusterId: 'c' })
    expect(found(shell('A', { input: ref('N') }), node, database)).toEqual([])
  })

  test('user fields may refer to any object that exists', () => {
    expect(found(shell('A', { myThing: ref('Daily') }))).toEqual([])
    expect(found(shell('A', { myThing: ref('X') }))[0]).toMatch(/^error A\.myThing/)
  })

  test('a parent may be of any type, and of none', () => {
    expect(found(object('P', { maximumRetries: '1' }), shell('A', { parent: ref('P') }))).toEqual([])
  })
})

describe('cycles', () => {
  test('of dependsOn are named with their path', () => {
    expect(
      found(
        shell('A', { dependsOn: ref('B') }),
        shell('B', { dependsOn: ref('C') }),
        shell('C', { dependsOn: ref('A') }),
      ),
    ).toEqual([
      "error A: Dependencies form a circle, so none of these objects could ever start: 'A' → 'B' → 'C' → 'A'. Remove one of these references.",
    ])
  })

  test('of an object with itself are found', () => {
    expect(found(shell('A', { dependsOn: ref('A') }))[0]).toContain("'A' → 'A'")
  })

  test('go through data that is written and read', () => {
    const node = object('N', { type: 'S3DataNode', directoryPath: 's3://b/d' })
    expect(
      found(shell('A', { output: ref('N'), dependsOn: ref('B') }), shell('B', { input: ref('N') }), node)[0],
    ).toContain("'A' → 'B' → 'N' → 'A'")
  })

  describe('of an activity with the data node that it reads and writes', () => {
    const node = object('N', { type: 'S3DataNode', directoryPath: 's3://b/d' })
    const updating = (id: string, fields = {}) => shell(id, { input: ref('N'), output: ref('N'), ...fields })

    test('are none, since it takes the data as it is; that is said', () => {
      expect(found(updating('A'), node)).toEqual([
        "warning A.output: 'output' refers to 'N', which is an input as well: the data is read as it is before the run, and whatever else reads it waits for this object. Give the output a data node of its own if that is not meant.",
      ])
    })

    test('are none where several activities do so one after the other', () => {
      const problems = found(updating('A'), updating('B', { dependsOn: ref('A') }), node)
      expect(problems.filter((problem) => !problem.startsWith('warning'))).toEqual([])
    })

    test('go through another that reads it, and that it waits for', () => {
      const problems = found(updating('A', { dependsOn: ref('B') }), shell('B', { input: ref('N') }), node)
      expect(problems.join()).toContain("'A' → 'B' → 'A'")
    })

    test('remain where it depends on its own output', () => {
      expect(found(shell('A', { dependsOn: ref('N'), output: ref('N') }), node)[0]).toContain("'A' → 'N' → 'A'")
    })

    test('are refused where more than a hundred activities do so', () => {
      const many = Array.from({ length: 101 }, (_, index) => updating(`A${index}`))
      expect(found(...many, node)[0]).toBe(
        "error N: 101 objects both read and write 'N'; the limit is 100. Give some of them an output of their own.",
      )
    })
  })

  test('do not arise from a field that the type does not have', () => {
    const base = object('Base', { dependsOn: ref('B') })
    const ready = object('P', { type: 'Exists', parent: ref('Base') })
    expect(found(shell('A', { precondition: ref('P') }), shell('B', { dependsOn: ref('A') }), base, ready)).toEqual([])
  })

  test('do not arise where two paths lead to one object', () => {
    const objects = [shell('A', { dependsOn: [ref('B'), ref('C')] }), shell('B', { dependsOn: ref('C') }), shell('C')]
    expect(found(...objects)).toEqual([])
  })

  test('of inherited references are found', () => {
    expect(found(object('P', { dependsOn: ref('A') }), shell('A', { parent: ref('P') }))[0]).toContain("'A' → 'A'")
  })

  test('of configurations that contain themselves are found', () => {
    const configuration = object('E', { type: 'EmrConfiguration', classification: 'c', configuration: ref('E') })
    expect(found(configuration)).toEqual([
      "error E: 'configuration' makes these objects contain themselves: 'E' → 'E'. Remove one of these references.",
    ])
  })

  test('of a thousand objects are shown in part', () => {
    const ring = Array.from({ length: 1_000 }, (_, index) =>
      shell(`A${index}`, { dependsOn: ref(`A${(index + 1) % 1_000}`) }),
    )
    const problems = found(...ring).filter((problem) => problem.startsWith('error'))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain("'A19' → (980 more) → 'A0'")
  })
})

describe('required fields and groups', () => {
  test('a required field may be inherited', () => {
    const alarm = object('S', { type: 'SnsAlarm', topicArn: 't', subject: 's', message: 'm' })
    expect(found(alarm)).toEqual([])
    expect(found(object('S', { type: 'SnsAlarm', topicArn: 't', subject: 's' }))).toEqual([
      "error S.message: 'message' is missing: SnsAlarm requires it. Give it here, on a parent or on Default. The message itself. #{node.@actualEndTime} and the like tell about the object it is about.",
    ])
  })

  test('one of a group must be given, and only one where they exclude each other', () => {
    expect(found(object('A', { type: 'ShellCommandActivity' }))).toEqual([
      "error A.command: One of 'command', 'scriptUri' must be given, and none is. Give it here, on a parent or on Default.",
    ])
    expect(found(shell('A', { scriptUri: 's3://b/s' }))).toEqual([
      "error A.scriptUri: 'command' and 'scriptUri' exclude each other. Keep one of them.",
    ])
  })

  test('somebody must do the work', () => {
    expect(found(object('Default', { schedule: ref('Daily') }), shell('A')).join()).toContain(
      "error A.runsOn: One of 'runsOn', 'workerGroup' must be given, and none is. Give it here, on a parent or on Default.",
    )
  })

  test('arguments of a script in S3 are a warning', () => {
    const script = object('A', { type: 'ShellCommandActivity', scriptUri: 's3://b/s', scriptArgument: 'x' })
    expect(found(script)[0]).toMatch(/^warning A\.scriptArgument/)
  })

  test('an action for lateness needs a time after which one is late', () => {
    const alarm = object('T', { type: 'Terminate' })
    expect(found(shell('A', { onLateAction: ref('T') }), alarm)[0]).toMatch(
      /^warning A\.onLateAction: 'onLateAction' needs 'lateAfterTimeout'/,
    )
  })

  describe('on a cluster', () => {
    const emr = (fields: Parameters<typeof object>[1]) =>
      found(object('C', { type: 'EmrCluster', terminateAfter: '1 hour', ...fields }), configuration)
    const configuration = object('E', { type: 'EmrConfiguration', classification: 'core-site' })

    test('a release label and a machine image exclude each other', () => {
      expect(emr({ releaseLabel: 'emr-5.13.0', amiVersion: '3.9.0' })).toEqual([
        "error C.amiVersion: 'releaseLabel' and 'amiVersion' exclude each other. Keep one of them.",
      ])
    })

    test.each([
      ['applications', 'spark'],
      ['configuration', ref('E')],
      ['masterGroupConfiguration', ref('E')],
      ['coreGroupConfiguration', ref('E')],
      ['taskGroupConfiguration', ref('E')],
    ])('%s is for releases from 4 on', (field, value) => {
      expect(emr({ [field]: value, releaseLabel: 'emr-4.0.0' })).toEqual([])
      const images: readonly Record<string, string>[] = [{}, { amiVersion: '3.9.0' }]
      for (const image of images) {
        expect(emr({ [field]: value, ...image })).toEqual([
          `warning C.${field}: '${field}' needs 'releaseLabel': only clusters of release 4 and later know it. Give 'releaseLabel', in place of 'amiVersion', or remove '${field}'.`,
        ])
      }
    })

    test.each(['hadoopVersion', 'installHive'])('%s is for old machine images', (field) => {
      expect(emr({ [field]: '2.4', amiVersion: '3.9.0' })).toEqual([])
      expect(emr({ [field]: '2.4', releaseLabel: 'emr-4.0.0' })[0]).toMatch(
        new RegExp(`^warning C.${field}: '${field}' does not go with 'releaseLabel'`),
      )
    })
  })
})

describe('what activities do with data', () => {
  const cluster = object('C', { type: 'EmrCluster', terminateAfter: '1 hour' })
  const s3 = (id: string) => object(id, { type: 'S3DataNode', directoryPath: 's3://b/d' })
  const table = (id: string, fields = {}) => object(id, { type: 'DynamoDBDataNode', tableName: 't', ...fields })
  const copy = object('H', { type: 'HiveCopyActivity', runsOn: ref('C'), input: ref('In'), output: ref('Out') })

  test('staged output needs a folder', () => {
    const file = object('N', { type: 'S3DataNode', filePath: 's3://b/f' })
    expect(found(shell('A', { stage: 'true', output: ref('N') }), file)[0]).toMatch(
      /^error A\.output: .* has no directoryPath/,
    )
    expect(found(shell('A', { output: ref('N') }), file)).toEqual([])
  })

  test('output of a machine that goes away belongs in S3', () => {
    const machine = object('M', { type: 'Ec2Resource', terminateAfter: '1 hour' })
    expect(found(shell('A', { runsOn: ref('M'), stdout: '/tmp/out' }), machine)[0]).toMatch(/^error A\.stdout/)
    expect(found(shell('A', { runsOn: ref('M'), stdout: 's3://b/out' }), machine)).toEqual([])
    expect(found(shell('A', { stdout: '/tmp/out' }))).toEqual([])
  })

  test('HiveCopyActivity copies from S3 to DynamoDB only', () => {
    expect(found(cluster, s3('In'), s3('Out'), copy)).toEqual([
      "error H.output: 'output' must be a DynamoDBDataNode, since the input is in S3. Refer to one, or use a CopyActivity from S3 to S3.",
    ])
  })

  test('HiveCopyActivity needs the columns of its tables', () => {
    const format = object('F', { type: 'DynamoDBExportDataFormat' })
    expect(found(cluster, table('In'), s3('Out'), copy)[0]).toMatch(
      /^error H\.input: .* needs a DynamoDBExportDataFormat/,
    )
    expect(found(cluster, table('In', { dataFormat: ref('F') }), s3('Out'), copy, format)).toEqual([])
  })

  test('options of a copy to Redshift are ignored where a data node has a format', () => {
    const database = object('D', { type: 'RedshiftDatabase', username: 'u', '*password': 'p', clusterId: 'c' })
    const target = object('Out', { type: 'RedshiftDataNode', tableName: 't', database: ref('D') })
    const format = object('F', { type: 'CSV' })
    const load = object('L', {
      type: 'RedshiftCopyActivity',
      insertMode: 'APPEND',
      input: ref('In'),
      output: ref('Out'),
      commandOptions: ['EMPTYASNULL', 'IGNOREBLANKLINES'],
    })
    const formatted = object('In', { type: 'S3DataNode', directoryPath: 's3://b/d', dataFormat: ref('F') })
    expect(found(database, target, s3('In'), load)).toEqual([])
    expect(found(database, target, formatted, format, load)).toEqual([
      "warning L.commandOptions: 'commandOptions' is ignored, since 'In' has a 'dataFormat'. Remove one of the two.",
    ])
  })
})
