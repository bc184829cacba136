import type { Command } from 'commander';
import { makeEc2Client } from '../src/aws/client/ec2.ts';
import { asCordonError } from '../src/aws/errors.ts';
import type { Log } from '../src/aws/log.ts';
import type { PreparedVpc } from '../src/prepare-vpcs.ts';
import { prepareVpcs } from '../src/prepare-vpcs.ts';
import type { CommonOptions } from './common-options.ts';
import { useProfile, withCommonOptions } from './common-options.ts';
import { connect, settingsOfShell } from './connect.ts';
import { exitCodes } from './exit-code.ts';
import { print, say, tell } from './output.ts';
import { regionFor } from './region.ts';

const lineOf = ({ vpcId, groups, error }: PreparedVpc): string =>
  error === undefined
    ? `${vpcId}: ${groups.map(({ id, name }) => `${name} ${id}`).join(', ')}`
    : `${vpcId}: NOT READY: ${error}`;

const verdictOf = (vpcs: readonly PreparedVpc[]): string => {
  const ready = vpcs.filter(({ error }) => error === undefined).length;
  return `${ready === vpcs.length ? 'READY' : 'NOT READY'}: the groups of ${ready} of ${vpcs.length} VPCs`;
};

const textOf = (vpcs: readonly PreparedVpc[], quiet: boolean): string =>
  quiet
    ? verdictOf(vpcs)
    : [verdictOf(vpcs), ...vpcs.map((one) => `  ${lineOf(one)}`), verdictOf(vpcs)].join('\n');

const prepare = async (options: CommonOptions): Promise<number> => {
  useProfile(options.profile);
  const region = await regionFor(options.region);
  const { settings } = settingsOfShell();
  const makeClients = (log: Log, inRegion: string) => ({ ec2: makeEc2Client(log, inRegion) });
  const deps = await connect(makeClients, region, settings, options);
  let vpcs: readonly PreparedVpc[];
  try {
    vpcs = await prepareVpcs(deps);
  } catch (error) {
    tell(`NOT READY: ${asCordonError(error, 'listing VPCs and groups').message}`);
    return exitCodes.person;
  }
  if (options.json === true) print(JSON.stringify({ region, vpcs }, null, 2));
  else say(textOf(vpcs, options.quiet === true));
  return vpcs.every(({ error }) => error === undefined) ? exitCodes.done : exitCodes.person;
};

/** `cordon prepare` */
export const addPrepareCommand = (program: Command, onExitCode: (code: number) => void): void => {
  withCommonOptions(
    program
      .command('prepare')
      .description(
        'Make and check the isolation groups of every VPC, before an incident needs them.',
      ),
  ).action(async (options: CommonOptions) => {
    onExitCode(await prepare(options));
  });
};
