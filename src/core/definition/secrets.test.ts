import { expect, test } from 'vitest'
import type { Scope } from '../expression/scope.ts'
import { objectId } from './pipeline-object.ts'
import { shownFailure } from './secrets.ts'

const scope: Scope = {
  entries: (_, key) => (key === '*myPassword' ? [{ kind: 'string', text: 'hunter2' }] : undefined),
}

test('a failure quotes the mask, not the secret that has the wrong form', () => {
  const message = shownFailure('#{minusDays(*myPassword, 1)}', objectId('Work'), scope)
  expect(message).toContain('********')
  expect(message).not.toContain('hunter2')
})
