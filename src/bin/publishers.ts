import { randomUUID } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ActionPublisher } from '../engine/actions/act.ts'

/** The longest subject that SNS takes, in characters. */
const SUBJECT_LENGTH_MAX = 100

/** Keeps notifications as files, one each, named so that they list in the order in which they came. */
export function folderPublisher(folder: string): ActionPublisher {
  // Several may come within a millisecond.
  let count = 0
  return {
    async publish({ topicArn, subject, message }) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const time = new Date().toISOString()
      count += 1
      const order = String(count).padStart(9, '0')
      const path = join(folder, `${time.replaceAll(':', '.')}-${order}-${randomUUID().slice(0, 8)}.txt`)
      const text = `Topic: ${topicArn}\nTime: ${time}\nSubject: ${subject}\n\n${message}\n`
      await writeFile(`${path}.new`, text)
      await rename(`${path}.new`, path)
    },
  }
}

/** Publishes notifications to SNS, in the name of the caller that the SDK finds in the environment. */
export async function snsPublisher(endpoint: string, region: string): Promise<ActionPublisher> {
  const { PublishCommand, SNSClient } = await import('@aws-sdk/client-sns')
  const client = new SNSClient({ endpoint, region })
  return {
    async publish({ topicArn, subject, message }) {
      // SNS takes a subject of one line of ASCII and refuses the whole message otherwise.
      const Subject = subject.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, SUBJECT_LENGTH_MAX)
      await client.send(
        new PublishCommand({ TopicArn: topicArn, Message: message, ...(Subject !== '' && { Subject }) }),
      )
    },
  }
}
