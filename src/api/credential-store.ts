import type { Caller } from '../engine/engine.ts'

/** Whom an access key belongs to, and the secret that proves it. */
export type AccessKey = { readonly secretAccessKey: string; readonly caller: Caller }

/** The access keys that the service knows. */
export type CredentialStore = {
  /** The access key with this id; `undefined` when there is none. Called for each request, so it answers from memory. */
  lookup(accessKeyId: string): AccessKey | undefined
}
