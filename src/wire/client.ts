import type { Instant } from '../core/instant.ts'
import type { Input, OperationName } from './inputs.ts'
import { parseJson } from './json.ts'
import { type Output, outputs } from './outputs.ts'
import type { Retry } from './retry.ts'
import { type Credentials, createSigner } from './signer.ts'
import { toServiceException } from './to-service-exception.ts'
import type { Transport } from './transport.ts'

/** One operation as a function: rejects with the exceptions of `errors.ts`, with `TransportError`, or with the signal's reason. */
type Call<Operation extends OperationName> = (
  input: Input<Operation>,
  signal?: AbortSignal,
) => Promise<Output<Operation>>

/** Every operation of the service, in the shapes of the wire; `codec.ts` turns those into the terms of `core`. */
export type Client = { readonly [Operation in OperationName as Uncapitalize<Operation>]: Call<Operation> }

/** What a client needs from outside: where the service is, who calls, and how bytes and time come in. */
export type ClientOptions = {
  readonly transport: Transport
  /** Such as `http://127.0.0.1:8040`. */
  readonly endpoint: string
  readonly region: string
  readonly credentials: Credentials
  readonly now: () => Instant
  /** @defaultValue each call is made once */
  readonly retry?: Retry
}

/** A client of Data Pipeline: Millrace's or the original. */
export function createClient(options: ClientOptions): Client {
  const call = createCall(options)
  return {
    activatePipeline: (input, signal) => call('ActivatePipeline', input, signal),
    addTags: (input, signal) => call('AddTags', input, signal),
    createPipeline: (input, signal) => call('CreatePipeline', input, signal),
    deactivatePipeline: (input, signal) => call('DeactivatePipeline', input, signal),
    deletePipeline: (input, signal) => call('DeletePipeline', input, signal),
    describeObjects: (input, signal) => call('DescribeObjects', input, signal),
    describePipelines: (input, signal) => call('DescribePipelines', input, signal),
    evaluateExpression: (input, signal) => call('EvaluateExpression', input, signal),
    getPipelineDefinition: (input, signal) => call('GetPipelineDefinition', input, signal),
    listPipelines: (input, signal) => call('ListPipelines', input, signal),
    pollForTask: (input, signal) => call('PollForTask', input, signal),
    putPipelineDefinition: (input, signal) => call('PutPipelineDefinition', input, signal),
    queryObjects: (input, signal) => call('QueryObjects', input, signal),
    removeTags: (input, signal) => call('RemoveTags', input, signal),
    reportTaskProgress: (input, signal) => call('ReportTaskProgress', input, signal),
    reportTaskRunnerHeartbeat: (input, signal) => call('ReportTaskRunnerHeartbeat', input, signal),
    setStatus: (input, signal) => call('SetStatus', input, signal),
    setTaskStatus: (input, signal) => call('SetTaskStatus', input, signal),
    validatePipelineDefinition: (input, signal) => call('ValidatePipelineDefinition', input, signal),
  }
}

function createCall(options: ClientOptions) {
  const sign = createSigner(options)
  const url = new URL('/', options.endpoint).href
  const retry: Retry = options.retry ?? ((attempt) => attempt())

  return <Operation extends OperationName>(
    operation: Operation,
    input: Input<Operation>,
    signal: AbortSignal | undefined,
  ): Promise<Output<Operation>> => {
    const body = JSON.stringify(input)
    return retry(async () => {
      // Each attempt is signed anew: a signature is good for minutes only, and retries may go on for longer.
      const request = { method: 'POST', url, headers: sign(operation, body), body } as const
      const answer = await options.transport(request, signal)
      if (answer.status !== 200) throw toServiceException(answer)
      return decodeOutput(operation, answer.body)
    }, signal)
  }
}

function decodeOutput<Operation extends OperationName>(operation: Operation, body: string): Output<Operation> {
  // The table's type does not tell that the schema found under a name yields that name's output; here it is known.
  return outputs[operation].parse(body === '' ? {} : parseJson(body)) as Output<Operation>
}
