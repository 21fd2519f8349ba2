import type { S3Client } from '@aws-sdk/client-s3'
import type { S3Settings } from '../datanodes/s3/s3-settings.ts'
import type { World } from '../engine/performers.ts'

/** Makes the checks of the preconditions that the service asks about itself; the client of S3 is loaded with the first of them. */
export function createPreconditionCheck(settings: S3Settings): World['checkPrecondition'] {
  let loading: Promise<S3Client> | undefined
  const load = (): Promise<S3Client> => {
    loading ??= import('../datanodes/s3/s3-client.ts').then(({ createS3Client }) => createS3Client(settings))
    return loading
  }
  return async (type, fields) => {
    switch (type) {
      case 'S3KeyExists':
        return (await import('../preconditions/s3-key-exists.ts')).checkS3KeyExists(fields, await load())
      case 'S3PrefixNotEmpty':
        return (await import('../preconditions/s3-prefix-not-empty.ts')).checkS3PrefixNotEmpty(fields, await load())
      default:
        // Definitions with other types of this kind are refused at activation.
        throw new Error(`The service cannot check a precondition of type ${type}.`)
    }
  }
}
