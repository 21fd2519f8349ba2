import { randomInt } from 'node:crypto'
import { type PipelineId, pipelineId } from '../store/rows.ts'

const digits = '0123456789'
const letters = `${digits}ABCDEFGHIJKLMNOPQRSTUVWXYZ`

/**
 * A fresh pipeline id: `df-`, a zero, seven digits and twelve digits or capitals.
 *
 * @source observed: 2.1
 */
export const newPipelineId = (): PipelineId => pipelineId(`df-0${pick(digits, 7)}${pick(letters, 12)}`)

const pick = (alphabet: string, count: number): string =>
  Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]).join('')
