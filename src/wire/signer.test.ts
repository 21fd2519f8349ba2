import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import { expect, it } from 'vitest'
import { instant } from '../core/instant.ts'
import { createSigner } from './signer.ts'

const endpoint = 'http://datapipeline.example:8040'
const now = instant(Date.UTC(2026, 0, 31, 23, 59, 59, 999))
const body = '{"workerGroup":"räuber"}'

it.each([
  { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'short', sessionToken: 'a+token/with==' },
])("signs as AWS's own signer does, in the name of $accessKeyId", async (credentials) => {
  const region = 'eu-central-1'
  const headers = createSigner({ credentials, region, endpoint, now: () => now })('PollForTask', body)
  const aws = new SignatureV4({ service: 'datapipeline', region, sha256: Sha256, credentials, applyChecksum: false })
  const { authorization: _, ...unsigned } = headers
  const request = { method: 'POST', protocol: 'http:', hostname: 'datapipeline.example', port: 8040, path: '/' }
  const signed = await aws.sign({ ...request, query: {}, headers: unsigned, body }, { signingDate: new Date(now) })

  expect(headers.authorization).toBe(signed.headers.authorization)
})

it('derives a key for the next day after midnight', () => {
  const credentials = { accessKeyId: 'A', secretAccessKey: 'B' }
  let time = now
  const options = { credentials, region: 'us-east-1', endpoint, now: () => time }
  const sign = createSigner(options)
  sign('PollForTask', body)
  time = instant(now + 1)

  expect(sign('PollForTask', body)).toEqual(createSigner(options)('PollForTask', body))
})
