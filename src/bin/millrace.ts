#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Only modules that are loaded after this are kept compiled, so everything else is in another file.
enableCompileCache()
const { main } = await import('./main.ts')
await main(process.argv.slice(2), process.env)
