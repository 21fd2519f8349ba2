import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { referencePages } from './pages.ts'

const folder = new URL('../../docs/reference/', import.meta.url)

// What is no page any more must not stay.
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const [name, text] of referencePages()) writeFileSync(new URL(name, folder), text)
