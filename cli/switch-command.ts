import type { Command } from 'commander';
import { makeCloudFormationClient } from '../src/aws/client/cloudformation.ts';
import { makeSnsClient } from '../src/aws/client/sns.ts';
import { makeSsmClient } from '../src/aws/client/ssm.ts';
import { systemClock } from '../src/aws/clock.ts';
import { CordonError } from '../src/case/errors.ts';
import type { Switched } from '../src/notify/stop-message.ts';
import type { SwitchDeps } from '../src/stop-automatic.ts';
import type { CommonOptions } from './common-options.ts';
import { useProfile, withCommonOptions } from './common-options.ts';
import { requireCredentials } from './credentials.ts';
import { exitCodes } from './exit-code.ts';
import { fileLog, logNameAt } from './file-log.ts';
import { isInputError } from './input-errors.ts';
import { print, say, tell } from './output.ts';
import { regionFor } from './region.ts';

/** What `cordon stop` and `cordon start` have in common. */
export interface SwitchOptions extends CommonOptions {
  readonly stack: string;
  readonly reason: string;
}

/** What became of it: the verdict, the same for programs, and why nobody else was told. */
export interface Outcome {
  readonly verdict: string;
  readonly json: object;
  readonly untold?: string;
}

export type Work = (deps: SwitchDeps, place: Switched) => Promise<Outcome>;

/** Who asks, as the shell says; CloudTrail knows better. */
export const whoAsks = (): string => process.env.USER ?? process.env.LOGNAME ?? 'unknown';

export const withSwitchOptions = (command: Command): Command =>
  withCommonOptions(command.option('--stack <name>', 'the stack of Cordon', 'cordon'));

const showOutcome = ({ verdict, json, untold }: Outcome, options: SwitchOptions): number => {
  if (options.json === true) print(JSON.stringify({ ...json, untold }));
  else say(verdict);
  if (untold === undefined) return exitCodes.done;
  tell(`NOBODY ELSE WAS TOLD: ${untold}`);
  return exitCodes.person;
};

/**
 * Throws the switch of the stack that the options name, and says what became of it.
 *
 * @param failed what it is called when the switch stays as it was.
 * @throws errors that are the person's to mend; nothing was changed then.
 */
export const throwSwitch = async (
  options: SwitchOptions,
  failed: string,
  work: Work,
): Promise<number> => {
  useProfile(options.profile);
  const region = await regionFor(options.region);
  const log = fileLog(options.log ?? logNameAt(systemClock.now()), tell);
  const clients = {
    cloudFormation: makeCloudFormationClient(log, region),
    sns: makeSnsClient(log, region),
    ssm: makeSsmClient(log, region),
  };
  await requireCredentials(clients.ssm);
  try {
    const place: Switched = { stackName: options.stack, region };
    return showOutcome(await work({ clients, clock: systemClock }, place), options);
  } catch (error) {
    if (!(error instanceof CordonError) || isInputError(error)) throw error;
    tell(`${failed}: ${error.message}`);
    return exitCodes.person;
  }
};
