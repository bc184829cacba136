import type { ReinforcementName } from '../../src/actions/index.ts';
import { reinforcementNamed } from '../../src/actions/index.ts';
import { answerPermissions } from '../../src/asking/send-answer.ts';
import { verifyingPermission } from '../../src/aws/public-trail-key.ts';
import { blockReadPermissions } from '../../src/aws/snapshot-blocks.ts';
import { sealingPermissions } from '../../src/aws/trail-key.ts';
import { evidencePermissions } from '../../src/evidence/answer-evidence.ts';
import { collectors } from '../../src/evidence/index.ts';
import { permissions as intake } from '../../src/intake/intake.ts';
import { lockPermissions } from '../../src/record/case-table/case-lock.ts';
import { settlePermissions } from '../../src/record/case-table/settle-case.ts';
import { appendPermissions } from '../../src/record/chain/append.ts';
import { headPermission } from '../../src/record/chain/read-head.ts';
import { outboxPermissions } from '../../src/record/outbox/outbox.ts';
import { permissions as release } from '../../src/release/permissions.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { permissions as checkSnapshots } from '../../src/steps/check-snapshots.ts';
import { permissions as collectEvidence } from '../../src/steps/collect-evidence.ts';
import { permissions as deregister } from '../../src/steps/deregister-load-balancers.ts';
import { permissions as describeStep } from '../../src/steps/describe.ts';
import { forensicPathPermissions } from '../../src/steps/describing/read-forensic-path.ts';
import { permissions as detach } from '../../src/steps/detach-auto-scaling.ts';
import { permissions as isolate } from '../../src/steps/isolate-alone.ts';
import { permissions as notify } from '../../src/steps/notify.ts';
import { permissions as prepare } from '../../src/steps/prepare-isolation.ts';
import { permissions as protect } from '../../src/steps/protect.ts';
import { permissions as snapshot } from '../../src/steps/snapshot.ts';
import { permissions as tag } from '../../src/steps/tag.ts';
import { permissions as verify } from '../../src/steps/verify.ts';
import { withDescribe } from '../../src/steps/with-describe.ts';
import { permissions as drift } from '../../src/watch/drift.ts';

/** Each name once, in the order of the alphabet. */
export const sorted = (names: readonly string[]): readonly string[] =>
  [...new Set(names)].toSorted();

/** Publishing to an encrypted topic is also using its key. */
const withKey = (permissions: readonly string[]): readonly string[] =>
  permissions.includes('sns:Publish')
    ? [...permissions, 'kms:GenerateDataKey', 'kms:Decrypt']
    : permissions;

/** What Lambda may do with the role of a function whose failures it puts on the queue. */
const failuresToQueue = ['sqs:SendMessage'];

/** What is collected by a stack that opts into no kind of evidence; each opt-in has a test of its own. */
const alwaysCollected = collectors
  .filter((one) => one.isOptedInto(readSettings({}).settings))
  .flatMap(({ permissions }) => permissions);

/** Every function but those that read blocks puts what it noted into the outbox. */
const journal = (owner: string): readonly string[] =>
  owner === 'HashBlocksFunction' ? [] : outboxPermissions;

/** The steps that a person runs by hand, without the further cuts. */
export const steps: readonly string[] = [
  ...describeStep,
  ...forensicPathPermissions,
  ...tag,
  ...detach,
  ...deregister,
  ...prepare,
  ...isolate,
  ...protect,
  ...snapshot,
  ...collectEvidence,
  ...verify,
  ...notify,
];

/**
 * What each function's code calls, as the steps themselves declare it, in a stack that opts into
 * these further cuts. The idle timeouts need no opt-in.
 */
export const neededWith = (
  ...cuts: readonly ReinforcementName[]
): Readonly<Record<string, readonly string[]>> => {
  const reinforce = (['idle-timeouts', ...cuts] as const).flatMap(
    (cut) => reinforcementNamed(cut).permissions,
  );
  const declared = {
    IntakeFunction: intake,
    DescribeFunction: [
      ...describeStep,
      ...forensicPathPermissions,
      'states:DescribeExecution',
      verifyingPermission,
    ],
    TagFunction: [...tag, headPermission],
    DetachAutoScalingFunction: detach,
    DeregisterLoadBalancersFunction: deregister,
    PrepareIsolationFunction: prepare,
    IsolateNetworkFunction: isolate,
    ReinforceCutFunction: withDescribe(reinforce),
    ProtectFunction: protect,
    SnapshotFunction: snapshot,
    CheckSnapshotsFunction: checkSnapshots,
    CollectEvidenceFunction: collectEvidence,
    EvidenceFunction: [...evidencePermissions, ...alwaysCollected, headPermission],
    HashBlocksFunction: [
      ...blockReadPermissions,
      's3:PutObject',
      's3:GetObject',
      'kms:GenerateDataKey',
      'kms:Decrypt',
    ],
    VerifyFunction: verify,
    ReportFunction: [
      ...appendPermissions,
      's3:ListBucket',
      ...sealingPermissions,
      'dynamodb:Scan',
      'kms:GenerateDataKey',
      'kms:Decrypt',
    ],
    AskFunction: [...notify, ...settlePermissions, headPermission],
    NotifyFunction: [...notify, ...settlePermissions],
    ContainFunction: [...steps, ...reinforce, ...lockPermissions, ...answerPermissions],
    DriftFunction: [...drift, ...failuresToQueue, headPermission],
    ReleaseFunction: [
      headPermission,
      ...release,
      ...settlePermissions,
      ...cuts.flatMap((cut) => reinforcementNamed(cut).releasePermissions),
    ],
  };
  return Object.fromEntries(
    Object.entries(declared).map(([owner, permissions]) => [
      owner,
      sorted(
        withKey(owner === 'ReportFunction' ? permissions : [...permissions, ...journal(owner)]),
      ),
    ]),
  );
};
