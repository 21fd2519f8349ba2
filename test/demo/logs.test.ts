import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { generateLog } from '../../examples/weblogs/generate-log.ts'
import { splitLog } from '../../examples/weblogs/split-log.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-logs-'))
})

afterEach(() => rm(folder, { recursive: true }))

const line = (time: string) => `198.18.0.1 - - [${time} +0000] "GET / HTTP/1.1" 200 5 "-" "test"`

test('the same seed makes the same log, and another one another', () => {
  const log = generateLog('2025-11-02', 3, 1)
  expect(generateLog('2025-11-02', 3, 1)).toEqual(log)
  expect(generateLog('2025-11-02', 3, 2)).not.toEqual(log)
})

test('every line that is made up has the combined format, and the lines of a day are in order', () => {
  const format =
    /^[\d.]+ - - \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "[A-Z]+ \S+ HTTP\/1\.1" \d{3} (\d+|-) "[^"]+" "[^"]+"$/
  for (const { lines } of generateLog('2025-11-02', 2, 1)) {
    expect(lines.filter((each) => !format.test(each))).toEqual([])
    const times = lines.map((each) => /:(\d\d:\d\d:\d\d) /.exec(each)?.[1])
    expect(times).toEqual(times.toSorted())
  }
})

test('a log is split by day, and a day without a request has an empty file', async () => {
  const lines = [line('17/May/2015:10:00:00'), line('17/May/2015:11:00:00'), line('19/May/2015:00:00:00')]
  await writeFile(join(folder, 'access.log'), `${lines.join('\n')}\n`)
  const files = await splitLog(join(folder, 'access.log'), join(folder, 'days'))
  expect(files.map(({ day }) => day)).toEqual(['2015-05-17', '2015-05-18', '2015-05-19'])
  const texts = await Promise.all(files.map(({ path }) => readFile(path, 'utf8')))
  expect(texts).toEqual([`${lines[0]}\n${lines[1]}\n`, '', `${lines[2]}\n`])
})

test('a line without a time stays with the line before it', async () => {
  await writeFile(join(folder, 'access.log'), `${line('17/May/2015:10:00:00')}\nmangled\n`)
  const [file] = await splitLog(join(folder, 'access.log'), join(folder, 'days'))
  expect(await readFile(file?.path ?? '', 'utf8')).toContain('mangled')
})

test('what is no log of Apache is refused', async () => {
  await writeFile(join(folder, 'notes.txt'), 'hello\n')
  await expect(splitLog(join(folder, 'notes.txt'), join(folder, 'days'))).rejects.toThrow("no log in Apache's format")
  await writeFile(join(folder, 'empty'), '')
  await expect(splitLog(join(folder, 'empty'), join(folder, 'days'))).rejects.toThrow('is empty')
})
