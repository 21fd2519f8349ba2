import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { TaskFailure } from '../core/task-failure.ts'
import { baseName, type S3Uri } from '../datanodes/s3/s3-uri.ts'
import { downloadDirectory, downloadFile, uploadDirectory } from '../datanodes/s3/transfer-directory.ts'
import { type S3DataNode, toS3DataNode } from '../datanodes/s3-data-node.ts'
import { objectType, referencedObjects } from '../datanodes/task-objects.ts'
import type { TaskContext } from './activity.ts'

/** Data nodes that are folders for the time of a command. */
export type Staging = {
  /** `INPUT1_STAGING_DIR` and so on: absolute paths. */
  readonly environment: Readonly<Record<string, string>>
  /** Stores what the command put into the output folders. */
  storeOutputs(): Promise<void>
}

type StagedNode = { readonly node: S3DataNode; readonly variable: string; readonly folder: string }

/**
 * Fetches the inputs of an activity into folders and makes folders for its outputs. Only S3 data nodes are staged; the others count
 * nevertheless, so that the numbers in the variables follow the order of the fields.
 *
 * @source guide: dp-concepts-staging; observed: 8.9
 * @throws TaskFailure (S3RequestFailed) when an input cannot be fetched; (InvalidField) when a data node cannot be staged.
 */
export async function stage(context: TaskContext): Promise<Staging> {
  const inputs = stagedNodes(context, 'input')
  const outputs = stagedNodes(context, 'output').map((staged) => ({ ...staged, prefix: requireDirectory(staged.node) }))
  for (const staged of inputs) {
    context.log(`Staging ${staged.node.id} as ${staged.variable}=${staged.folder}`)
    await fetchInput(context, staged)
  }
  for (const { folder } of outputs) await mkdir(folder, { recursive: true })
  return {
    environment: Object.fromEntries([...inputs, ...outputs].map(({ variable, folder }) => [variable, folder])),
    async storeOutputs() {
      for (const { node, folder, prefix } of outputs) {
        context.log(`Storing ${folder} as ${node.id}`)
        await uploadDirectory(await context.s3(), prefix, {
          folder,
          encryption: node.encryption,
          signal: context.signal,
        })
      }
    },
  }
}

function stagedNodes({ attempt, objects, taskFolder }: TaskContext, key: 'input' | 'output'): readonly StagedNode[] {
  return referencedObjects(objects, attempt, key).flatMap((object, index) => {
    if (objectType(object) !== 'S3DataNode') return []
    const variable = `${key.toUpperCase()}${index + 1}_STAGING_DIR`
    return [{ node: toS3DataNode(object, objects), variable, folder: join(taskFolder, `${key}${index + 1}`) }]
  })
}

async function fetchInput(context: TaskContext, { node, folder }: StagedNode): Promise<void> {
  const { signal } = context
  const s3 = await context.s3()
  if (node.location.kind === 'directory') return downloadDirectory(s3, node.location.prefix, { folder, signal })
  const file = join(folder, baseName(node.location.uri) || 'file')
  return downloadFile(s3, node.location.uri, { file, signal })
}

function requireDirectory({ id, location }: S3DataNode): S3Uri {
  if (location.kind === 'directory') return location.prefix
  throw new TaskFailure(
    'InvalidField',
    `The output '${id}' has a filePath. An output that is staged needs a directoryPath, into which all files are stored.`,
  )
}
