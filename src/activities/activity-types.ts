import { TaskFailure } from '../core/task-failure.ts'
import type { Activity } from './activity.ts'

// Each is loaded when a task first needs it: what speaks to S3 takes longer to load than a short command takes to run.
const activities: Readonly<Record<string, () => Promise<Activity>>> = {
  ShellCommandActivity: async () => (await import('./shell-command-activity.ts')).runShellCommandActivity,
  CopyActivity: async () => (await import('./copy-activity.ts')).runCopyActivity,
  EmrActivity: async () => (await import('./emr-activity.ts')).runEmrActivity,
}

/** What the other activities of the catalogue would need on the task runner's machine. */
const missing: Readonly<Record<string, string>> = {
  HadoopActivity: 'Hadoop',
  HiveActivity: 'Hive',
  HiveCopyActivity: 'Hive',
  PigActivity: 'Pig',
  RedshiftCopyActivity: 'a driver for Redshift',
  SqlActivity: 'database drivers',
}

/**
 * The work of a type of activity.
 *
 * @throws TaskFailure (Unsupported) when the task runner does not know the type; the message says what is missing.
 */
export async function loadActivity(type: string): Promise<Activity> {
  const load = Object.hasOwn(activities, type) ? activities[type] : undefined
  if (load !== undefined) return load()
  const known = Object.keys(activities).join(', ')
  const need = Object.hasOwn(missing, type) ? `${type} needs ${missing[type]}, which it does not have. ` : ''
  throw new TaskFailure('Unsupported', `This task runner cannot run the type '${type}'. ${need}It runs ${known}.`)
}
