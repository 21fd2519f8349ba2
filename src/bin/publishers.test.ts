import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { folderPublisher, snsPublisher } from './publishers.ts'

const notification = {
  topicArn: 'arn:aws:sns:us-east-1:0:alarms',
  subject: 'Copy → failed',
  message: 'It failed.\nSee the log.',
}

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-notifications-'))
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

test('each notification is a file, and a listing has them in the order in which they came', async () => {
  const publisher = folderPublisher(join(folder, 'notifications'))
  for (const subject of ['first', 'second', 'third']) await publisher.publish({ ...notification, subject })
  const names = (await readdir(join(folder, 'notifications'))).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(folder, 'notifications', name), 'utf8')))
  expect(texts.map((each) => /Subject: (\w+)/.exec(each)?.[1])).toEqual(['first', 'second', 'third'])
  expect(texts[0]).toContain('Topic: arn:aws:sns:us-east-1:0:alarms\n')
  expect(texts[0]).toMatch(/\n\nIt failed\.\nSee the log\.\n$/)
})

test('SNS gets the message as it is, and a subject that it does not refuse', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
  const bodies: URLSearchParams[] = []
  const sns = createServer(async (request, response) => {
    bodies.push(new URLSearchParams(await text(request)))
    const id = '<PublishResult><MessageId>1</MessageId></PublishResult>'
    response.setHeader('content-type', 'text/xml').end(`<PublishResponse>${id}</PublishResponse>`)
  })
  await new Promise<void>((resolve) => sns.listen(0, '127.0.0.1', resolve))
  const publisher = await snsPublisher(`http://127.0.0.1:${(sns.address() as AddressInfo).port}`, 'us-east-1')
  await publisher.publish({ ...notification, subject: `Copy → failed ${'x'.repeat(200)}` })
  sns.closeAllConnections()
  sns.close()
  const [body] = bodies
  expect(body?.get('Message')).toBe('It failed.\nSee the log.')
  expect(body?.get('TopicArn')).toBe('arn:aws:sns:us-east-1:0:alarms')
  expect(body?.get('Subject')).toMatch(/^Copy \? failed x{86}$/)
})
