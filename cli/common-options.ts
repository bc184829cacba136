import type { Command } from 'commander';

/** Options that every command takes. */
export interface CommonOptions {
  readonly region?: string;
  /** The AWS profile, as everybody's `--profile` is. */
  readonly profile?: string;
  readonly json?: true;
  readonly quiet?: true;
  readonly log?: string;
}

/** Which deployed stack can show what Cordon wrote. */
export interface StackOption {
  readonly stack: string;
}

export const withStackOption = (command: Command): Command =>
  command.option('--stack <name>', 'the stack of Cordon, if there is one', 'cordon');

/** The options that every command takes, but for the Region. */
export const withSharedOptions = (command: Command): Command =>
  command
    .option('--profile <name>', 'the AWS profile whose credentials are used')
    .option('--json', 'the result on standard output as JSON, and nothing else')
    .option('--quiet', 'no progress; the verdict alone')
    .option('--no-color', 'no colour (Cordon uses none)')
    .option('--log <file>', 'where the log goes (default: cordon-<time>.log)');

export const withCommonOptions = (command: Command): Command =>
  withSharedOptions(command.option('--region <region>', 'the Region to work in'));

const keysOfTheShell = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;

/**
 * Makes the SDK use this AWS profile. As with the AWS CLI, the option comes before credentials in
 * the environment (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-quickstart.html).
 */
export const useProfile = (profile: string | undefined): void => {
  if (profile === undefined) return;
  process.env.AWS_PROFILE = profile;
  for (const key of keysOfTheShell) delete process.env[key];
};
