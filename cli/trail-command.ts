import type { Command } from 'commander';
import { Option } from 'commander';
import { makeCloudTrailClient } from '../src/aws/client/cloudtrail.ts';
import { makeDynamoDbClient } from '../src/aws/client/dynamodb.ts';
import { makeS3Client } from '../src/aws/client/s3.ts';
import { asCordonError, inWords } from '../src/aws/errors.ts';
import { sweep } from '../src/aws/sweep.ts';
import { InvalidSettingsError } from '../src/case/errors.ts';
import { quoted } from '../src/case/quoted.ts';
import { makeVerifyClients } from '../src/lambda/verify-clients.ts';
import { trailsText, trailsVerdict, trailText, trailVerdict } from '../src/notify/trail-text.ts';
import type { KnownHead } from '../src/record/chain/verify-record.ts';
import type { EvidenceCase } from '../src/record/evidence-store/keys.ts';
import type { RetellDeps, ToRetell } from '../src/retell-case.ts';
import { retellCase } from '../src/retell-case.ts';
import type { Retelling, RetoldFrom } from '../src/retelling/retelling.ts';
import { judged } from '../src/retelling/retelling.ts';
import type { CommonOptions, StackOption } from './common-options.ts';
import { useProfile, withCommonOptions, withStackOption } from './common-options.ts';
import { connect, settingsOfShell } from './connect.ts';
import { exitCodes } from './exit-code.ts';
import { findSubject } from './find-subject.ts';
import { isInputError } from './input-errors.ts';
import { print, say, tell } from './output.ts';
import { regionFor } from './region.ts';
import { stackWitnesses } from './stack-witnesses.ts';
import { requireSubject } from './subject.ts';
import { accountFor, caseFor, everyCase } from './trail-cases.ts';

interface Options extends CommonOptions, StackOption {
  readonly from?: Exclude<RetoldFrom, 'both'>;
  readonly head: readonly string[];
  readonly all?: true;
  readonly cloudtrail?: true;
}

/** Cases at once. */
const width = 4;

/** @throws InvalidSettingsError for what is no head of a record. */
const headOf = (text: string): KnownHead => {
  if (/^[0-9a-f]{16,64}$/.test(text)) return { from: 'the message', head: text };
  throw new InvalidSettingsError(
    `--head ${quoted(text, 80)} is no head; accepted are the 16 hexadecimal digits of a message, or more.`,
  );
};

const connectToTrail = async (options: Options) => {
  useProfile(options.profile);
  const region = await regionFor(options.region);
  const connected = await connect(makeVerifyClients, region, settingsOfShell().settings, options);
  const witnesses = stackWitnesses(connected, region, options.stack);
  const outputs = await witnesses.outputs;
  const missing = await witnesses.withoutStack;
  if (missing !== undefined && options.quiet !== true) tell(missing);
  const { EvidenceStoreName: name = '', CaseTableName: caseTableName } = outputs;
  const deps: RetellDeps = {
    ...connected,
    ...witnesses,
    dynamoDb: makeDynamoDbClient(connected.log, region),
    bucket: name === '' ? undefined : { s3: makeS3Client(connected.log, region), name },
    caseTableName,
  };
  const cloudTrail =
    options.cloudtrail === true ? makeCloudTrailClient(connected.log, region) : undefined;
  return {
    deps,
    cloudTrail,
    about: { region, accountId: await accountFor(deps, outputs.StateMachineArn) },
  };
};

/** A case that cannot be read keeps none of the others from being told. */
const unreadable = (theCase: EvidenceCase, from: RetoldFrom, error: unknown): Retelling =>
  judged({
    ...{ ...theCase, from, timeline: [], broken: [], disagreements: [], remarks: [], seals: {} },
    doubts: [`it could not be read: ${inWords(error)}`],
  });

const exitCodeOf = (stories: readonly Retelling[]): number =>
  stories.every(({ verdict }) => verdict === 'HOLDS') ? exitCodes.done : exitCodes.person;

const retellOne = async (text: string, options: Options, ask: Pick<ToRetell, 'from' | 'heads'>) => {
  requireSubject(text);
  const { deps, about, cloudTrail } = await connectToTrail(options);
  const use = { region: about.region, log: deps.log, changes: false };
  const theCase = await caseFor(deps, about, await findSubject(text, use));
  const story = await retellCase(deps, { ...ask, case: theCase }, cloudTrail);
  if (options.json === true) print(JSON.stringify(story, null, 2));
  else say(options.quiet === true ? trailVerdict(story) : trailText(story));
  return exitCodeOf([story]);
};

const retellAll = async (options: Options, ask: Pick<ToRetell, 'from' | 'heads'>) => {
  const { deps, about } = await connectToTrail(options);
  const cases = await everyCase(deps, about);
  const told = new Map<EvidenceCase, Retelling>();
  await sweep(
    cases,
    async (one) => {
      const story = await retellCase(deps, { ...ask, case: one }).catch((error: unknown) =>
        unreadable(one, ask.from, error),
      );
      told.set(one, story);
    },
    width,
  );
  const stories = cases.flatMap((one) => told.get(one) ?? []);
  if (options.json === true) print(JSON.stringify({ cases: stories }, null, 2));
  else print(options.quiet === true ? trailsVerdict(stories) : trailsText(stories));
  return exitCodeOf(stories);
};

/** What cannot be read does not hold: a person has to look. */
const orUnproven = async (options: Options, work: () => Promise<number>): Promise<number> => {
  try {
    return await work();
  } catch (error) {
    if (isInputError(error)) throw error;
    const { message } = asCordonError(error, 'Reading the trail');
    print(
      options.json === true
        ? JSON.stringify({ verdict: 'UNPROVEN', reason: message }, null, 2)
        : `TRAIL UNPROVEN: ${message}`,
    );
    return exitCodes.person;
  }
};

const trail = async (text: string | undefined, options: Options): Promise<number> => {
  const ask = { from: options.from ?? 'both', heads: options.head.map(headOf) } as const;
  const alone = ask.heads.length > 0 || options.cloudtrail === true;
  if (options.all === true && text === undefined && !alone) {
    return retellAll(options, ask);
  }
  if (text !== undefined && options.all === undefined) return retellOne(text, options, ask);
  throw new InvalidSettingsError(
    'Accepted is either a case or an instance, or --all without --head and --cloudtrail.',
  );
};

/** `cordon trail <instance | case | --all>` */
export const addTrailCommand = (program: Command, onExitCode: (code: number) => void): void => {
  withStackOption(
    withCommonOptions(
      program
        .command('trail')
        .description(
          'Retell a case, months later, from its tags and its record, and say whether they hold; nothing is changed.',
        )
        .argument('[case | instance]', 'a case id, or an instance id for its latest case')
        .option('--all', 'every case of the account and Region, one line each')
        .option('--cloudtrail', 'match each call with CloudTrail; tells who else changed something')
        .addOption(
          new Option('--from <source>', 'from one of them alone (default: both)').choices([
            'tags',
            'record',
          ]),
        )
        .option(
          '--head <digits>',
          'what a message calls "Record": must be in the record; can be repeated',
          (value: string, before: readonly string[]) => [...before, value],
          [] as readonly string[],
        ),
    ),
  ).action(async (subject: string | undefined, options: Options) => {
    onExitCode(await orUnproven(options, () => trail(subject, options)));
  });
};
