import { Command } from 'commander'
import { EXIT_STATUS } from '../cli/command-context.ts'
import { aborted, inputEnds } from './interruption.ts'
import { type RunnerFlags, resolveRunnerSettings } from './runner-config.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * `millrace task-runner`: works for one worker group until it is stopped, with the options of the original's Task Runner.
 *
 * @source guide: dp-taskrunner-config-options
 */
export function taskRunnerCommand({ context, environment }: Surroundings): Command {
  return new Command('task-runner')
    .description('work for a worker group: poll for tasks, do them and report on them')
    .requiredOption('--workerGroup <name>', 'the worker group to poll for, exactly as the definition writes it')
    .option('--config <file>', 'a credentials.json with access-id and private-key')
    .option('--accessId <id>', 'the id of the access key (default: that of --config, else AWS_ACCESS_KEY_ID)')
    .option('--secretKey <key>', 'the secret of the access key (default: that of --config, else AWS_SECRET_ACCESS_KEY)')
    .option('--endpoint <url>', 'the service (default: AWS_ENDPOINT_URL_DATA_PIPELINE, else AWS in the region)')
    .option(
      '--taskrunnerId <id>',
      'what the task runner calls itself, in place of the host name (default: the host name and the process)',
    )
    .option('--output <folder>', 'where logs and files of tasks go (default: ./output)')
    .option('--region <region>', 'the region of the service (default: AWS_REGION, else us-east-1)')
    .option('--logUri <uri>', 'where in S3 the logs of the task runner itself are put, each hour and at its end')
    .option('--proxyHost <host>', 'an HTTP proxy for the service and S3 (default: HTTPS_PROXY)')
    .option('--proxyPort <port>', 'the port of the proxy')
    .option('--proxyUsername <name>', 'the user of the proxy')
    .option('--proxyPassword <password>', 'the password of the proxy')
    .option('--proxyDomain <domain>', 'the Windows domain of an NTLM proxy; not supported')
    .option('--proxyWorkstation <name>', 'the Windows workstation of an NTLM proxy; not supported')
    .option('--tasks <number>', 'polls that are parked at once (default: 2)')
    .option('--ready-file <file>', 'a file to write once the task runner polls')
    .option('--until-input-ends', 'stop when standard input ends, for programs that start a task runner')
    .action(async (flags: RunnerFlags) => {
      const settings = await resolveRunnerSettings(flags, environment)
      const { createTaskRunner } = await import('../runner/task-runner.ts')
      const runner = createTaskRunner(settings)
      await runner.start()
      const ends = [aborted(context.interrupted), runner.unwanted]
      await Promise.race(flags.untilInputEnds === true ? [...ends, inputEnds()] : ends)
      await runner.stop()
      process.stdin.destroy()
      context.end(EXIT_STATUS.done)
    })
}
