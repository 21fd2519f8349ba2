import { describe, expect, test } from 'vitest'
import { definition, object, parameter, ref, values } from '../../../test/builders.ts'
import { activated, daily, defaults, found, pipeline, shell, shortForms, validate } from '../../../test/validation.ts'
import { awsLimits, defaultLimits } from './limits.ts'

test('nothing is said about a definition that is right', () => {
  const all = pipeline(
    shell('A', { dependsOn: ref('B'), onFail: ref('Alarm'), input: ref('In'), myNote: 'x' }),
    shell('B', { output: ref('In'), runsOn: ref('Machine') }),
    object('In', { type: 'S3DataNode', directoryPath: 's3://b/#{format(@scheduledStartTime, "YYYY")}' }),
    object('Machine', { type: 'Ec2Resource', terminateAfter: '1 hour' }),
    object('Alarm', { type: 'SnsAlarm', topicArn: 't', subject: '#{node.name}', message: '#{node.errorMessage}' }),
  )
  expect(validate(all, activated)).toEqual([])
  expect(validate(all, { ...activated, limits: awsLimits })).toEqual([])
})

describe('what cannot be stored', () => {
  test('an object without an id, or with an empty name', () => {
    expect(found(object('', { type: 'CSV' }))).toContain(
      'fatal : Object number 3 has no id. Give it one that no other object has.',
    )
    expect(found(object('A', { type: 'CSV', name: '' }))[0]).toMatch(/^fatal A\.name: 'name' is empty/)
  })

  test('an empty value or reference', () => {
    expect(found(object('A', { type: 'CSV', column: '' }))[0]).toMatch(/^fatal A\.column: 'column' is empty/)
    expect(found(shell('A', { dependsOn: ref('') }))[0]).toMatch(/^fatal A\.dependsOn: 'dependsOn' is empty/)
  })

  test('more objects than the limit, in the words by which clients know it', () => {
    const objects = Array.from({ length: awsLimits.objectsMax + 1 }, (_, index) => object(`C${index}`, { type: 'CSV' }))
    const problems = validate(definition(objects), { limits: awsLimits })
    expect(problems).toMatchObject([
      {
        severity: 'fatal',
        message: expect.stringContaining(
          'Web service limit exceeded: Exceeded maximum number of objects allowed per pipeline',
        ),
      },
    ])
  })

  test('the other problems are told along with it', () => {
    expect(found(object('A', { type: 'CSV', column: '' }), object('B', { type: 'Csv' })).join()).toContain(
      "Did you mean 'CSV'?",
    )
  })
})

describe('ids and types', () => {
  test('two objects may not share an id', () => {
    expect(found(shell('A'), shell('A'))).toEqual([
      "error A.id: 2 objects have the id 'A', and only the first of them is looked at. Give each an id of its own.",
    ])
  })

  test('an expression in a name is not evaluated', () => {
    expect(found(shell('A', { name: 'of #{@scheduledStartTime}' }))[0]).toMatch(/^warning A\.name: .* not evaluated/)
  })

  test('a type must be given, except on Default and on pure parents', () => {
    expect(
      found(object('P', { command: 'true' }), object('A', { type: 'ShellCommandActivity', parent: ref('P') })),
    ).toEqual([])
    expect(found(object('A', { command: 'true' }))[0]).toMatch(/^error A\.type: 'type' is missing/)
  })

  test('Default may call itself Default, others may not', () => {
    expect(found(object('Default', { type: 'Default', pipelineLogUri: 's3://l' }))).toEqual([])
    expect(found(object('A', { type: 'Default' }))[0]).toMatch(/^error A\.type: There is no type 'Default'/)
  })

  test('an unknown type is named with the nearest one', () => {
    expect(found(object('A', { type: 'ShellComandActivity' }))[0]).toContain("Did you mean 'ShellCommandActivity'?")
  })

  test('a type is one text', () => {
    expect(found(object('A', { type: ['CSV', 'TSV'] }))[0]).toContain("'type' has 2 values")
    expect(found(object('A', { type: ref('Daily') }))[0]).toContain('must be the name of a type')
  })
})

describe('fields', () => {
  test('an unknown field is a warning that names the nearest one', () => {
    expect(found(shell('A', { workergroup: 'x' }))).toEqual([
      "warning A.workergroup: ShellCommandActivity has no field 'workergroup'. Did you mean 'workerGroup'? It has no effect. Remove it, or rename it if it is your own: such fields start with my.",
    ])
  })

  test('Default may hold a field of any type, but not one that no type has', () => {
    expect(found(object('Default', { schedule: ref('Daily'), insertMode: 'APPEND', oddity: 'x' }))).toContain(
      "warning Default.oddity: No type has a field 'oddity'. It has no effect. Remove it, or rename it if it is your own: such fields start with my.",
    )
  })

  test('a field that the service sets is a warning', () => {
    expect(found(shell('A', { '@status': 'FINISHED' }))[0]).toMatch(/^warning A\.@status: .*set by the service/)
  })

  test('a field that must not be given is an error', () => {
    expect(found(object('M', { type: 'Ec2Resource', workerGroup: 'x', terminateAfter: '1 hour' }))[0]).toMatch(
      /^error M\.workerGroup: 'workerGroup' must not be given/,
    )
  })

  test('several values need a list', () => {
    expect(found(shell('A', { command: ['a', 'b'] }))[0]).toMatch(
      /^error A\.command: 'command' takes one value, but has 2/,
    )
    expect(found(shell('A', { scriptArgument: ['a', 'b'] }))).toEqual([])
  })

  test('a list has an end', () => {
    const steps = Array.from({ length: 256 }, (_, index) => `s${index}`)
    const cluster = object('C', { type: 'EmrCluster', terminateAfter: '1 hour' })
    expect(found(cluster, object('A', { type: 'EmrActivity', runsOn: ref('C'), step: steps }))[0]).toContain(
      '256 values',
    )
  })
})

describe('values', () => {
  test.each([
    [
      'retryDelay',
      'soon',
      "error A.retryDelay: 'retryDelay' must be a period such as 15 minutes, 1 hour or 2 days, but is 'soon'. Write it in that form.",
    ],
    [
      'maximumRetries',
      'two',
      "error A.maximumRetries: 'maximumRetries' must be a whole number such as 3, but is 'two'. Write it in that form.",
    ],
    [
      'maximumRetries',
      '-1',
      "error A.maximumRetries: 'maximumRetries' must be at least 0 and at most 5, but is -1. Write a value within these bounds.",
    ],
    ['stage', 'yes', "error A.stage: 'stage' must be true or false, but is 'yes'. Write it in that form."],
    [
      'scheduleType',
      'daily',
      "error A.scheduleType: 'scheduleType' must be one of cron, ondemand, timeseries, but is 'daily'. Write one of these.",
    ],
  ])('%s cannot be %s', (field, value, problem) => {
    expect(found(shell('A', { [field]: value }))).toContain(problem)
  })

  test.each([
    ['retryDelay', '2 Minutes'],
    ['maximumRetries', '0'],
    ['stage', 'TRUE'],
    ['scheduleType', 'TIMESERIES'],
    ['attemptTimeout', '1 minute'],
  ])('%s can be %s', (field, value) => {
    expect(found(shell('A', { [field]: value }))).toEqual([])
  })

  test('a negative number where one is counted with is not called no whole number', () => {
    const cluster = object('C', { type: 'EmrCluster', terminateAfter: '1 hour', coreInstanceCount: '-1' })
    expect(found(cluster)).toContain(
      "error C.coreInstanceCount: 'coreInstanceCount' must be at least 0, but is -1. Write a value within these bounds.",
    )
  })

  test('text where a reference belongs is refused in the words of the original', () => {
    expect(found(shell('A', { parent: 'Default' }))[0]).toBe(
      "error A.parent: 'parent' values must be of type 'Default'. Found values of type 'String'. Write a reference to such an object, {\"ref\": \"its id\"}.",
    )
    expect(found(shell('A', { schedule: 'Daily' }))).toContain(
      "error A.schedule: 'schedule' values must be of type 'Schedule'. Found values of type 'String'. Write a reference to such an object, {\"ref\": \"its id\"}.",
    )
  })

  test('a reference where text belongs is refused', () => {
    expect(found(shell('A', { stdout: ref('Daily') }))).toContain(
      "error A.stdout: 'stdout' must be text, but is a reference to 'Daily'. Write the value itself.",
    )
  })

  test('a date that is none is refused in the words of the original', () => {
    const odd = object('Daily', { type: 'Schedule', period: '1 day', startDateTime: 'bad-time' })
    expect(found(odd)).toContain(
      "error Daily.startDateTime: INVALID_FIELD_VALUE:  'startDateTime' value must be a literal datetime value. Write a date such as 2026-01-31T00:00:00, or the name of a parameter that holds one.",
    )
  })

  describe('a date', () => {
    const starting = (startDateTime: string, fields: Record<string, string> = {}) =>
      pipeline(object('Daily', { type: 'Schedule', period: '1 day', startDateTime, ...fields }))

    test('may come from a parameter', () => {
      expect(validate(starting('#{myStart}')).filter(({ severity }) => severity === 'error')).toEqual([])
    })

    test('may be calculated, which only AWS refuses', () => {
      const calculated = starting('#{makeDate(2026, 6, 1)}')
      expect(shortForms(validate(calculated))).toEqual([
        "warning Daily.startDateTime: 'startDateTime' is calculated; AWS Data Pipeline would refuse it, since it asks for a literal date. Write 2026-06-01T00:00:00.",
      ])
      expect(shortForms(validate(calculated, { limits: awsLimits }))).toEqual([
        "error Daily.startDateTime: INVALID_FIELD_VALUE:  'startDateTime' value must be a literal datetime value. Write 2026-06-01T00:00:00.",
      ])
      expect(shortForms(validate(starting('#{minusDays(myDay, 1)}', { myDay: '2026-06-02T00:00:00' })))).toEqual([
        expect.stringMatching(/^warning .* Write 2026-06-01T00:00:00\.$/),
      ])
    })

    test('must be known before the run', () => {
      expect(shortForms(validate(starting('#{@firstActivationTime}')))[0]).toContain('must be a literal datetime value')
    })

    test('that stands as a call without braces is named in the right form', () => {
      expect(shortForms(validate(starting('makeDate(2011,5,24)')))[0]).toBe(
        "error Daily.startDateTime: INVALID_FIELD_VALUE:  'startDateTime' value must be a literal datetime value. Write 2011-05-24T00:00:00.",
      )
    })
  })

  test('a period may be put together, and is judged as what it becomes', () => {
    const every = (period: string) =>
      found(object('Daily', { type: 'Schedule', startDateTime: '2026-06-01T00:00:00', period, myHours: '6' }))
    expect(every('#{myHours} hours')).toEqual([])
    expect(every('#{myHours * 2} hours')).toEqual([])
    expect(every('#{myHours} ours')[0]).toMatch(/^error Daily\.period: .*but is '6 ours'/)
    expect(every('#{myHours - 6} hours')[0]).toMatch(/^error Daily\.period: .*but is '0 hours'/)
  })

  test('a value of Default is wrong only if no type could use it', () => {
    expect(
      found(object('Default', { schedule: ref('Daily'), terminateAfter: '5', maximumRetries: 'x' })).join(),
    ).toMatch(/error Default\.maximumRetries/)
    expect(found(object('Default', { schedule: ref('Daily'), terminateAfter: '5' })).join()).not.toContain(
      'error Default.terminateAfter',
    )
  })

  test('a known parameter is judged in the place where it is used', () => {
    const withRetries = (text: string) =>
      definition([defaults, daily, shell('A', { maximumRetries: '#{myRetries}' })], {
        parameterObjects: [parameter('myRetries')],
        parameterValues: values('myRetries', text),
      })
    expect(validate(withRetries('3'))).toEqual([])
    expect(shortForms(validate(withRetries('many')))[0]).toContain("must be a whole number such as 3, but is 'many'")
    expect(validate(withRetries(''))).toEqual([])
    expect(shortForms(validate(withRetries(''), activated))[0]).toContain("but is ''")
  })

  test('a secret is never shown', () => {
    const secret = definition([defaults, daily, shell('A', { maximumRetries: '#{*mySecret}' })], {
      parameterObjects: [parameter('*mySecret')],
      parameterValues: values('*mySecret', 'hunter2'),
    })
    expect(shortForms(validate(secret)).join()).not.toContain('hunter2')
  })

  test('a region that AWS has added since is a warning', () => {
    const machine = object('M', { type: 'Ec2Resource', terminateAfter: '1 hour', region: 'eu-north-1' })
    expect(found(machine)[0]).toMatch(/^warning M\.region/)
  })

  test.each([
    ['0.25', []],
    ['OnDemandPrice', []],
    [
      '25',
      [
        "warning C.masterInstanceBidPrice: 'masterInstanceBidPrice' is 25; AWS Data Pipeline would refuse it, since it asks for more than 0 and less than 20. Change it if AWS is to run it.",
      ],
    ],
    [
      'cheap',
      [
        "error C.masterInstanceBidPrice: 'masterInstanceBidPrice' must be a price in dollars such as 0.25, or OnDemandPrice, but is 'cheap'. Write it in that form.",
      ],
    ],
  ])('a bid price can be %s', (price, problems) => {
    expect(found(object('C', { type: 'EmrCluster', terminateAfter: '2', masterInstanceBidPrice: price }))).toEqual(
      problems,
    )
  })

  test('fewer retries than none make no sense, and more than five are a matter of AWS', () => {
    expect(found(shell('A', { maximumRetries: '-1' }))[0]).toMatch(/^error A\.maximumRetries/)
    expect(found(shell('A', { maximumRetries: '6' }))[0]).toMatch(/^warning A\.maximumRetries/)
    expect(found(shell('A', { maxActiveInstances: '0' }))[0]).toMatch(/^error A\.maxActiveInstances/)
  })

  test('a share of throughput lies between a tenth and one', () => {
    const table = (share: string) =>
      found(object('T', { type: 'DynamoDBDataNode', tableName: 't', readThroughputPercent: share }))
    expect(table('0.1')).toEqual([])
    expect(table('1.5')).toEqual([
      "error T.readThroughputPercent: 'readThroughputPercent' must be at least 0.1 and at most 1, but is 1.5. Write a value within these bounds.",
    ])
  })
})

describe('limits that only AWS has', () => {
  const often = pipeline(
    object('Daily', { type: 'Schedule', period: '5 minutes', startDateTime: '2026-06-01T00:00:00' }),
  )

  test('are warnings by default', () => {
    expect(shortForms(validate(often))).toEqual([
      "warning Daily.period: 'period' is 5 minutes; AWS Data Pipeline would refuse it, since it asks for at least 15 minutes and at most 3 years. Change it if AWS is to run it.",
    ])
  })

  test('are errors in profile aws', () => {
    expect(shortForms(validate(often, { limits: awsLimits }))).toEqual([
      "error Daily.period: 'period' must be at least 15 minutes and at most 3 years, but is 5 minutes. Write a value within these bounds.",
    ])
  })

  test('do not include the longest period: no calendar goes on for ever', () => {
    const rare = object('Daily', { type: 'Schedule', period: '999999999 years', startDateTime: '2026-06-01T00:00:00' })
    expect(found(rare)[0]).toMatch(/^error Daily\.period: 'period' must be at least 15 minutes and at most 3 years/)
  })

  test('concern sizes, too', () => {
    const long = pipeline(shell('A', { command: 'é'.repeat(5_121) }))
    expect(shortForms(validate(long))).toEqual([
      "warning A.command: 'command' has 10242 bytes; AWS Data Pipeline would refuse more than 10240. Shorten it, or keep the text in S3 where the field has a form for that.",
    ])
    expect(shortForms(validate(long, { limits: awsLimits }))).toEqual([
      "error A.command: 'command' has 10242 bytes; the limit is 10240. Shorten it, or keep the text in S3 where the field has a form for that.",
    ])
  })

  test('concern the values of parameters together', () => {
    const much = definition([], {
      parameterValues: values('myList', ...Array.from({ length: 16 }, () => 'x'.repeat(1_000))),
    })
    expect(shortForms(validate(much, { limits: awsLimits })).join()).toContain(
      'error : The list of parameter values has 16096 bytes; the limit is 15360. Shorten them, or remove some.',
    )
  })

  test('bytes are those of UTF-8', () => {
    const limits = { ...defaultLimits, valueBytesMax: 9 }
    const sized = (text: string) => shortForms(validate(pipeline(shell('A', { command: text })), { limits })).join()
    expect(sized('aé€😀')).toContain("'command' has 10 bytes")
  })
})
