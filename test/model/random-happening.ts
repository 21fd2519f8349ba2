import * as fc from 'fast-check'
import type { StatusRequest } from '../../src/engine/engine.ts'
import type { ModelWorld, TaskResult } from './model.ts'

/** Something that happens to a pipeline. `pick` chooses among what there is at that moment. */
export type Happening =
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'take'; readonly pick: number }
  | { readonly kind: 'report'; readonly pick: number }
  | { readonly kind: 'finish'; readonly pick: number; readonly result: TaskResult }
  | { readonly kind: 'setStatus'; readonly pick: number; readonly status: StatusRequest }
  | { readonly kind: 'deactivate'; readonly how: 'cancel' | 'wait' }
  | { readonly kind: 'activate'; readonly startInMinutes: number | undefined }
  | { readonly kind: 'machines'; readonly become: ModelWorld['machines'] }
  | { readonly kind: 'lose' }
  | { readonly kind: 'checks'; readonly find: ModelWorld['checks'] }

const pick = fc.nat({ max: 30 })

/** The weights favour what carries a pipeline on. Times are odd, so that what follows from a call falls on no interval's start. */
export const randomHappening: fc.Arbitrary<Happening> = fc.oneof(
  weighted(5, { kind: fc.constant('pass'), seconds: fc.constantFrom(61, 307, 613, 1201, 4001) }),
  weighted(6, { kind: fc.constant('take'), pick }),
  weighted(2, { kind: fc.constant('report'), pick }),
  weighted(5, {
    kind: fc.constant('finish'),
    pick,
    result: fc.constantFrom('FINISHED', 'FINISHED', 'FAILED', 'FALSE'),
  }),
  weighted(3, {
    kind: fc.constant('setStatus'),
    pick,
    status: fc.constantFrom('RERUN', 'TRY_CANCEL', 'MARK_FINISHED', 'PAUSE', 'RESUME'),
  }),
  weighted(1, { kind: fc.constant('deactivate'), how: fc.constantFrom('cancel', 'wait') }),
  weighted(2, { kind: fc.constant('activate'), startInMinutes: fc.constantFrom(undefined, -20, 15) }),
  weighted(1, { kind: fc.constant('machines'), become: fc.constantFrom('up', 'fail', 'wait') }),
  weighted(1, { kind: fc.constant('lose') }),
  weighted(1, { kind: fc.constant('checks'), find: fc.constantFrom('met', 'notYet', 'error') }),
)

function weighted<const One extends Happening>(weight: number, fields: { [Key in keyof One]: fc.Arbitrary<One[Key]> }) {
  return { weight, arbitrary: fc.record(fields) as fc.Arbitrary<One> }
}
