import { textField } from '../core/definition/pipeline-object.ts'
import { fieldTexts, isFieldTrue } from '../datanodes/task-objects.ts'
import type { Activity, Command, TaskContext } from './activity.ts'
import { requireSuccess } from './command-end.ts'
import { type EmrStepProgram, parseEmrStep, toEmrStepProgram } from './emr-step.ts'
import { fetchScript } from './script.ts'

/**
 * Runs steps one after another on a local cluster, shell commands before the first and after the last. The first thing that fails ends
 * it. Nothing is begun unless every step can be run here.
 *
 * @source guide: dp-object-emractivity
 */
export const runEmrActivity: Activity = async (context) => {
  const { attempt, logFolderUri } = context
  const steps = fieldTexts(attempt, 'step').map(parseEmrStep).map(toEmrStepProgram)
  if (isFieldTrue(attempt, 'resizeClusterBeforeRunning')) {
    context.log('resizeClusterBeforeRunning has no effect: a local cluster is one machine')
  }
  if (steps.length > 0 && logFolderUri !== undefined) {
    context.reportFields([textField('emrStepLog', `${logFolderUri}steps/`)])
  }
  await runShellTexts(context, 'preStepCommand')
  for (const [index, step] of steps.entries()) {
    const name = `Step ${index + 1} of ${steps.length}`
    const logFolder = `steps/${index + 1}`
    await run(context, name, { ...(await toCommand(context, step)), logFolder })
  }
  await runShellTexts(context, 'postStepCommand')
}

async function runShellTexts(context: TaskContext, key: 'preStepCommand' | 'postStepCommand'): Promise<void> {
  for (const text of fieldTexts(context.attempt, key)) {
    await run(context, key, { program: { kind: 'shell', text }, arguments: [], environment: {} })
  }
}

async function run(context: TaskContext, name: string, command: Command): Promise<void> {
  context.log(`${name} begins`)
  const end = await context.runCommand(command)
  await requireSuccess(name, end)
  context.log(`${name} is done`)
}

async function toCommand(context: TaskContext, step: EmrStepProgram): Promise<Command> {
  const program =
    step.kind === 'command' ? ({ kind: 'file', path: step.name } as const) : await fetchScript(context, step.uri)
  return { program, arguments: step.arguments, environment: {} }
}
