import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resolveRunnerSettings } from './runner-config.ts'

let folder: string
let config: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-runner-config-'))
  config = join(folder, 'credentials.json')
  await writeFile(config, JSON.stringify({ 'access-id': 'AKIAFILE', 'private-key': 'secret of the file' }))
})

afterAll(() => rm(folder, { recursive: true }))

const environment = { AWS_ACCESS_KEY_ID: 'AKIAENVIRONMENT', AWS_SECRET_ACCESS_KEY: 'secret of the environment' }

test('without an endpoint, a task runner works for AWS', async () => {
  const settings = await resolveRunnerSettings({ workerGroup: 'wg', region: 'eu-west-1' }, environment)
  expect(settings).toMatchObject({
    endpoint: 'https://datapipeline.eu-west-1.amazonaws.com',
    s3: { endpoint: undefined, addressing: 'host' },
    tasks: 2,
  })
})

test('a task runner that has a name of its own gives it in its polls', async () => {
  const settings = await resolveRunnerSettings({ workerGroup: 'wg', taskrunnerId: 'runner-1' }, environment)
  expect(settings).toMatchObject({ taskrunnerId: 'runner-1', hostname: 'runner-1' })
})

test('keys on the command line beat those of the file, and the file beats the environment', async () => {
  const keyOf = async (flags: object) =>
    (await resolveRunnerSettings({ workerGroup: 'wg', ...flags }, environment)).credentials.accessKeyId
  expect(await keyOf({ config, accessId: 'AKIAFLAG', secretKey: 'x' })).toBe('AKIAFLAG')
  expect(await keyOf({ config })).toBe('AKIAFILE')
  expect(await keyOf({})).toBe('AKIAENVIRONMENT')
})

test('S3 is where the environment says, in the name of the same key', async () => {
  const withS3 = { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:8041' }
  const { s3 } = await resolveRunnerSettings({ workerGroup: 'wg', config }, withS3)
  expect(s3).toMatchObject({
    endpoint: 'http://127.0.0.1:8041',
    addressing: 'path',
    credentials: { accessKeyId: 'AKIAFILE' },
  })
})

test('requests go through the proxy of the options, else that of the environment', async () => {
  const proxy = { proxyHost: 'proxy.example', proxyPort: '3128', proxyUsername: 'me@work', proxyPassword: 'p:w' }
  const proxied = { HTTPS_PROXY: 'http://other.example:8080' }
  const settings = await resolveRunnerSettings({ workerGroup: 'wg', config, ...proxy }, proxied)
  expect(settings.proxyUrl).toBe('http://me%40work:p%3Aw@proxy.example:3128/')
  expect(settings.s3.proxyUrl).toBe(settings.proxyUrl)
  expect((await resolveRunnerSettings({ workerGroup: 'wg', config }, proxied)).proxyUrl).toBe(proxied.HTTPS_PROXY)
})

test.each([
  [{}, 'There is no access key'],
  [{ accessId: 'AKIA' }, 'There is no access key'],
  [{ config: '/none.json' }, '--config /none.json must be a JSON file'],
  [{ accessId: 'a', secretKey: 'b', proxyDomain: 'WORK' }, 'NTLM'],
  [{ accessId: 'a', secretKey: 'b', tasks: '0' }, '--tasks'],
  [{ accessId: 'a', secretKey: 'b', endpoint: 'localhost' }, '--endpoint'],
])('%j stops the start', async (flags, message) => {
  await expect(resolveRunnerSettings({ workerGroup: 'wg', ...flags }, {})).rejects.toThrow(message)
})
