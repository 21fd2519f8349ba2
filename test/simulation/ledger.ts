import type { ObjectId } from '../../src/core/definition/pipeline-object.ts'
import type { Instance } from '../../src/core/lifecycle/instance.ts'
import type {
  AttemptRow,
  ComponentRow,
  DefinitionRow,
  DependencyRow,
  InstanceRow,
  NotificationRow,
  OutboxRow,
  PipelineId,
  PipelineRow,
  TimerRow,
} from '../../src/store/rows.ts'
import type { Writes } from '../../src/store/store.ts'

/** Everything that the store holds of one pipeline. */
export type Books = {
  row: PipelineRow
  readonly definitions: Map<number, DefinitionRow>
  readonly components: Map<ObjectId, ComponentRow>
  readonly instances: Map<ObjectId, InstanceRow>
  /** By the instance that depends. */
  readonly dependencies: Map<ObjectId, readonly DependencyRow[]>
  /** By the instance that is depended on. */
  readonly dependents: Map<ObjectId, readonly DependencyRow[]>
  /** By instance, in the order of their numbers. */
  readonly attempts: Map<ObjectId, readonly AttemptRow[]>
  /** By subject and kind. */
  readonly timers: Map<string, TimerRow>
  readonly commands: Map<number, OutboxRow>
  readonly notifications: Map<number, Omit<NotificationRow, 'sequence'>>
}

/** An instance as it was before a unit of work, and as it is after it. */
export type Change = { readonly before: Instance | undefined; readonly after: Instance }

/** What one unit of work has done to one pipeline. */
export type Step = {
  readonly books: Books
  readonly pipelineBefore: PipelineRow | undefined
  readonly changes: ReadonlyMap<ObjectId, Change>
  readonly attempts: readonly { readonly before: AttemptRow | undefined; readonly after: AttemptRow }[]
  readonly commands: readonly OutboxRow[]
}

type Entry = {
  readonly pipelineId: PipelineId
  readonly undo: () => void
  readonly note?:
    | { readonly kind: 'pipeline'; readonly before: PipelineRow | undefined }
    | { readonly kind: 'instance'; readonly before: Instance | undefined; readonly id: ObjectId }
    | { readonly kind: 'attempt'; readonly before: AttemptRow | undefined; readonly after: AttemptRow }
    | { readonly kind: 'command'; readonly row: OutboxRow }
}

/** What has been written to the store, kept beside it from the writes alone, so that each unit of work can be judged at once. */
export class Ledger {
  readonly pipelines = new Map<PipelineId, Books>()
  /** The latest command that has been written. */
  lastSequence = 0
  /** Rises with each transaction that has become durable. */
  commits = 0
  #log: Entry[] = []

  /** A place in the log of the running transaction, to which {@link Ledger.undoTo} goes back. */
  mark(): number {
    return this.#log.length
  }

  undoTo(mark: number): void {
    for (const { undo } of this.#log.splice(mark).reverse()) undo()
  }

  /** What has been written can not be undone any more. */
  commit(): void {
    this.#log = []
    this.commits += 1
  }

  /** What has been done since `mark`, pipeline by pipeline. */
  stepsSince(mark: number): readonly Step[] {
    const byPipeline = Map.groupBy(this.#log.slice(mark), ({ pipelineId }) => pipelineId)
    return [...byPipeline].flatMap(([pipelineId, entries]) => {
      const books = this.pipelines.get(pipelineId)
      return books === undefined ? [] : [toStep(books, entries)]
    })
  }

  /** Notes writes; the arguments are those of the store's own methods, after it has taken them. */
  readonly notes: { readonly [Name in keyof Writes]?: (argument: Parameters<Writes[Name]>[0]) => void } = {
    insertPipeline: (row) => {
      this.pipelines.set(row.id, newBooks(row))
      this.#push(row.id, () => this.pipelines.delete(row.id), { kind: 'pipeline', before: undefined })
    },
    updatePipeline: (row) => {
      const books = this.#books(row.id)
      const before = books.row
      books.row = row
      this.#push(row.id, () => (books.row = before), { kind: 'pipeline', before })
    },
    insertDefinition: (row) => this.#set(this.#books(row.pipelineId).definitions, [row.version, row], row),
    updateDefinition: (row) => this.#set(this.#books(row.pipelineId).definitions, [row.version, row], row),
    saveComponents: (rows) => {
      for (const row of rows) this.#set(this.#books(row.pipelineId).components, [row.id, row], row)
    },
    saveInstances: (rows) => {
      for (const row of rows) {
        const { instances } = this.#books(row.pipelineId)
        const { id } = row.instance
        const before = instances.get(id)?.instance
        this.#set(instances, [id, row], { pipelineId: row.pipelineId, note: { kind: 'instance', before, id } })
      }
    },
    insertDependencies: (rows) => {
      for (const row of rows) this.#setDependencies(row.pipelineId, row.dependentId, (known) => [...known, row])
    },
    updateDependencies: (rows) => {
      for (const { pipelineId, dependentId, targetId, state } of rows) {
        this.#setDependencies(pipelineId, dependentId, (known) =>
          known.map((row) => (row.targetId === targetId && row.kind !== 'runsOn' ? { ...row, state } : row)),
        )
      }
    },
    saveAttempts: (rows) => {
      for (const row of rows) {
        const { attempts } = this.#books(row.pipelineId)
        const known = attempts.get(row.instanceId) ?? []
        const before = known.find(({ attempt }) => attempt.number === row.attempt.number)
        const after: AttemptRow = { ...row, fields: before?.fields ?? [] }
        const next = before === undefined ? [...known, after] : known.map((each) => (each === before ? after : each))
        this.#set(attempts, [row.instanceId, next], {
          pipelineId: row.pipelineId,
          note: { kind: 'attempt', before, after },
        })
      }
    },
    updateAttemptFields: ({ pipelineId, instanceId, number, fields }) => {
      const { attempts } = this.#books(pipelineId)
      const next = (attempts.get(instanceId) ?? []).map((row) =>
        row.attempt.number === number ? { ...row, fields } : row,
      )
      this.#set(attempts, [instanceId, next], { pipelineId })
    },
    saveTimers: (rows) => {
      for (const row of rows) this.#set(this.#books(row.pipelineId).timers, [timerKey(row), row], row)
    },
    deleteTimers: (rows) => {
      for (const row of rows) this.#delete(this.#books(row.pipelineId).timers, timerKey(row), row.pipelineId)
    },
    deleteTimersOf: (rows) => {
      for (const { pipelineId, subjectId } of rows) {
        const { timers } = this.#books(pipelineId)
        for (const [key, row] of timers) if (row.subjectId === subjectId) this.#delete(timers, key, pipelineId)
      }
    },
    // Their numbers are the store's to give: {@link Ledger.noteCommands} is told them.
    insertOutbox: () => undefined,
    deleteOutbox: (sequence) => {
      for (const [pipelineId, { commands }] of this.pipelines) {
        if (commands.has(sequence)) this.#delete(commands, sequence, pipelineId)
      }
    },
    insertNotification: (row) => {
      const { notifications } = this.#books(row.pipelineId)
      this.#set(notifications, [notifications.size, row], row)
    },
    deletePipelineContents: (pipelineId) => {
      const books = this.#books(pipelineId)
      this.pipelines.set(pipelineId, { ...newBooks(books.row), commands: books.commands })
      this.#push(pipelineId, () => this.pipelines.set(pipelineId, books))
    },
  }

  noteCommands(rows: readonly OutboxRow[]): void {
    for (const row of rows) {
      const before = this.lastSequence
      this.lastSequence = row.sequence
      this.#push(row.pipelineId, () => (this.lastSequence = before))
      this.#set(this.#books(row.pipelineId).commands, [row.sequence, row], {
        pipelineId: row.pipelineId,
        note: { kind: 'command', row },
      })
    }
  }

  #books(pipelineId: PipelineId): Books {
    const books = this.pipelines.get(pipelineId)
    if (books === undefined) throw new Error(`${pipelineId} is written to, which does not exist.`)
    return books
  }

  #setDependencies(
    pipelineId: PipelineId,
    dependentId: ObjectId,
    change: (known: readonly DependencyRow[]) => readonly DependencyRow[],
  ): void {
    const { dependencies, dependents } = this.#books(pipelineId)
    const known = dependencies.get(dependentId) ?? []
    const next = change(known)
    this.#set(dependencies, [dependentId, next], { pipelineId })
    for (const targetId of new Set(next.filter((row) => !known.includes(row)).map((row) => row.targetId))) {
      const others = (dependents.get(targetId) ?? []).filter((row) => row.dependentId !== dependentId)
      this.#set(dependents, [targetId, [...others, ...next.filter((row) => row.targetId === targetId)]], { pipelineId })
    }
  }

  #set<Key, Row>(map: Map<Key, Row>, [key, row]: readonly [Key, Row], about: Pick<Entry, 'pipelineId' | 'note'>): void {
    const before = map.get(key)
    map.set(key, row)
    this.#push(about.pipelineId, () => (before === undefined ? map.delete(key) : map.set(key, before)), about.note)
  }

  #delete<Key, Row>(map: Map<Key, Row>, key: Key, pipelineId: PipelineId): void {
    const before = map.get(key)
    if (before === undefined) return
    map.delete(key)
    this.#push(pipelineId, () => map.set(key, before))
  }

  #push(pipelineId: PipelineId, undo: () => unknown, note?: Entry['note']): void {
    const entry = { pipelineId, undo: () => void undo() }
    this.#log.push(note === undefined ? entry : { ...entry, note })
  }
}

/** The key of a timer in {@link Books}. */
export const timerKey = ({ subjectId, kind }: Pick<TimerRow, 'subjectId' | 'kind'>): string => `${kind} ${subjectId}`

const newBooks = (row: PipelineRow): Books => ({
  row,
  definitions: new Map(),
  components: new Map(),
  instances: new Map(),
  dependencies: new Map(),
  dependents: new Map(),
  attempts: new Map(),
  timers: new Map(),
  commands: new Map(),
  notifications: new Map(),
})

function toStep(books: Books, entries: readonly Entry[]): Step {
  const changes = new Map<ObjectId, Change>()
  const attempts: Step['attempts'][number][] = []
  const commands: OutboxRow[] = []
  let pipelineBefore: PipelineRow | undefined = books.row
  let isPipelineSeen = false
  for (const { note } of entries) {
    if (note?.kind === 'pipeline' && !isPipelineSeen) {
      pipelineBefore = note.before
      isPipelineSeen = true
    }
    if (note?.kind === 'instance' && !changes.has(note.id)) {
      const after = books.instances.get(note.id)?.instance
      if (after !== undefined) changes.set(note.id, { before: note.before, after })
    }
    if (note?.kind === 'attempt') attempts.push({ before: note.before, after: note.after })
    if (note?.kind === 'command') commands.push(note.row)
  }
  return { books, pipelineBefore, changes, attempts, commands }
}
