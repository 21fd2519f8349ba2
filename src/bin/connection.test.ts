import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ConnectionFlags } from '../cli/command-context.ts'
import { readOrCreateAccessKey } from './access-key.ts'
import { connect } from './connection.ts'
import { writeServerRecord } from './server-record.ts'

let folder: string
let server: Server
let endpoint: string
let callers: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-connection-'))
  callers = []
  server = createServer((request, response) => {
    callers.push(
      /Credential=(\w+)\/\d+\/([\w-]+)/
        .exec(request.headers.authorization ?? '')
        ?.slice(1)
        .join(' ') ?? '',
    )
    response.end('{"pipelineIdList":[]}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

/** Whose key and which region a command signs with. */
async function callerOf(flags: ConnectionFlags, environment: Record<string, string>): Promise<string | undefined> {
  const { client, close } = await connect(flags, environment)
  await client.listPipelines({})
  close()
  return callers.at(-1)
}

async function startRecord(): Promise<string> {
  await writeServerRecord(folder, { pid: 1, endpoint, s3Endpoint: endpoint, region: 'eu-central-1' })
  return (await readOrCreateAccessKey(folder)).accessKeyId
}

const keys = { AWS_ACCESS_KEY_ID: 'AKIAENVIRONMENT', AWS_SECRET_ACCESS_KEY: 'secret' }

test('with nothing said, a command talks to the server of the data folder, in its region and with its key', async () => {
  const key = await startRecord()
  expect(await callerOf({}, { MILLRACE_DATA: folder })).toBe(`${key} eu-central-1`)
  // Keys for AWS that lie in the environment are not shown to it.
  expect(await callerOf({ data: folder }, keys)).toBe(`${key} eu-central-1`)
})

test('an endpoint of the environment goes with the keys of the environment', async () => {
  const environment = {
    ...keys,
    MILLRACE_DATA: folder,
    AWS_ENDPOINT_URL_DATA_PIPELINE: endpoint,
    AWS_REGION: 'us-west-2',
  }
  expect(await callerOf({}, environment)).toBe('AKIAENVIRONMENT us-west-2')
})

test('a data folder that is named beats an endpoint of the environment', async () => {
  const key = await startRecord()
  const environment = { ...keys, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }
  expect(await callerOf({ data: folder }, environment)).toBe(`${key} eu-central-1`)
})

test('an option beats both', async () => {
  const environment = { ...keys, AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_REGION: 'us-west-2' }
  expect(await callerOf({ endpoint, region: 'eu-west-1' }, environment)).toBe('AKIAENVIRONMENT eu-west-1')
})

test('where there is no server or no key, it is said what to do', async () => {
  await expect(connect({ data: folder }, {})).rejects.toThrow("Start one with 'millrace server'")
  await expect(connect({ endpoint }, { MILLRACE_DATA: folder })).rejects.toThrow('Set AWS_ACCESS_KEY_ID')
  await expect(connect({ endpoint: 'localhost:8040' }, keys)).rejects.toThrow('which is no URL')
})
