import { objectFields } from '../field/object-fields.ts'
import { flag, required, text } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * A proxy.
 *
 * @source guide: dp-object-httpproxy
 */
export const httpProxy = defineType({
  name: 'HttpProxy',
  category: 'utility',
  parents: ['PipelineObject'],
  summary: 'A proxy through which the task runner on a machine reaches AWS. Machines refer to it with httpProxy.',
  fields: {
    ...objectFields,
    hostname: text('The host of the proxy.', required),
    port: text('The port of the proxy.', required),
    username: text('The user at the proxy.'),
    '*password': text('The password of that user. The asterisk keeps it out of sight.'),
    s3NoProxy: flag('Whether S3 is reached without the proxy.'),
    windowsDomain: text('The Windows domain, for a proxy that speaks NTLM.'),
    windowsWorkgroup: text('The Windows workgroup, for a proxy that speaks NTLM.'),
  },
})
