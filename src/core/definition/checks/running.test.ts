import { describe, expect, test } from 'vitest'
import { definition, object, parameter, ref, values } from '../../../../test/builders.ts'
import {
  activated,
  daily,
  defaults,
  found,
  pipeline,
  shell,
  shortForms,
  validate,
} from '../../../../test/validation.ts'
import { awsLimits } from '../limits.ts'

const schedule = (fields: Record<string, string>) => object('Daily', { type: 'Schedule', period: '1 day', ...fields })

describe('schedules', () => {
  test('an activity needs one', () => {
    const unscheduled = object('Default', {
      workerGroup: 'wg',
      failureAndRerunMode: 'cascade',
      pipelineLogUri: 's3://l',
    })
    expect(found(unscheduled, shell('A'))).toEqual([
      "error A.schedule: 'schedule' is missing. Refer to a Schedule here or on Default, or set 'scheduleType' to ondemand on Default.",
    ])
  })

  test('data nodes and machines follow the activities that use them', () => {
    const unscheduled = object('Default', { role: 'r', resourceRole: 'r', pipelineLogUri: 's3://l' })
    const machine = object('M', { type: 'Ec2Resource', terminateAfter: '1 hour' })
    const activity = shell('A', { schedule: ref('Daily'), failureAndRerunMode: 'cascade', runsOn: ref('M') })
    expect(found(unscheduled, machine, activity)).toEqual([])
  })

  test('the end comes after the start', () => {
    const late = { startDateTime: '2026-06-01T00:00:00', endDateTime: '2026-06-01T00:00:00' }
    expect(found(schedule(late))[0]).toMatch(/^error Daily\.endDateTime: 'endDateTime' must be after 'startDateTime'/)
  })

  test('there is one start, and at most one end', () => {
    expect(found(schedule({}))[0]).toContain("One of 'startDateTime', 'startAt' must be given")
    const both = { startAt: 'FIRST_ACTIVATION_DATE_TIME', occurrences: '1', endDateTime: '2026-07-01T00:00:00' }
    expect(found(schedule(both))[0]).toContain("'endDateTime' and 'occurrences' exclude each other")
  })

  test('there is at least one occurrence', () => {
    expect(found(schedule({ startAt: 'FIRST_ACTIVATION_DATE_TIME', occurrences: '0' }))[0]).toContain('at least 1')
  })
})

describe('on demand', () => {
  const onDemand = object('Default', {
    scheduleType: 'ondemand',
    workerGroup: 'wg',
    failureAndRerunMode: 'cascade',
    pipelineLogUri: 's3://l',
  })

  test('nothing needs a schedule', () => {
    expect(shortForms(validate(definition([onDemand, shell('A')])))).toEqual([])
  })

  test('a schedule has no effect', () => {
    expect(found(onDemand, shell('A', { schedule: ref('Daily') }))[0]).toMatch(
      /^warning A\.schedule: 'schedule' has no effect/,
    )
  })

  test('a schedule made of the words for it is no mistake', () => {
    const words = schedule({ period: 'ONDEMAND_PERIOD', startAt: 'ONDEMAND_ACTIVATION_TIME' })
    expect(found(onDemand, words, shell('A', { schedule: ref('Daily') }))).toEqual([])
    expect(found(words)[0]).toMatch(/^error Daily\.startAt/)
  })

  test('it is for the whole pipeline', () => {
    expect(found(shell('A', { scheduleType: 'ondemand' }))[0]).toMatch(/^error A\.scheduleType: .* on Default only/)
    expect(found(onDemand, shell('A', { scheduleType: 'cron' }))[0]).toMatch(
      /^error A\.scheduleType: .* Default says ondemand/,
    )
  })
})

describe('a start in the past', () => {
  const past = pipeline(schedule({ startDateTime: '2026-05-29T00:00:00' }))

  test('is a warning with the number of runs, and one more where failures cascade', () => {
    expect(shortForms(validate(past))).toEqual([
      "warning Daily.startDateTime: 'startDateTime' is 2026-05-29T00:00:00, more than a day ago. The first activation catches up 4 runs, one after another. Move the start if that is not meant.",
      "warning Default.failureAndRerunMode: 'failureAndRerunMode' is 'cascade' and runs are caught up from 2026-05-29T00:00:00 on: one failure may fail many of them at once. Move the start, or set the mode to none until they are caught up.",
    ])
  })

  test('of at most a day is nothing special', () => {
    expect(found(schedule({ startDateTime: '2026-05-31T12:00:00' }))).toEqual([])
  })

  test('counts no run after the end', () => {
    const ended = { startDateTime: '2026-05-01T00:00:00', endDateTime: '2026-05-03T00:00:00' }
    expect(found(schedule(ended))[0]).toContain('catches up 2 runs')
    expect(found(schedule({ startDateTime: '2026-05-01T00:00:00', occurrences: '1' }))[0]).toContain(
      'catches up 1 run.',
    )
  })

  test('is refused by AWS at the first activation, and by nobody later', () => {
    const severities = (...circumstances: Parameters<typeof validate>[1][]) =>
      circumstances.map((some) => validate(past, some)[0]?.severity)
    const later = { activation: { parameterValues: [], turn: 'later' } } as const
    expect(
      severities({ limits: awsLimits }, { limits: awsLimits, ...activated }, activated, {
        limits: awsLimits,
        ...later,
      }),
    ).toEqual(['warning', 'error', 'warning', undefined])
  })
})

describe('dependencies under different schedules', () => {
  const other = (fields: Record<string, string>) => [
    object('Other', { type: 'Schedule', period: '1 hour', startDateTime: '2026-06-01T00:00:00', ...fields }),
    shell('B', { schedule: ref('Other') }),
    shell('A', { dependsOn: ref('B') }),
  ]

  test('may meet as often as 32 times', () => {
    expect(found(...other({}))).toEqual([])
    expect(found(...other({ period: '30 minutes' }))).toEqual([
      "warning A.dependsOn: One run waits for 48 runs of 'B'; AWS Data Pipeline would refuse more than 32. Bring the periods closer together if AWS is to run it.",
    ])
  })

  test('should meet at least once', () => {
    const past = { startDateTime: '2026-05-31T12:00:00', occurrences: '12' }
    expect(found(...other(past))).toEqual([
      "warning A.dependsOn: 'B' never runs at the same time as this object, so nothing is waited for. Check the starts and ends of the schedules.",
    ])
    expect(found(...other({ ...past, occurrences: '13' }))).toEqual([])
    expect(found(...other({ ...past, period: '1 month', occurrences: '999999999999999' }))).toEqual([])
  })
})

describe('recommendations in the words of the original', () => {
  test('logs, lifetimes and failure modes', () => {
    const machine = object('M', { type: 'Ec2Resource', role: 'r', resourceRole: 'r' })
    expect(found(object('Default', { schedule: ref('Daily'), workerGroup: 'wg' }), machine, shell('A'))).toEqual([
      "warning Default.pipelineLogUri: 'pipelineLogUri'is missing. It is recommended to set this value on Default object for better troubleshooting.",
      "warning M.terminateAfter: 'terminateAfter' is missing. It is recommended to set this to avoid leaving resource running for long duration.",
      "warning A.failureAndRerunMode:  It is recommended to set 'failureAndRerunMode'  to 'cascade' on Default object to enable cascade failure mode for Activity, Datanode, Precondition and Resource objects of a pipeline.",
    ])
  })
})

describe('expressions', () => {
  test('that cannot be read are found with their place', () => {
    const [problem] = validate(pipeline(shell('A', { command: 'echo #{1 +}' })))
    expect(problem).toMatchObject({ severity: 'error', objectId: 'A', field: 'command', valueIndex: 0 })
    expect(problem?.range?.start).toBeGreaterThan(4)
  })

  test('know runtime fields, fields of other objects, and parameters', () => {
    const node = object('N', { type: 'S3DataNode', directoryPath: 's3://b/#{format(@scheduledStartTime, "YYYY")}' })
    const activity = shell('A', {
      input: ref('N'),
      command: '#{input.directoryPath} #{myX + 1} #{@pipelineId} #{name}',
    })
    const withParameter = definition([defaults, daily, node, activity], {
      parameterObjects: [parameter('myX', { type: 'Integer', default: '1' })],
    })
    expect(shortForms(validate(withParameter, activated))).toEqual([])
  })

  test('that use a name which nothing supplies are errors', () => {
    const wrong = found(shell('A', { command: '#{input.directoryPath} #{tabel}' }))
    expect(wrong).toHaveLength(2)
    expect(wrong[0]).toMatch(/^error A\.command: 'command' has an expression that cannot be evaluated: /)
  })

  test('that use a parameter which is not declared are a warning until activation', () => {
    const undeclared = definition([defaults, daily, shell('A', { command: '#{myPasword}' })], {
      parameterObjects: [parameter('myPassword', { optional: 'true' })],
    })
    expect(shortForms(validate(undeclared))).toContain(
      "warning A.command: 'command' uses myPasword, but there is no such parameter or field. Did you mean myPassword? Declare it, or give it a value at activation.",
    )
    expect(shortForms(validate(undeclared, activated)).join()).toMatch(/error A\.command/)
  })

  test('know node in alarms and preconditions only, as whatever refers to them', () => {
    const alarm = (subject: string) => object('S', { type: 'SnsAlarm', topicArn: 't', message: 'm', subject })
    expect(found(shell('A', { onFail: ref('S') }), alarm('#{node.command}'))).toEqual([])
    expect(found(shell('A', { onFail: ref('S') }), alarm('#{node.script}'))[0]).toMatch(/^error S\.subject/)
    expect(found(shell('A', { command: '#{node.name}' }))[0]).toMatch(/^error A\.command/)
  })

  test('of Default are wrong only where no object could supply a name', () => {
    expect(found(object('Default', { schedule: ref('Daily'), pipelineLogUri: 's3://b/#{command}' }))).toEqual([])
    expect(found(object('Default', { schedule: ref('Daily'), pipelineLogUri: 's3://b/#{comand}' }))[0]).toMatch(
      /^error Default\.pipelineLogUri/,
    )
  })

  test('with a name that the type has and the object does not are not told to use that very name', () => {
    expect(found(shell('A', { command: '#{output.directoryPath}' }))).toEqual([
      "error A.command: 'command' has an expression that cannot be evaluated: The object A has no field or parameter output. Define it, or write another name.",
    ])
  })

  test('in user fields are warnings', () => {
    expect(found(shell('A', { myComment: 'uses #{nothing}' }))[0]).toMatch(/^warning A\.myComment/)
  })

  test('that need one another are named', () => {
    expect(found(shell('A', { myX: '#{myY}', myY: '#{myX}' }))).toEqual([
      'error A.myX: These fields need one another: myX of A → myY of A → myX of A. Give one of them a value without the others.',
    ])
  })

  test('in the values of parameters are checked as well', () => {
    const wrong = definition([defaults, daily, shell('A', { command: '#{myX}' })], {
      parameterObjects: [parameter('myX')],
      parameterValues: values('myX', '#{oops('),
    })
    expect(shortForms(validate(wrong))[0]).toMatch(/^error myX: Parameter 'myX' has an expression/)
  })
})

describe('declarations of parameters', () => {
  const declared = (...parameters: readonly ReturnType<typeof parameter>[]) =>
    shortForms(
      validate(definition([defaults, daily, shell('A', { command: '#{myX}' })], { parameterObjects: parameters })),
    )

  test('are unique, named my… and used', () => {
    const value = { default: 'v' }
    expect(declared(parameter('myX', value))).toEqual([])
    expect(declared(parameter('myX', value), parameter('myX', value))[0]).toContain('is declared more than once')
    expect(declared(parameter('x', value), parameter('myX', value))).toEqual([
      "warning x: Parameter 'x' should have an id that starts with my, or *my for a secret. Rename it.",
      "warning x: Parameter 'x' is not used: no field contains #{x}. Use it, or remove it.",
    ])
  })

  test('have a type that exists', () => {
    expect(declared(parameter('myX', { type: 'Date', default: 'v' }))[0]).toContain(
      "has the type 'Date', which does not exist",
    )
    expect(declared(parameter('myX', { type: 'string', default: 'v' }))).toEqual([])
  })

  test('have attributes that have an effect', () => {
    expect(declared(parameter('myX', { defualt: 'v', optional: 'true' }))).toEqual([
      "warning myX.defualt: Parameter 'myX' has an attribute 'defualt', which has no effect. Did you mean 'default'?",
    ])
    expect(declared(parameter('myX', { default: 'v', isArray: 'yes' }))).toEqual([
      "warning myX.isArray: Parameter 'myX' has 'yes' as its 'isArray', which counts as false. Write true or false.",
    ])
    const others = { Default: 'v', Optional: 'TRUE', Description: 'd', myComment: 'c', anything: 'else' }
    expect(declared(parameter('myX', others))).toEqual([])
  })

  test('are no more than the limit', () => {
    const many = Array.from({ length: 51 }, (_, index) =>
      parameter(index === 0 ? 'myX' : `myX${index}`, { default: 'v' }),
    )
    expect(declared(...many).join()).toContain(
      'The definition has 51 parameters; AWS Data Pipeline would refuse more than 50. Remove some, or divide the pipeline.',
    )
  })
})
