import { basename } from 'node:path'
import { TaskFailure } from '../core/task-failure.ts'

/** One step of an EmrActivity: a jar and its arguments. */
export type EmrStep = { readonly jar: string; readonly arguments: readonly string[] }

/** What a step runs on a cluster of one machine without Hadoop. */
export type EmrStepProgram =
  | { readonly kind: 'command'; readonly name: string; readonly arguments: readonly string[] }
  | { readonly kind: 'script'; readonly uri: string; readonly arguments: readonly string[] }

/**
 * Takes a step apart at its commas. A comma after one or two backslashes belongs to an argument: the service eats the first one where
 * it evaluates the field, other clients do not.
 *
 * @source guide: dp-object-emractivity
 */
export function parseEmrStep(text: string): EmrStep {
  const [jar = '', ...rest] = text.split(/(?<!\\),/).map((part) => part.replaceAll(/\\{1,2},/g, ','))
  return { jar: jar.trim(), arguments: rest }
}

/**
 * What a step runs here.
 *
 * @source observed: 9 (the names under which EMR's two runners are known)
 * @throws TaskFailure (Unsupported) when the jar is another one; (InvalidField) when it is given nothing to run.
 */
export function toEmrStepProgram({ jar, arguments: [first, ...rest] }: EmrStep): EmrStepProgram {
  const runner = basename(jar)
  if (runner !== 'command-runner.jar' && runner !== 'script-runner.jar') {
    throw new TaskFailure(
      'Unsupported',
      `The step runs '${jar}'. A local cluster has no Hadoop: it runs steps of command-runner.jar and script-runner.jar only.`,
    )
  }
  if (first === undefined || first === '') {
    throw new TaskFailure('InvalidField', `The step gives ${runner} nothing to run. Write ${runner},name,argument,…`)
  }
  return runner === 'command-runner.jar'
    ? { kind: 'command', name: first, arguments: rest }
    : { kind: 'script', uri: first, arguments: rest }
}
