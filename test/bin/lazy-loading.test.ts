import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'

const MILLRACE = join(import.meta.dirname, '../../src/bin/millrace.js')

/** Prints the address of every module when the process ends. */
const LISTING = `
import { writeSync } from 'node:fs'
import { registerHooks } from 'node:module'
const loaded = []
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
process.on('exit', () => writeSync(2, loaded.join('\\n')))
`

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-loading-'))
  await writeFile(join(folder, 'definition.json'), '{ "objects": [{ "id": "Default", "scheduleType": "ondemand" }] }')
  await writeFile(join(folder, 'template.yaml'), 'Resources: { P: { Type: "AWS::DataPipeline::Pipeline" } }')
  await writeFile(join(folder, 'main.tf'), 'resource "aws_datapipeline_pipeline_definition" "p" {\n}\n')
})

afterAll(() => rm(folder, { recursive: true }))

/** What a command loads: the packages by name, and the rooms of the product. */
async function loadedBy(...args: string[]) {
  const preloaded = `data:text/javascript,${encodeURIComponent(LISTING)}`
  const child = spawn(process.execPath, ['--import', preloaded, MILLRACE, ...args], {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [listing] = await Promise.all([text(child.stderr), once(child, 'exit')])
  const found = (pattern: RegExp) => [...new Set([...listing.matchAll(pattern)].map(([, name]) => name))].toSorted()
  return { packages: found(/\/node_modules\/((?:@[^/\n]+\/)?[^/\n]+)/g), rooms: found(/\/src\/([^/\n]+)\/[^\n]*\.ts/g) }
}

test.each([
  ['validate', 'definition.json', '--against', 'aws', '--json'],
  ['convert', 'definition.json', '--to', 'cloudformation'],
  ['validate', 'main.tf'],
])('a definition is judged without what only servers, templates and connections need: %s %s', async (...args) => {
  expect(await loadedBy(...args)).toEqual({ packages: ['commander'], rooms: ['bin', 'cli', 'core', 'wire'] })
})

test('a template in YAML needs the package for YAML, and no other', async () => {
  expect((await loadedBy('validate', 'template.yaml')).packages).toEqual(['commander', 'yaml'])
})
