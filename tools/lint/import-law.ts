import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { type ESTree, Visitor } from 'vite'
import type { Finding, SourceFile } from './source-file.ts'

/** What the files of one room may import, apart from one another. */
type RoomLaw = {
  readonly rooms: readonly string[] | 'all'
  readonly node: readonly string[] | 'all'
  readonly packages: 'none' | 'all'
}

/** The law: which room may import what. ARCHITECTURE.md prints this table and gives the reasons. */
export const importLaw: Readonly<Record<string, RoomLaw>> = {
  core: { rooms: [], node: [], packages: 'none' },
  wire: { rooms: ['core'], node: ['node:crypto'], packages: 'all' },
  transport: { rooms: ['core', 'wire'], node: 'all', packages: 'all' },
  store: { rooms: ['core'], node: 'all', packages: 'all' },
  datanodes: { rooms: ['core'], node: 'all', packages: 'all' },
  activities: { rooms: ['core', 'datanodes'], node: 'all', packages: 'all' },
  preconditions: { rooms: ['core', 'datanodes'], node: 'all', packages: 'all' },
  resources: { rooms: ['core'], node: 'all', packages: 'all' },
  engine: { rooms: ['core', 'wire', 'store', 'preconditions', 'resources'], node: 'all', packages: 'all' },
  api: { rooms: ['core', 'wire', 'engine'], node: 'all', packages: 'all' },
  runner: {
    rooms: ['core', 'wire', 'transport', 'datanodes', 'activities', 'preconditions'],
    node: 'all',
    packages: 'all',
  },
  'local-s3': { rooms: ['core'], node: 'all', packages: 'all' },
  cli: { rooms: ['core', 'wire', 'transport'], node: 'all', packages: 'all' },
  console: { rooms: ['core', 'wire'], node: [], packages: 'all' },
  bin: { rooms: 'all', node: 'all', packages: 'all' },
}

/** Modules that belong to a few rooms, and the rooms. */
export const reservedModules: Readonly<Record<string, readonly string[]>> = {
  // Only bin reads the environment, and there through the global.
  'node:process': [],
  // Only store knows SQL.
  'node:sqlite': ['store'],
  // The server executes nothing that a definition says: task runners do, and resources start the task runners.
  'node:child_process': ['activities', 'preconditions', 'resources', 'runner', 'bin'],
}

/** Every import, re-export and `import()` of a file of the product that {@link importLaw} forbids. */
export function importFindings(file: SourceFile): readonly Finding[] {
  const { room } = file
  if (room === undefined) return []
  const law = importLaw[room]
  if (law === undefined) {
    return [{ offset: 0, message: `src/${room} is not a room of the import law in tools/lint/import-law.ts.` }]
  }
  return requests(file).flatMap(({ specifier, offset }) => {
    const breach = specifier.startsWith('.')
      ? breachOfRoom(room, law, posix.join(posix.dirname(file.path), specifier))
      : breachOfModule(room, law, specifier)
    return breach === undefined ? [] : [{ offset, message: breach }]
  })
}

type Request = { readonly specifier: string; readonly offset: number }

function requests(file: SourceFile): readonly Request[] {
  const found: Request[] = []
  const add = (source: ESTree.Expression | ESTree.StringLiteral | null): void => {
    if (source === null) return
    // A specifier that is computed cannot be checked, so it counts as a module of that name, which no room may import.
    const isText = source.type === 'Literal' && typeof source.value === 'string'
    found.push({ specifier: isText ? String(source.value) : '(computed)', offset: source.start })
  }
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
  }).visit(file.program)
  return found
}

function breachOfRoom(room: string, { rooms }: RoomLaw, target: string): string | undefined {
  const targetRoom = /^src\/([^/]+)\//.exec(target)?.[1]
  if (targetRoom === undefined) return `${room} imports ${target}, which is not part of the product.`
  if (targetRoom === room || rooms === 'all' || rooms.includes(targetRoom)) return undefined
  return `${room} must not import ${targetRoom}; of the other rooms it may import: ${rooms.join(', ') || 'none'}.`
}

function breachOfModule(room: string, law: RoomLaw, specifier: string): string | undefined {
  const owners = reservedModules[specifier]
  if (owners !== undefined && !owners.includes(room)) {
    return `${room} must not import ${specifier}; the rooms that may: ${owners.join(', ') || 'none'}.`
  }
  if (isBuiltin(specifier)) {
    if (law.node === 'all' || law.node.includes(specifier)) return undefined
    return `${room} must not import ${specifier}; of Node it may import: ${law.node.join(', ') || 'nothing'}.`
  }
  return law.packages === 'all' && specifier !== '(computed)' ? undefined : `${room} must not import ${specifier}.`
}
