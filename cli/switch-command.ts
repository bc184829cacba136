import type { Command } from 'commander';
import { makeCloudFormationClient } from '../src/aws/client/cloudformation.ts';
import { makeSnsClient } from '../src/aws/client/sns.ts';
import { makeSsmClient } from '../src/aws/client/ssm.ts';
import { systemClock } from '../src/aws/clock.ts';
import type { Log } from '../src/aws/log.ts';
import type { Switched } from '../src/notify/stop-message.ts';
import { regionFor } from './region.ts';

/** What `cordon stop` and `cordon start` have in common. */
export interface SwitchOptions {
  readonly stack: string;
  readonly region?: string;
  readonly json?: true;
}

/** One line each is all that these commands say: they keep no log of their own. */
const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** The clients and the stack that the options name. */
export const switchOf = async ({ stack, region: named }: SwitchOptions) => {
  const region = await regionFor(named);
  const place: Switched = { stackName: stack, region };
  const clients = {
    cloudFormation: makeCloudFormationClient(silent, region),
    sns: makeSnsClient(silent, region),
    ssm: makeSsmClient(silent, region),
  };
  return { deps: { clients, clock: systemClock }, place };
};

/** Who asks, as the shell says; CloudTrail knows better. */
export const whoAsks = (): string => process.env.USER ?? process.env.LOGNAME ?? 'unknown';

/** The verdict, in one line; a second one where nobody else was told. */
export const sayVerdict = (verdict: string, untold: string | undefined): void => {
  console.log(verdict);
  if (untold !== undefined) console.log(`NOBODY ELSE WAS TOLD: ${untold}`);
};

export const addSwitchOptions = (command: Command): Command =>
  command
    .option('--stack <name>', 'the stack of Cordon', 'cordon')
    .option('--region <region>', 'the Region of the stack')
    .option('--json', 'what became of it on standard output as JSON, and nothing else');
