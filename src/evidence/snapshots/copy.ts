import { CopySnapshotCommand } from '@aws-sdk/client-ec2';
import { codeOf, inWords, isUnavailable } from '../../aws/errors.ts';
import { toTags } from '../../aws/tags.ts';
import { caseTag } from '../../record/trail/keys.ts';
import { tagValue } from '../../record/trail/tag-value.ts';
import type { EvidenceDeps } from '../collector.ts';
import type { EvidenceInput } from '../kind.ts';
import type { CaseSnapshot } from './case-snapshot.ts';
import { copyTag } from './case-snapshot.ts';
import type { Standing } from './standing.ts';
import { trouble, waits } from './standing.ts';

/**
 * A Region has 20 copies at a time, and everybody in the account counts
 * (https://docs.aws.amazon.com/ebs/latest/userguide/ebs-resource-quotas.html).
 */
const tooManyNow = ['ResourceLimitExceeded', 'PendingSnapshotLimitExceeded', 'IncorrectState'];

/**
 * Begins a copy under the examiners' key. There is no client token, so the call is sent once, and whoever
 * looks again finds the copy by its tag; an answer that was lost is waited for like any copy.
 */
export const beginCopy = async (
  { clients, settings, log }: EvidenceDeps,
  { case: { caseId, region } }: EvidenceInput,
  { snapshotId }: CaseSnapshot,
): Promise<Standing> => {
  try {
    const answer = await clients.ec2SingleAttempt.send(
      new CopySnapshotCommand({
        SourceRegion: region,
        SourceSnapshotId: snapshotId,
        Encrypted: true,
        KmsKeyId: settings.forensicKmsKeyArn,
        Description: `Cordon evidence, case ${caseId}, copy of ${snapshotId}`,
        TagSpecifications: [
          {
            ResourceType: 'snapshot',
            Tags: toTags({ [caseTag]: tagValue(caseId), [copyTag]: snapshotId }),
          },
        ],
      }),
    );
    log.info('a snapshot is copied for the examiners', {
      caseId,
      snapshotId,
      copy: answer.SnapshotId,
    });
    return waits(`${snapshotId} is copied to ${answer.SnapshotId}`);
  } catch (error) {
    if (isUnavailable(error)) return waits(`whether ${snapshotId} is copied is not known yet`);
    if (tooManyNow.includes(codeOf(error))) {
      return waits(`${snapshotId} is copied later (${inWords(error)})`);
    }
    return trouble(
      `${snapshotId} could not be copied (${inWords(error)}): look whether ${settings.forensicKmsKeyArn} is enabled and its policy lets this account use it, then contain again`,
    );
  }
};
