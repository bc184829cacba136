import type { Command } from 'commander';
import { Option } from 'commander';
import { makeDynamoDbClient } from '../src/aws/client/dynamodb.ts';
import { makeEc2Client } from '../src/aws/client/ec2.ts';
import { asCordonError } from '../src/aws/errors.ts';
import { readRegions } from '../src/aws/regions.ts';
import { makeVerifyClients } from '../src/lambda/verify-clients.ts';
import { readStatus } from '../src/status/read-status.ts';
import type { RegionStatus, Standing } from '../src/status/standing.ts';
import { statusCsv } from '../src/status/status-csv.ts';
import { rowOf } from '../src/status/status-row.ts';
import { statusRemarks, statusText, statusVerdict } from '../src/status/status-text.ts';
import type { CommonOptions, StackOption } from './common-options.ts';
import { useProfile, withSharedOptions, withStackOption } from './common-options.ts';
import { connect, settingsOfShell } from './connect.ts';
import { exitCodeOfVerification, exitCodes, worstOf } from './exit-code.ts';
import { print, tell } from './output.ts';
import { regionFor } from './region.ts';
import { reviewHoursIn } from './review-hours.ts';
import { stackWitnesses } from './stack-witnesses.ts';

interface Options extends Omit<CommonOptions, 'region'>, StackOption {
  readonly region?: readonly string[];
  readonly all?: true;
  readonly csv?: true;
}

/** The word for every Region that the account has enabled. */
const everyRegion = 'all';

const regionsFor = async (
  named: readonly string[],
  options: Options,
): Promise<readonly string[]> => {
  const others = [...new Set(named.filter((one) => one !== everyRegion))];
  const regions = await Promise.all(others.map(regionFor));
  if (!named.includes(everyRegion))
    return named.length > 0 ? regions : [await regionFor(undefined)];
  const home = regions[0] ?? (await regionFor(undefined));
  const makeClients = (...[log, region]: Parameters<typeof makeEc2Client>) => ({
    ec2: makeEc2Client(log, region),
  });
  const { clients } = await connect(makeClients, home, settingsOfShell().settings, shared(options));
  try {
    return await readRegions(clients.ec2);
  } catch (error) {
    throw asCordonError(error, 'Listing the Regions of the account');
  }
};

/** The options without the Regions, which a command in one Region has none of. */
const shared = ({ region: _several, ...options }: Options): CommonOptions => options;

const statusIn = async (region: string, options: Options): Promise<RegionStatus> => {
  const { settings } = settingsOfShell();
  const connected = await connect(makeVerifyClients, region, settings, shared(options));
  const witnesses = stackWitnesses(connected, region, options.stack);
  const outputs = await witnesses.outputs;
  const { CaseTableName: tableName = '' } = outputs;
  const why = (await witnesses.stackIsAbsent)
    ? `there is no stack "${options.stack}" of Cordon's`
    : `the case table of the stack "${options.stack}" is not known`;
  const table =
    tableName === ''
      ? { absent: `${why}: what the tags of instances say is all that is known.` }
      : { dynamoDb: makeDynamoDbClient(connected.log, region), tableName };
  const reviewAfterHours = reviewHoursIn(outputs);
  const deps = { ...connected, ...witnesses, region, table, reviewAfterHours };
  return readStatus(deps, options.all === true);
};

const codeOf = ({ isOpen, isGone, report }: Standing): number => {
  if (!isOpen) return exitCodes.done;
  if (isGone === true) return exitCodes.person;
  return report === undefined ? exitCodes.notIsolated : exitCodeOfVerification(report);
};

const show = (regions: readonly RegionStatus[], { json, csv, quiet }: Options): void => {
  const cases = regions.flatMap((one) => one.cases);
  const verdict = statusVerdict(regions);
  if (json === true) {
    const places = regions.map(({ cases: _listed, ...about }) => about);
    print(JSON.stringify({ verdict, cases: cases.map(rowOf), regions: places }, null, 2));
    return;
  }
  for (const remark of statusRemarks(regions)) tell(remark);
  if (csv === true) print(statusCsv(cases));
  // A case is a line, however long: it is looked through, and cut to columns by other programs.
  else print(quiet === true ? verdict : statusText(regions, new Date()));
};

const status = async (options: Options): Promise<number> => {
  useProfile(options.profile);
  const named = await regionsFor(options.region ?? [], options);
  const regions = await Promise.all(named.map((region) => statusIn(region, options)));
  show(regions, options);
  const unread = regions.some((one) => one.unread !== undefined) ? [exitCodes.notIsolated] : [];
  return worstOf([...unread, ...regions.flatMap(({ cases }) => cases).map(codeOf)]);
};

const addedTo = (region: string, others: readonly string[] = []): readonly string[] => [
  ...others,
  region,
];

/** `cordon status` */
export const addStatusCommand = (program: Command, onExitCode: (code: number) => void): void => {
  withStackOption(
    withSharedOptions(
      program
        .command('status')
        .description(
          'Every open case, each read back from AWS: how it stands, and what to do next.',
        )
        .option('--all', 'also the ended cases that the case table still has')
        .option('--region <region>', `a Region, or ${everyRegion}; can be repeated`, addedTo)
        .addOption(new Option('--csv', 'the cases as comma-separated values').conflicts('json')),
    ),
  ).action(async (options: Options) => {
    onExitCode(await status(options));
  });
};
