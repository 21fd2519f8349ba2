import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pathOfKey, segmentOfName } from './key-path.ts'

test('ordinary keys are plain paths', () => {
  expect(pathOfKey('logs/2026-01-01T00:00:00/a b.gz')).toEqual(['logs', '2026-01-01T00:00:00', 'a b.gz'])
})

test('no key leaves its bucket', () => {
  expect(pathOfKey('../../etc/./passwd')).toEqual(['%2E%2E', '%2E%2E', 'etc', '%2E', 'passwd'])
})

test('doubled and trailing slashes are kept', () => {
  expect(pathOfKey('a//b/')).toEqual(['a', '%', 'b', '%'])
})

test('every key can be read back from its path', () => {
  const segment = fc.oneof(fc.constantFrom('', '.', '..', '%', '%file', '%2E', 'a%file'), fc.string({ maxLength: 20 }))
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 6 }), (segments) => {
      const key = segments.join('/')
      expect(pathOfKey(key).map(segmentOfName).join('/')).toBe(key)
    }),
  )
})

test('a part of a key that no file system holds is refused', () => {
  expect(() => pathOfKey(`a/${'x'.repeat(241)}`)).toThrow('240 bytes')
  expect(() => pathOfKey('x/'.repeat(513))).toThrow('too long')
})
