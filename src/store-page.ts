import type { Clock } from './aws/clock.ts';
import { unjournaled } from './aws/current-journal.ts';
import { giveUpAfter } from './aws/deadline.ts';
import { inWords } from './aws/errors.ts';
import type { Log } from './aws/log.ts';
import type { RecordMark } from './case/record-mark.ts';
import type { CaseReport } from './case/report.ts';
import { objectLink } from './notify/console-links.ts';
import { storyOfRecord } from './read-story.ts';
import { readRecord } from './record/chain/read-record.ts';
import { readLatest } from './record/chain/read-versions.ts';
import { pageKey } from './record/evidence-store/keys.ts';
import type { Bucket } from './record/evidence-store/objects.ts';
import { putOnce } from './record/evidence-store/objects.ts';
import type { TrailKey } from './record/trail/seal/trail-key.ts';
import { retellAsHtml } from './report-page/retell.ts';

/** How long a message waits for the page, in milliseconds. */
const patience = 2_500;

interface PageDeps {
  readonly bucket: Bucket;
  readonly trailKey: TrailKey;
  readonly clock: Clock;
  readonly log: Log;
}

const putPage = async (
  { bucket, trailKey, clock }: PageDeps,
  report: CaseReport,
  { head, number }: RecordMark,
): Promise<string | undefined> => {
  const publicKey = await trailKey.publicKey().catch(() => undefined);
  const heads = async () => [{ from: 'the message', head, number }];
  const record = await readRecord(bucket, report, { publicKey, heads }, readLatest(number));
  if (record === undefined) return undefined;
  const story = storyOfRecord({ record, report, notes: [] }, clock.now());
  if (story === undefined) return undefined;
  const key = pageKey(report, number);
  const page = Buffer.from(retellAsHtml(story));
  const { put } = await putOnce(bucket, key, page, 'text/html; charset=utf-8');
  // Another page lies there, of a try before or of somebody else: it is not known what it says.
  return put ? objectLink(report.region, bucket.name, key) : undefined;
};

/**
 * Puts the page of a case into the evidence store, made from its record, and gives the report with a link to
 * it. Never rejects: a message without the link is as good.
 */
export const withPage = async (deps: PageDeps, report: CaseReport): Promise<CaseReport> => {
  const { record, caseId } = report;
  if (record === undefined) return report;
  try {
    const page = await unjournaled(() =>
      giveUpAfter(deps.clock, patience, () => putPage(deps, report, record)),
    );
    return page === undefined ? report : { ...report, page };
  } catch (error) {
    deps.log.error('the page of the case is not in the store', { caseId, error: inWords(error) });
    return report;
  }
};
