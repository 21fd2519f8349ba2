import { describe, expect, test } from 'vitest'
import { object, ref } from '../../../../test/builders.ts'
import { found } from '../../../../test/validation.ts'

type Fields = Parameters<typeof object>[1]

const s3 = (id: string) => object(id, { type: 'S3DataNode', directoryPath: 's3://b/d' })
const table = (fields: Fields = {}) => object('Table', { type: 'DynamoDBDataNode', tableName: 't', ...fields })
const cluster = (fields: Fields = {}) => object('C', { type: 'EmrCluster', terminateAfter: '1 hour', ...fields })

/** What is found in a HiveActivity with two inputs and an output in S3. */
const ofHive = (hiveScript: string, fields: Fields = {}, others = [cluster()]) =>
  found(
    ...others,
    s3('In'),
    s3('Other'),
    s3('Out'),
    object('H', {
      type: 'HiveActivity',
      runsOn: ref('C'),
      hiveScript,
      input: [ref('In'), ref('Other')],
      output: ref('Out'),
      ...fields,
    }),
  )

describe('a Hive script', () => {
  test('uses the tables of its data nodes', () => {
    expect(ofHive('insert overwrite table ${output1} select * from ${input1} join ${input2}')).toEqual([])
  })

  test('cannot use a table of a data node that is not there', () => {
    expect(ofHive('select * from ${input3}')).toEqual([
      "warning H.hiveScript: 'hiveScript' uses ${input3}, but 'input' has 2 values. Add one, or write the number of another.",
    ])
    expect(ofHive('select * from ${input0}')[0]).toContain('uses ${input0}')
  })

  test('may get a variable of that name', () => {
    expect(ofHive('select * from ${input3}', { scriptVariable: 'input3=t' })).toEqual([])
  })

  test('cannot use a DynamoDB table that has no columns', () => {
    const others = [cluster(), table()]
    expect(ofHive('select * from ${input1}', { input: ref('Table') }, others)).toEqual([
      "warning H.hiveScript: 'hiveScript' uses ${input1}, but no table is made of 'Table', a DynamoDBDataNode without a data format. Give it a 'dataFormat', or make the table in the script, of #{input.tableName}.",
    ])
    expect(ofHive('select * from mine -- #{input.tableName}', { input: ref('Table') }, others)).toEqual([])
    const format = object('F', { type: 'DynamoDBExportDataFormat' })
    const formatted = [cluster(), table({ dataFormat: ref('F') }), format]
    expect(ofHive('select * from ${input1}', { input: ref('Table') }, formatted)).toEqual([])
  })

  test('finds no tables where nothing is staged', () => {
    expect(ofHive('select * from ${input1}', { stage: 'false' })).toEqual([
      "warning H.hiveScript: 'hiveScript' uses ${input1}, but 'stage' is false, so there is no such table. Remove 'stage', or make the table in the script.",
    ])
  })
})

describe('staging for Hive', () => {
  test('needs data nodes', () => {
    const hive = (stage: string) => object('H', { type: 'HiveActivity', hiveScript: 's', runsOn: ref('C'), stage })
    expect(found(cluster(), hive('false'))).toEqual([])
    expect(found(cluster(), hive('true')).map((problem) => problem.split(':')[0])).toEqual([
      'warning H.input',
      'warning H.output',
    ])
  })

  test.each([
    ['2.4.11', 1],
    ['3.1.4', 1],
    ['3.2.0', 0],
    ['3.10.0', 0],
    ['latest', 0],
  ])('on machine image %s has %i problems', (amiVersion, count) => {
    const problems = ofHive('select 1', { stage: 'true' }, [cluster({ amiVersion })])
    expect(problems).toHaveLength(count)
    for (const problem of problems) expect(problem).toContain("'stage' needs machine image 3.2.0 or later")
  })
})
