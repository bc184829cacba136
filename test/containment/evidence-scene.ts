import { S3Client } from '@aws-sdk/client-s3';
import { followExecution } from '../../emulator/follow/execution.ts';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import type { CollectEvidenceDetail } from '../../src/case/details.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { detailOf } from '../../src/case/step-detail.ts';
import { openStore } from '../../src/record/evidence-store/evidence-store.ts';
import type { Account } from './account.ts';

/** The bucket of the stack. */
export const bucketOf = ({ emulator, stage }: Account) => ({
  s3: new S3Client({ ...clientConfiguration(emulator), forcePathStyle: true }),
  name: stage.deployed.outputs.EvidenceStoreName ?? '',
});

/** The evidence of a case in the store of the stack. */
export const storeOf = (account: Account, report: CaseReport) => {
  const clock = { now: () => new Date(), sleep: async () => {} };
  return openStore({ bucket: bucketOf(account), clock, by: 'a test' }, report);
};

/** What the machine that the case has started came to. */
export const collected = async (account: Account, report: CaseReport) => {
  const detail = detailOf<CollectEvidenceDetail>(report.steps, 'collect-evidence');
  const { status, output } = await followExecution(account.clients, detail?.executionArn ?? '');
  return { status, output: output as { readonly manifest: { readonly key: string } } };
};
