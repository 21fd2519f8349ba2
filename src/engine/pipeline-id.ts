import { type PipelineId, pipelineId } from '../store/rows.ts'
import type { Chance } from './chance.ts'

const digits = '0123456789'
const letters = `${digits}ABCDEFGHIJKLMNOPQRSTUVWXYZ`

/**
 * A fresh pipeline id: `df-`, a zero, seven digits and twelve digits or capitals.
 *
 * @source observed: 2.1
 */
export const newPipelineId = (chance: Chance): PipelineId =>
  pipelineId(`df-0${pick(digits, 7, chance)}${pick(letters, 12, chance)}`)

const pick = (alphabet: string, count: number, chance: Chance): string =>
  Array.from({ length: count }, () => alphabet[chance.below(alphabet.length)]).join('')
