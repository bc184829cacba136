import { createPublicKey } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '../../src/aws/clock.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { verifiers } from '../../src/evidence/verifiers.ts';
import { readStoredCase, storyOfRecord, storyOfReport } from '../../src/read-story.ts';
import { openStore } from '../../src/record/evidence-store/evidence-store.ts';
import { retellAsHtml } from '../../src/report-page/retell.ts';
import type { Story } from '../../src/report-page/story.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { clientConfiguration } from '../world/world-clients.ts';
import type { DrillContext } from './drill-context.ts';
import { need } from './drill-context.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };

const storedCase = async (context: DrillContext, report: CaseReport) => {
  const configuration = clientConfiguration(need(context.emulator, 'emulator'));
  const { outputs } = need(context.stage, 'stage').deployed;
  const bucket = {
    s3: new S3Client({ ...configuration, forcePathStyle: true }),
    name: outputs.EvidenceStoreName ?? '',
  };
  const store = openStore({ bucket, clock: systemClock, by: 'the drill' }, report);
  const { settings } = readSettings({ MODE: 'contain' });
  const clients = { ec2: new EC2Client(configuration) };
  const deps = { clients, clock: systemClock, log: silent, settings };
  const publicKey = async () => {
    const kms = new KMSClient(configuration);
    const { PublicKey = new Uint8Array() } = await kms.send(
      new GetPublicKeyCommand({ KeyId: outputs.TrailKeyArn }),
    );
    return createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
  };
  return readStoredCase(
    {
      ...{ bucket, store, clock: systemClock, publicKey },
      table: {
        dynamoDb: new DynamoDBClient(configuration),
        caseTableName: outputs.CaseTableName,
      },
      verifyResource: (piece) => verifiers[piece.collector]?.(deps, piece),
    },
    report,
  );
};

/** The end of the story where the record does not tell it: how the drill has given the instance back. */
const withRelease = (story: Story, { released }: DrillContext, now: Date): Story => {
  const isTold = story.timeline.some(({ kind }) => kind === 'release');
  if (released === undefined || isTold) return story;
  const { status, reason } = released;
  const end = { kind: 'release', at: now.toISOString(), what: reason, outcome: status } as const;
  return { ...story, timeline: [...story.timeline, { ...end, sources: ['record'] }] };
};

/** The story of the drill's case, as `cordon report` reads it from the store of the stack. */
const storyOfDrill = async (context: DrillContext, report: CaseReport): Promise<Story> => {
  const stored = await storedCase(context, report);
  const now = systemClock.now();
  const why = 'the store has no case report in a record of it.';
  const story = storyOfRecord(stored, now) ?? storyOfReport(report, why, stored, now);
  return withRelease(story, context, now);
};

/**
 * Writes the page of the drill's case.
 *
 * @param file absent: a new file in a new folder among the temporary ones.
 * @returns where it is, and whether the record that it is made from is as Cordon wrote it.
 */
export const writeDrillReport = async (
  context: DrillContext,
  report: CaseReport,
  file = join(mkdtempSync(join(tmpdir(), 'cordon-drill-')), 'report.html'),
): Promise<{ readonly file: string; readonly isVerified: boolean }> => {
  const story = await storyOfDrill(context, report);
  const { source } = story;
  writeFileSync(file, retellAsHtml(story));
  const isVerified = source.kind === 'record' && source.breaks.length + source.doubts.length === 0;
  return { file, isVerified };
};
