import { makeS3Client } from '../aws/client/s3.ts';
import { makeStsClient } from '../aws/client/sts.ts';
import { systemClock } from '../aws/clock.ts';
import type { Log } from '../aws/log.ts';
import { readPrincipal } from '../aws/principal.ts';
import { trailKeyOf } from '../aws/trail-key.ts';
import type { AppendDeps } from '../record/chain/append.ts';
import type { Settings } from '../settings/settings.ts';
import type { LambdaContext } from './function-writer.ts';
import { functionWriter } from './function-writer.ts';
import { journalTable } from './journal-table.ts';

let s3: AppendDeps['bucket']['s3'] | undefined;
let principal: Promise<string | undefined> | undefined;

/** How long a message waits for a name in the record, in milliseconds; and how long the name is asked for. */
const patience = 1_000;
const patienceInBackground = 15_000;

/**
 * Asked for once. An answer that comes too late for this object is there for the next one, and one that
 * does not come at all is asked for again.
 */
const principalOnce = (log: Log): Promise<string | undefined> => {
  principal ??= readPrincipal(makeStsClient(log), systemClock, patienceInBackground).then((arn) => {
    if (arn === undefined) principal = undefined;
    return arn;
  });
  const late = systemClock.sleep(patience).then(() => undefined);
  return Promise.race([principal, late]);
};

/**
 * What the function that appends to records works with; undefined where the stack has no table, store or
 * key, as by hand.
 */
export const recordDeps = async (
  log: Log,
  settings: Settings,
  context: LambdaContext | undefined,
): Promise<(AppendDeps & { readonly log: Log }) | undefined> => {
  const table = journalTable(log);
  const name = process.env.EVIDENCE_STORE ?? '';
  const { trailKey } = await trailKeyOf({ clients: {}, clock: systemClock, log, settings });
  if (table.tableName === '' || name === '' || trailKey === undefined) return undefined;
  s3 ??= makeS3Client(log);
  const [writer, arn] = await Promise.all([
    functionWriter('ReportFunction', context),
    principalOnce(log),
  ]);
  const bucket = { s3, name };
  return { table, bucket, trailKey, clock: systemClock, log, writer, principal: arn };
};
