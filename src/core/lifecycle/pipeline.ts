import type { Instant } from '../instant.ts'

/**
 * The state words of a pipeline.
 *
 * - `PENDING`: has never been activated. Moved on by ActivatePipeline. If nobody activates it, it stays.
 * - `SCHEDULED`: makes and runs instances. Moved on when the last instance of the last interval has ended, by a person otherwise. An
 *   instance that waits for ever keeps it here.
 * - `DEACTIVATING`: makes no instances; what runs is cancelled or waited for. Moved on when nothing is open. What is waited for may
 *   take its time; a second DeactivatePipeline cancels it.
 * - `INACTIVE`: rests. Moved on by an activation. If nobody activates it, it stays.
 * - `FINISHED`: all its intervals are over. Moved on by an activation, and by a rerun. Else it stays.
 * - `DELETING`: what runs is being stopped. When no machine is left, which is asked for until it is so, everything of it is removed,
 *   slice by slice, and it is moved on to `DELETED`.
 * - `DELETED`: only its own row is remembered, for {@link rememberedMs}; then it is as if it had never been.
 *
 * @source guide: dp-pipeline-status; observed: 3
 */
export type PipelineState = 'PENDING' | 'SCHEDULED' | 'DEACTIVATING' | 'INACTIVE' | 'FINISHED' | 'DELETING' | 'DELETED'

/**
 * A timer of the pipeline itself. `schedule` makes due instances; the others go on, slice by slice, with what concerns all of them:
 * `cancel` cancels the open ones, `drain` those of them that do not run, `reactivate` takes up what a deactivation cancelled, `resume`
 * what stood still with a component, `erase` removes what has been deleted. `forget` removes the last that is known of it.
 */
export type PipelineTimerKind = 'schedule' | 'cancel' | 'drain' | 'reactivate' | 'resume' | 'erase' | 'forget'

/**
 * How long callers learn of a pipeline that it has been deleted, in milliseconds: 60 days. Then it does not exist.
 *
 * @source ours: differences#deletion
 */
export const rememberedMs = 60 * 24 * 3_600_000

/** The state of a pipeline, and the times that change with it. */
export type PipelineLife = {
  readonly state: PipelineState
  readonly lastActivatedAt: Instant | undefined
  readonly lastDeactivatedAt: Instant | undefined
  readonly deletionRequestedAt: Instant | undefined
  readonly finishedAt: Instant | undefined
  /** When the next instances are due; absent once the schedules are exhausted, and while none are made. */
  readonly nextRunAt: Instant | undefined
}

/** What can happen to a pipeline as a whole. */
export type PipelineEvent =
  | { readonly kind: 'activate'; readonly runs: 'bySchedule' | 'onDemand' }
  | { readonly kind: 'deactivate'; readonly cancelActive: 'cancel' | 'wait' }
  | { readonly kind: 'delete' }
  /** The end of a unit of work that leaves instances open. */
  | { readonly kind: 'busy' }
  /** The end of a unit of work that leaves nothing open. */
  | { readonly kind: 'idle' }
  /** Nothing is left of what belonged to it. */
  | { readonly kind: 'erased' }

/** What must be done because of a transition: the pipeline's own timers, due `afterMs` milliseconds later. */
export type PipelineCommand =
  | { readonly kind: 'setTimer'; readonly timer: PipelineTimerKind; readonly afterMs: number }
  | { readonly kind: 'clearTimer'; readonly timer: PipelineTimerKind }

/** The outcome of an event: the pipeline afterwards, and what follows from it; or why it cannot be, as the end of a sentence. */
export type PipelineTransition =
  | { readonly kind: 'moved'; readonly next: PipelineLife; readonly commands: readonly PipelineCommand[] }
  | { readonly kind: 'refused'; readonly reason: string }

/**
 * The only way in which the state of a pipeline changes.
 *
 * @source guide: dp-pipeline-status, dp-deactivate-pipeline; model: ActivatePipeline, DeactivatePipeline, DeletePipeline
 */
export function advancePipeline(life: PipelineLife, event: PipelineEvent, now: Instant): PipelineTransition {
  // Each row takes the one event under which it stands in the table; the look-up by its kind is what makes it so.
  const row = pipelineTable[life.state][event.kind] as (
    life: PipelineLife,
    event: PipelineEvent,
    now: Instant,
  ) => PipelineTransition
  return row(life, event, now)
}

type PipelineTable = {
  readonly [S in PipelineState]: {
    readonly [E in PipelineEvent['kind']]: (
      life: PipelineLife,
      event: Extract<PipelineEvent, { kind: E }>,
      now: Instant,
    ) => PipelineTransition
  }
}

/** For each state, what each event leads to. */
const pipelineTable: PipelineTable = {
  PENDING: { activate, deactivate: notScheduled, delete: beginDeletion, busy: stay, idle: stay, erased: stay },
  SCHEDULED: { activate, deactivate, delete: beginDeletion, busy: stay, idle: finish, erased: stay },
  DEACTIVATING: { activate: notYet, deactivate: hurry, delete: beginDeletion, busy: stay, idle: rest, erased: stay },
  INACTIVE: { activate: reactivate, deactivate: stay, delete: beginDeletion, busy: stay, idle: stay, erased: stay },
  FINISHED: { activate, deactivate: notScheduled, delete: beginDeletion, busy: workAgain, idle: stay, erased: stay },
  DELETING: { activate: tooLate, deactivate: tooLate, delete: stay, busy: stay, idle: erase, erased: vanish },
  DELETED: { activate: tooLate, deactivate: tooLate, delete: stay, busy: stay, idle: stay, erased: stay },
}

const moved = (next: PipelineLife, ...commands: readonly PipelineCommand[]): PipelineTransition => ({
  kind: 'moved',
  next,
  commands,
})

const refused = (reason: string): PipelineTransition => ({ kind: 'refused', reason })

const set = (timer: PipelineTimerKind, afterMs = 0): PipelineCommand => ({ kind: 'setTimer', timer, afterMs })

const clear = (timer: PipelineTimerKind): PipelineCommand => ({ kind: 'clearTimer', timer })

function stay(life: PipelineLife): PipelineTransition {
  return moved(life)
}

function activate(
  life: PipelineLife,
  { runs }: Extract<PipelineEvent, { kind: 'activate' }>,
  now: Instant,
): PipelineTransition {
  const active = { ...life, state: 'SCHEDULED', lastActivatedAt: now, finishedAt: undefined } as const
  // A run on demand is made by the activation itself.
  if (runs === 'onDemand') return moved({ ...active, nextRunAt: undefined })
  return moved({ ...active, nextRunAt: now }, set('schedule'))
}

/**
 * What the deactivation cancelled goes on first: it is older than what is due next. On demand each activation is a run of its own, and
 * what was cancelled stays so.
 */
function reactivate(
  life: PipelineLife,
  event: Extract<PipelineEvent, { kind: 'activate' }>,
  now: Instant,
): PipelineTransition {
  const transition = activate(life, event, now)
  if (transition.kind === 'refused' || event.runs === 'onDemand') return transition
  return moved(transition.next, set('reactivate'))
}

function deactivate(
  life: PipelineLife,
  { cancelActive }: Extract<PipelineEvent, { kind: 'deactivate' }>,
  now: Instant,
): PipelineTransition {
  return moved(
    { ...life, state: 'DEACTIVATING', lastDeactivatedAt: now, nextRunAt: undefined },
    clear('schedule'),
    clear('reactivate'),
    set(cancelActive === 'cancel' ? 'cancel' : 'drain'),
  )
}

/** Whoever has waited long enough for what runs may cancel it after all. */
function hurry(
  life: PipelineLife,
  { cancelActive }: Extract<PipelineEvent, { kind: 'deactivate' }>,
): PipelineTransition {
  return cancelActive === 'cancel' ? moved(life, set('cancel')) : stay(life)
}

function beginDeletion(life: PipelineLife, _event: PipelineEvent, now: Instant): PipelineTransition {
  return moved(
    { ...life, state: 'DELETING', deletionRequestedAt: now, nextRunAt: undefined },
    clear('schedule'),
    clear('reactivate'),
    set('cancel'),
  )
}

function finish(life: PipelineLife, _event: PipelineEvent, now: Instant): PipelineTransition {
  return life.nextRunAt === undefined ? moved({ ...life, state: 'FINISHED', finishedAt: now }) : stay(life)
}

/** A rerun has opened something: it is back at work. */
function workAgain(life: PipelineLife): PipelineTransition {
  return moved({ ...life, state: 'SCHEDULED', finishedAt: undefined })
}

function rest(life: PipelineLife): PipelineTransition {
  return moved({ ...life, state: 'INACTIVE' })
}

function erase(life: PipelineLife): PipelineTransition {
  return moved(life, set('erase'))
}

function vanish(life: PipelineLife): PipelineTransition {
  return moved({ ...life, state: 'DELETED' }, set('forget', rememberedMs))
}

function notScheduled({ state }: PipelineLife): PipelineTransition {
  return refused(`is ${state}; only a SCHEDULED pipeline can be deactivated.`)
}

function notYet(): PipelineTransition {
  return refused('is DEACTIVATING; activate it again once it is INACTIVE.')
}

function tooLate(): PipelineTransition {
  return refused('is being deleted.')
}
