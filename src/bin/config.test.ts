import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { resolveServerConfig } from './config.ts'

test('a server without options listens on loopback only, with its data in the home folder', () => {
  expect(resolveServerConfig({}, {})).toMatchObject({
    host: '127.0.0.1',
    port: 8040,
    dataFolder: join(homedir(), '.millrace'),
    limits: { profile: 'default' },
    retryDelayMs: 600_000,
  })
})

test('an option counts more than the environment, and the environment more than the default', () => {
  const environment = { MILLRACE_DATA: '/srv/millrace', AWS_DEFAULT_REGION: 'eu-west-1' }
  expect(resolveServerConfig({}, environment)).toMatchObject({ dataFolder: '/srv/millrace', region: 'eu-west-1' })
  const flags = { data: 'here', region: 'us-west-2' }
  expect(resolveServerConfig(flags, environment)).toMatchObject({ dataFolder: resolve('here'), region: 'us-west-2' })
})

test('a configuration cannot be changed once it is resolved', () => {
  expect(Object.isFrozen(resolveServerConfig({}, {}))).toBe(true)
})

test('finished runs are kept for ever, or as long as the option or the environment says', () => {
  const environment = { MILLRACE_KEEP_RUNS: '12h' }
  expect(resolveServerConfig({}, {}).keepRunsMs).toBeUndefined()
  expect(resolveServerConfig({}, environment).keepRunsMs).toBe(12 * 3_600_000)
  expect(resolveServerConfig({ keepRuns: '30d' }, environment).keepRunsMs).toBe(30 * 86_400_000)
  expect(() => resolveServerConfig({}, { MILLRACE_KEEP_RUNS: 'long' })).toThrow('MILLRACE_KEEP_RUNS')
})

test.each([
  [{ port: '80 40' }, "--port is '80 40', which is no port"],
  [{ port: '65536' }, '--port'],
  [{ profile: 'asw' }, 'must be one of: default, aws'],
  [{ retryDelay: '10' }, '--retry-delay'],
  [{ recheckDelay: '0s' }, '--recheck-delay'],
  [{ keepRuns: 'a week' }, '--keep-runs'],
  [{ snsEndpoint: 'localhost:4566' }, '--sns-endpoint'],
  [{ logLevel: 'loud' }, 'must be one of: debug, info, warn, error, silent'],
])('%j stops the start', (flags, message) => {
  expect(() => resolveServerConfig(flags, {})).toThrow(message)
})
