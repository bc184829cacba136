import type { Command } from 'commander';
import { makeCloudFormationClient } from '../src/aws/client/cloudformation.ts';
import { makeDynamoDbClient } from '../src/aws/client/dynamodb.ts';
import { systemClock } from '../src/aws/clock.ts';
import { readStack } from '../src/aws/stack.ts';
import { cordonCommand } from '../src/case/cordon-command.ts';
import { defined } from '../src/case/defined.ts';
import { InvalidSettingsError } from '../src/case/errors.ts';
import { oneLine } from '../src/case/one-line.ts';
import { quoted } from '../src/case/quoted.ts';
import type { Ownership } from '../src/case/review.ts';
import { nextReview } from '../src/case/review.ts';
import { minuteOf } from '../src/case/stop-switch.ts';
import type { Taken } from '../src/take-case.ts';
import { takeOpenCase } from '../src/take-case.ts';
import type { CommonOptions, StackOption } from './common-options.ts';
import { useProfile, withCommonOptions, withStackOption } from './common-options.ts';
import { requireCredentials } from './credentials.ts';
import { orPersonDecides } from './evidence-subcommand.ts';
import { exitCodes } from './exit-code.ts';
import { fileLog, logNameAt } from './file-log.ts';
import { findSubject } from './find-subject.ts';
import { noteDecision } from './note-decision.ts';
import { print, say, tell } from './output.ts';
import { regionFor } from './region.ts';
import { reviewHoursIn } from './review-hours.ts';
import { requireSubject } from './subject.ts';
import { whoAsks } from './switch-command.ts';

interface Options extends CommonOptions, StackOption {
  readonly reason?: string;
}

/** The longest reason that the table keeps, in characters. */
const longestReason = 500;

const connectTo = async (region: string, options: Options) => {
  const log = fileLog(options.log ?? logNameAt(systemClock.now()), tell);
  const dynamoDb = makeDynamoDbClient(log, region);
  const clients = { cloudFormation: makeCloudFormationClient(log, region) };
  await requireCredentials(dynamoDb);
  const outputs = await readStack({ clients }, options.stack);
  const { CaseTableName: tableName = '' } = outputs;
  if (tableName === '') {
    throw new InvalidSettingsError(
      `The stack "${options.stack}" in ${region} keeps no case: it has no output CaseTableName.`,
    );
  }
  return { log, table: { dynamoDb, tableName }, reviewAfterHours: reviewHoursIn(outputs) };
};

const ownershipFrom = (now: Date, hours: number, reason: string | undefined): Ownership => ({
  owner: whoAsks(),
  takenAt: now.toISOString(),
  ...defined({
    reason: reason?.slice(0, longestReason),
    reviewAt: nextReview(now, hours)?.toISOString(),
  }),
});

const wordsOf = ({ caseId, ownership, former }: Taken): readonly string[] => {
  const { owner, reviewAt } = ownership;
  const review = reviewAt === undefined ? 'no review' : `review by ${minuteOf(new Date(reviewAt))}`;
  return [
    `TAKEN ${caseId}`,
    `${quoted(owner, 80)} looks after it from now on; ${review}.`,
    ...(former === undefined || former.owner === owner
      ? []
      : [`${quoted(former.owner, 80)} had it before, since ${oneLine(former.takenAt)}.`]),
  ];
};

const show = (taken: Taken, region: string, { json, quiet }: Options): void => {
  const { caseId, instanceId, ownership, former } = taken;
  if (json === true) {
    print(JSON.stringify({ caseId, instanceId, region, ...ownership, ...defined({ former }) }));
    return;
  }
  const [verdict = '', ...more] = wordsOf(taken);
  const look = cordonCommand('verify', { instanceId, region });
  say(quiet === true ? verdict : [verdict, ...more, `Look: ${look}`, verdict].join('\n'));
};

const take = async (text: string, options: Options): Promise<number> => {
  requireSubject(text);
  useProfile(options.profile);
  const region = await regionFor(options.region);
  const { log, table, reviewAfterHours } = await connectTo(region, options);
  const subject = await findSubject(text, { region, log, changes: true });
  const ownership = ownershipFrom(systemClock.now(), reviewAfterHours, options.reason);
  const taken = await takeOpenCase(table, subject, ownership);
  await noteDecision(log, region, table.tableName, {
    ...taken,
    ...{ outcome: 'take', sentence: `Taken by ${quoted(ownership.owner, 80)}.`, detail: ownership },
  });
  show(taken, region, options);
  return exitCodes.done;
};

/** `cordon take <case | instance>` */
export const addTakeCommand = (program: Command, onExitCode: (code: number) => void): void => {
  withStackOption(
    withCommonOptions(
      program
        .command('take')
        .description('Look after an open case from now on: its owner is you, and a review is due.')
        .argument('<case | instance>', 'a case id, or an instance by its id, name or address')
        .option('--reason <text>', 'why, or what is next, for the next person'),
    ),
  ).action(async (text: string, options: Options) => {
    onExitCode(await orPersonDecides(take(text, options)));
  });
};
