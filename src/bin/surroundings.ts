import type { CommandContext } from '../cli/command-context.ts'
import type { Environment } from './config.ts'

/** What the commands that start something are made with. */
export type Surroundings = { readonly context: CommandContext; readonly environment: Environment }
