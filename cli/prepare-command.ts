import type { Command } from 'commander';
import { makeEc2Client } from '../src/aws/client/ec2.ts';
import { systemClock } from '../src/aws/clock.ts';
import { asCordonError } from '../src/aws/errors.ts';
import { readSettings } from '../src/aws/settings.ts';
import type { PreparedVpc } from '../src/prepare-vpcs.ts';
import { prepareVpcs } from '../src/prepare-vpcs.ts';
import { exitCodes } from './exit-code.ts';
import { fileLog } from './file-log.ts';
import { regionFor } from './region.ts';

interface Options {
  readonly json?: true;
  readonly region?: string;
  readonly log?: string;
}

const lineOf = ({ vpcId, groups, error }: PreparedVpc): string =>
  error === undefined
    ? `${vpcId}: ${groups.map(({ id, name }) => `${name} ${id}`).join(', ')}`
    : `${vpcId}: NOT READY: ${error}`;

const prepare = async (options: Options): Promise<number> => {
  const region = await regionFor(options.region);
  const { settings } = readSettings({ ...process.env, AWS_SAM_LOCAL: 'true' });
  const stamp = systemClock.now().toISOString().replaceAll(/[:.]/g, '-');
  const log = fileLog(options.log ?? `cordon-${stamp}.log`);
  const clients = { ec2: makeEc2Client(log, region) };
  const deps = { clients, clock: systemClock, log, settings };
  const vpcs = await prepareVpcs(deps).catch((error: unknown) => {
    throw asCordonError(error, 'Listing VPCs and groups');
  });
  console.log(
    options.json === true ? JSON.stringify({ region, vpcs }, null, 2) : vpcs.map(lineOf).join('\n'),
  );
  return vpcs.every(({ error }) => error === undefined) ? exitCodes.done : exitCodes.failed;
};

/** `cordon prepare` */
export const addPrepareCommand = (program: Command, onExitCode: (code: number) => void): void => {
  program
    .command('prepare')
    .description('Make and check the isolation groups of every VPC, before an incident needs them.')
    .option('--json', 'what was found and made on standard output as JSON, and nothing else')
    .option('--region <region>', 'the Region of the VPCs')
    .option('--log <file>', 'where the log goes (default: cordon-<time>.log)')
    .action(async (options: Options) => {
      onExitCode(await prepare(options));
    });
};
