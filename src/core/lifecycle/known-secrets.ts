import { isSecret } from '../definition/parameters.ts'
import { secretMask } from '../definition/secrets.ts'
import { valueText } from '../expression/text.ts'
import type { Instance, Running } from './instance.ts'
import type { Plan } from './plan.ts'
import { taskObjects } from './task-objects.ts'

/**
 * Every secret that a runner was given with an attempt: the values of `*` parameters, and of the `*` fields of its task. The longest
 * come first, so that one that is part of another leaves nothing of it behind.
 */
export function knownSecrets(plan: Plan, instance: Instance & { readonly state: Running }): readonly string[] {
  const task = taskObjects(plan, instance, instance.state.attempt)
  const objects = task.kind === 'objects' ? task.objects : []
  const ofFields = objects.flatMap(({ fields }) =>
    fields.flatMap(({ key, value }) => (isSecret(key) && value.kind === 'string' ? [value.text] : [])),
  )
  const ofParameters = [...plan.parameters].flatMap(([id, entries]) =>
    isSecret(id)
      ? entries.flatMap((entry) =>
          entry.kind === 'string' ? [entry.text] : entry.kind === 'value' ? [valueText(entry.value)] : [],
        )
      : [],
  )
  return [...new Set([...ofFields, ...ofParameters])]
    .filter((text) => text !== '')
    .sort((left, right) => right.length - left.length)
}

/**
 * A text as it may be kept and shown, with the mask in the place of each secret that occurs in it.
 *
 * @source ours: differences#secrets
 */
export const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((masked, secret) => masked.replaceAll(secret, () => secretMask), text)
