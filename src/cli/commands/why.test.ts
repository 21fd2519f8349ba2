import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { object, ref } from '../../../test/builders.ts'
import { CommandLine } from '../../../test/command-line.ts'
import { credentials, TestService } from '../../../test/test-service.ts'
import { instant } from '../../core/instant.ts'
import { createHttpTransport, type HttpTransport } from '../../transport/http-transport.ts'
import { createClient } from '../../wire/client.ts'
import { whyCommand } from './why.ts'

let service: TestService
let transport: HttpTransport

beforeEach(async () => {
  service = await TestService.start()
  transport = createHttpTransport()
})

afterEach(async () => {
  transport.close()
  await service.stop()
})

const hourly = object('Hourly', {
  type: 'Schedule',
  period: '1 hour',
  startDateTime: '2026-01-01T00:00:00',
  occurrences: '2',
})

const shell = (id: string, fields: Parameters<typeof object>[1] = {}) =>
  object(id, { type: 'ShellCommandActivity', command: 'true', workerGroup: 'wg', schedule: ref('Hourly'), ...fields })

const [copy, report] = ['@Copy_2026-01-01T00:00:00', '@Report_2026-01-01T00:00:00']

const objects = [
  hourly,
  shell('Copy', { name: 'The copy', maximumRetries: '0' }),
  shell('Check', { dependsOn: ref('Copy') }),
  shell('Report', { dependsOn: [ref('Copy'), ref('Check')] }),
]

/** What the command prints, with the ids of pipelines left out. */
async function why(...args: string[]): Promise<CommandLine> {
  const now = () => instant(service.engine.clock.now())
  const client = createClient({
    transport: transport.send,
    endpoint: service.url,
    region: 'us-east-1',
    credentials,
    now: () => instant(Date.now()),
  })
  const line = new CommandLine({ client })
  const context = { ...line.context, now }
  await whyCommand(context).exitOverride().parseAsync(args, { from: 'user' })
  line.output = line.output.replaceAll(/df-\w+/g, 'df-…')
  return line
}

describe('the tree', () => {
  test('leads to what holds everything up, shows it once, and gives the commands that move it on', async () => {
    await service.activate(objects)
    await service.engine.finish(await service.engine.take('wg'), 'FAILED')
    await service.engine.pass(90_000)
    expect((await why(report)).output).toBe(`\
${report}  WAITING_ON_DEPENDENCIES  since 2026-01-01T00:00:00 (1 min 30 s)
  waits for 2 dependencies, 1 of them failed; with failureAndRerunMode none it waits until that is finished after all
  - ${copy}  FAILED  since 2026-01-01T00:00:00 (1 min 30 s)
      failed: it failed
      to run it again: aws datapipeline set-status --pipeline-id df-… --object-ids ${copy} --status RERUN
      to go on without it: aws datapipeline set-status --pipeline-id df-… --object-ids ${copy} --status MARK_FINISHED
  - @Check_2026-01-01T00:00:00  WAITING_ON_DEPENDENCIES  since 2026-01-01T00:00:00 (1 min 30 s)
      waits for 1 dependency, which has failed; with failureAndRerunMode none it waits until that is finished after all
    → ${copy}, see above
`)
  })

  test('stands below an arrow where one waits for one alone', async () => {
    await service.activate([hourly, shell('Copy'), shell('Report', { dependsOn: ref('Copy') })])
    expect((await why(report)).output).toBe(`\
${report}  WAITING_ON_DEPENDENCIES  since 2026-01-01T00:00:00 (0 s)
  waits for 1 dependency
→ ${copy}  WAITING_FOR_RUNNER  since 2026-01-01T00:00:00 (0 s)
  waits for the worker group wg, for which nobody polls, and nobody has since the server started at 2026-01-01T00:00:00
  to start a task runner: millrace task-runner --workerGroup=wg
`)
  })

  test('says how many more there are than it names', async () => {
    const copies = Array.from({ length: 12 }, (_, index) => shell(`Copy${index}`))
    await service.activate([hourly, ...copies, shell('Report', { dependsOn: copies.map(({ id }) => ref(id)) })])
    expect((await why(report)).output).toMatch(/- @Copy9_2026.*\n.*\n.*\n {2}- and 2 more\n$/)
  })
})

describe('what is meant', () => {
  test('is the newest open instance of a component, by its id or its name', async () => {
    await service.activate(objects)
    await service.engine.pass(3_600_000)
    const newest = '@Copy_2026-01-01T01:00:00  WAITING_FOR_RUNNER'
    expect((await why('Copy')).output).toContain(newest)
    expect((await why('The copy')).output).toContain(newest)
  })

  test('is an instance, by the id of one of its attempts', async () => {
    await service.activate(objects)
    expect((await why(`${copy}_Attempt=1`)).output).toContain(`${copy}  WAITING_FOR_RUNNER`)
  })

  test('may not have come to be: then the next instance of its component answers', async () => {
    await service.activate(objects)
    expect((await why('@Copy_2026-01-01T01:00:00')).output).toBe(
      '@Copy_2026-01-01T01:00:00\n  has not come to be: it is due at 2026-01-01T01:00:00\n',
    )
    expect((await why('@Copy_2027-01-01T01:00:00')).output).toMatch(
      /^There is no @Copy_2027-01-01T01:00:00; the next instance of Copy is @Copy_2026-01-01T01:00:00\.\n/,
    )
  })

  test('may be done', async () => {
    await service.activate(objects)
    await service.engine.finish(await service.engine.take('wg'))
    expect((await why(copy)).output).toBe(`${copy}  FINISHED  since 2026-01-01T00:00:00 (0 s)\n  is done\n`)
  })

  test('may be a component of a pipeline that has never been activated', async () => {
    await service.put(objects)
    expect((await why('Copy')).output).toBe(`\
Copy
  has not come to be: the pipeline is PENDING
  to begin: aws datapipeline activate-pipeline --pipeline-id df-…
`)
  })

  test('is looked for in one pipeline where its id is given', async () => {
    const first = await service.activate(objects)
    const second = await service.activate(objects)
    expect((await why(second, copy)).status).toBe(0)
    await expect(why(copy)).rejects.toThrow(`say which one: ${[first, second].toSorted().join(', ')}`)
  })

  test('is nothing that any pipeline has, and the status says so', async () => {
    const pipelineId = await service.activate(objects)
    expect(await why('Nothing')).toMatchObject({
      status: 1,
      errors: 'No pipeline has an instance or component Nothing.\n',
    })
    expect((await why(pipelineId, 'Nothing')).errors).toBe(
      `Pipeline ${pipelineId} has no instance or component Nothing.\n`,
    )
    await expect(why('one', 'two', 'three')).rejects.toThrow('why takes')
  })
})
