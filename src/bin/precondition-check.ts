import type { World } from '../engine/performers.ts'
import type { S3Settings } from '../datanodes/s3/s3-settings.ts'

export const createPreconditionCheck = (_settings: S3Settings): World['checkPrecondition'] => async () => ({ kind: 'met' })
