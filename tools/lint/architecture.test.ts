import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { importLaw } from './import-law.ts'

const page = readFileSync('ARCHITECTURE.md', 'utf8')

test('ARCHITECTURE.md prints the import law as it is enforced', () => {
  const printed = [...page.matchAll(/^\| `([a-z0-9-]+)\/` \|[^|]*\| ([^|]*) \|$/gm)].map(([, room, rooms]) => [
    room,
    rooms,
  ])
  expect(printed).toEqual(Object.entries(importLaw).map(([room, { rooms }]) => [room, printedRooms(rooms)]))
})

test('ARCHITECTURE.md says of each runtime dependency what it saves and what it costs, and of no other package', () => {
  const [, section = ''] = page.split(/^## \d+\. Dependencies$/m)
  const printed = [...section.matchAll(/^\| `([^`]+)` \| [^|]+ \| [^|]+ \|$/gm)].map(([, name]) => name)
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(printed.toSorted()).toEqual(Object.keys(dependencies).toSorted())
})

function printedRooms(rooms: readonly string[] | 'all'): string {
  if (rooms === 'all') return 'every room'
  return rooms.length === 0 ? 'nothing' : rooms.map((room) => `\`${room}\``).join(', ')
}
