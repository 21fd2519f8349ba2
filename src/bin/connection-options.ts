import { Option } from 'commander'

/** The options with which a user says which server a command talks to. */
export const connectionOptions: readonly Option[] = [
  new Option(
    '--endpoint <url>',
    'the server (default: AWS_ENDPOINT_URL_DATA_PIPELINE, else the one of the data folder)',
  ),
  new Option(
    '--region <region>',
    'the region that requests are signed for (default: AWS_REGION, else that of the server)',
  ),
  new Option('--data <folder>', "the server's data folder (default: MILLRACE_DATA, else ~/.millrace)"),
]
