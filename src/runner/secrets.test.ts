import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { object } from '../../test/builders.ts'
import { Secrets, secretsOf } from './secrets.ts'

test('the values of encrypted fields are secrets', () => {
  expect(secretsOf(object('Db', { username: 'joe', '*password': 'p', '*myKeys': ['a', 'b'] }))).toEqual(['p', 'a', 'b'])
})

test('a secret that is part of another leaves nothing of it behind', () => {
  expect(new Secrets(['pass', 'password', '']).mask('password=pass')).toBe('*********=*********')
})

test('secrets are masked wherever the bytes are cut, and other bytes pass unharmed', async () => {
  const secrets = new Secrets(['gehéim', 'word'])
  const input = Buffer.from('é gehéim\nwor word w')
  for (let size = 1; size < input.length; size++) {
    const chunks = Array.from({ length: Math.ceil(input.length / size) }, (_, index) =>
      input.subarray(index * size, (index + 1) * size),
    )
    expect(await text(Readable.from(chunks).pipe(secrets.maskStream()))).toBe('é *********\nwor ********* w')
  }
})

test('without secrets nothing is held back', async () => {
  expect(await text(Readable.from([Buffer.from('all')]).pipe(new Secrets([]).maskStream()))).toBe('all')
})
