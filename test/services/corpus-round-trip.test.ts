import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { corpusFiles, hasCorpus } from '../corpus.ts'
import { unusable } from '../corpus-refusals.ts'
import { credentials, useService } from '../test-service.ts'

const run = promisify(execFile)
const service = useService()
const script = join(import.meta.dirname, 'corpus-round-trip.py')
const folder = join(import.meta.dirname, '../../../shared/corpus')

/** Definitions in the form of the API, which the CLI does not take as files. */
const inApiForm = [
  'awslabs__data-pipeline-samples/16-RDStoRedshiftSqoop__setup.json',
  'awslabs__data-pipeline-samples/24-SQLActivityWithTimeout__setup.json',
]
const notInFileForm = 'unreadable: not in the form of a definition file'

describe.skipIf(!hasCorpus)('the AWS CLI (skipped where ../shared/corpus is missing)', () => {
  test('gets every real definition back as it put it', async () => {
    const paths = corpusFiles('definition').flatMap(({ name }) => (unusable.has(name) ? [] : [join(folder, name)]))
    const { accessKeyId, secretAccessKey } = credentials
    const running = run('python3', [script, service.current.url, accessKeyId, secretAccessKey])
    running.child.stdin?.end(JSON.stringify(paths))
    const results: Record<string, string> = JSON.parse((await running).stdout)
    expect(Object.keys(results).length).toBeGreaterThan(80)
    const others = Object.entries(results).filter(([, result]) => result !== 'same')
    expect(new Map(others)).toEqual(new Map(inApiForm.map((name) => [join(folder, name), notInFileForm])))
  })
})
