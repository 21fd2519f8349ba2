import type { ObjectId } from '../definition/pipeline-object.ts'
import type { Event } from './event.ts'

/** An event on its way to an instance. */
export type Delivery = {
  readonly id: ObjectId
  readonly event: Event
  /** `ifLegal`: dropped where the event has no meaning in the state that the instance is in by the time that it arrives. */
  readonly condition?: 'ifLegal' | undefined
  /** `whenQuiet`: waits until all that earlier events have led to is done. Absent, it only waits for those before it. */
  readonly turn?: 'whenQuiet' | undefined
}
