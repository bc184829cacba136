import { makeDynamoDbClient } from '../src/aws/client/dynamodb.ts';
import { makeStsClient } from '../src/aws/client/sts.ts';
import type { Clock } from '../src/aws/clock.ts';
import type { Log } from '../src/aws/log.ts';
import { readPrincipal } from '../src/aws/principal.ts';
import { defined } from '../src/case/defined.ts';
import { ownCodeSha256 } from '../src/lambda/own-code.ts';
import type { Writer } from '../src/record/journal/batch.ts';
import type { KeepDeps } from '../src/record/outbox/keep-run.ts';
import type { Journal } from '../src/record/trail/journal.ts';
import type { StackWitnesses } from './stack-witnesses.ts';
import { whoAsks } from './switch-command.ts';

/** A name in a record is worth waiting no longer for, in milliseconds. */
const patience = 1_000;

/** Who works at this keyboard, as AWS knows them, with which code. */
const personAs = async (log: Log, clock: Clock, region: string): Promise<Writer> => ({
  actor: (await readPrincipal(makeStsClient(log, region), clock, patience)) ?? whoAsks(),
  program: 'cordon',
  ...defined({ codeSha256: await ownCodeSha256() }),
});

/** What keeps a command's part of the story of a case: this machine, and the stack where there is one. */
export const personJournal = (
  { clock, log, journal }: { readonly clock: Clock; readonly log: Log; readonly journal?: Journal },
  region: string,
  { caseTableName }: Pick<StackWitnesses, 'caseTableName'>,
): KeepDeps => ({
  clock,
  log,
  ...defined({ journal }),
  table: async () => {
    const tableName = (await caseTableName) ?? '';
    return tableName === '' ? undefined : { dynamoDb: makeDynamoDbClient(log, region), tableName };
  },
  writer: () => personAs(log, clock, region),
});
