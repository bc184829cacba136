import { CreateTrafficMirrorTargetCommand, EC2Client } from '@aws-sdk/client-ec2';
import { S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '../../src/aws/clock.ts';
import type { CollectEvidenceDetail } from '../../src/case/details.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { detailOf } from '../../src/case/step-detail.ts';
import type { EvidenceReading } from '../../src/evidence/read-evidence.ts';
import { readEvidence } from '../../src/evidence/read-evidence.ts';
import { verifiers } from '../../src/evidence/verifiers.ts';
import { openStore } from '../../src/record/evidence-store/evidence-store.ts';
import { readSettings } from '../../src/settings/settings.ts';
import type { Emulator } from '../emulator.ts';
import { followExecution } from '../follow/execution.ts';
import { clientConfiguration, worldClients } from '../world/world-clients.ts';
import type { DrillContext } from './drill-context.ts';
import { need } from './drill-context.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/**
 * Everything that a stack opts into and that a drill can show. Flow logs are read for forty minutes, and
 * memory needs a host with an agent: the tests show both.
 */
export const evidenceParameters = async (
  emulator: Emulator,
): Promise<Readonly<Record<string, string>>> => {
  const ec2 = new EC2Client(clientConfiguration(emulator));
  const { TrafficMirrorTarget } = await ec2.send(
    new CreateTrafficMirrorTargetCommand({ NetworkLoadBalancerArn: nlbArnIn(emulator) }),
  );
  return {
    SnapshotLock: 'governance',
    MirrorTargetId: TrafficMirrorTarget?.TrafficMirrorTargetId ?? '',
  };
};

/** The load balancer of the examiners, which stands in the account of another team. */
const nlbArnIn = ({ region, accountId }: Emulator): string =>
  `arn:aws:elasticloadbalancing:${region}:${accountId}:loadbalancer/net/sensors/0123456789abcdef`;

/** What the machine that the case has started came to, read back as `cordon evidence` does. */
export const collectedEvidence = async (context: DrillContext): Promise<EvidenceReading> => {
  const emulator = need(context.emulator, 'emulator');
  const { deployed } = need(context.stage, 'stage');
  const report = need(context.ended, 'execution').output as CaseReport;
  const detail = detailOf<CollectEvidenceDetail>(report.steps, 'collect-evidence');
  await followExecution(worldClients(emulator), detail?.executionArn ?? '');
  const s3 = new S3Client({ ...clientConfiguration(emulator), forcePathStyle: true });
  const bucket = { s3, name: deployed.outputs.EvidenceStoreName ?? '' };
  const store = openStore({ bucket, clock: systemClock, by: 'the drill' }, report);
  const { settings } = readSettings({ MODE: 'contain', SNAPSHOT_LOCK: 'governance' });
  const clients = { ec2: new EC2Client(clientConfiguration(emulator)) };
  const deps = { clients, clock: systemClock, log: silent, settings };
  return readEvidence(bucket, store, report, (piece) => verifiers[piece.collector]?.(deps, piece));
};
