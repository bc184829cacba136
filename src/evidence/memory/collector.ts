import { blockReadPermissions } from '../../aws/snapshot-blocks.ts';
import type { Collector, EvidenceDeps } from '../collector.ts';
import { advance } from './advance.ts';
import { documentPermissions } from './document.ts';
import { memoryKind } from './kind.ts';
import { nonceSnapshotPermissions } from './nonce-snapshot.ts';
import { preconditionPermissions, readiness } from './preconditions.ts';
import type { Ways } from './ways.ts';

const permissions = [
  ...preconditionPermissions,
  ...nonceSnapshotPermissions,
  ...blockReadPermissions,
  ...documentPermissions,
  'ec2:DescribeVolumes',
  'ec2:CreateVolume',
  'ec2:AttachVolume',
  'ec2:DetachVolume',
  'ec2:DeleteVolume',
  'ec2:CreateSnapshot',
  'ec2:DeleteSnapshot',
  'ec2:LockSnapshot',
  'states:StartExecution',
  'states:DescribeExecution',
] as const;

/**
 * An image of the instance's memory: a tool of the examiners' own writes it onto a volume of the case,
 * without a key or a network on the host beside Systems Manager's.
 *
 * @param waysOf what it takes beside the clients of every collector.
 */
export const memoryCollector = (
  waysOf: (deps: Pick<EvidenceDeps, 'log' | 'clock'>) => Ways,
): Collector => ({
  ...memoryKind,
  permissions,
  collect: async (deps, input) => {
    const ways = waysOf(deps);
    const ready = await readiness(deps, ways.readAgent, input);
    if (!ready.can) return { outcome: 'not-applicable', sentence: ready.sentence };
    const sentence = 'Two volumes are made for the memory.';
    return { outcome: 'waiting', sentence, waitSeconds: 1, state: ready.work };
  },
  follow: (deps, input, state) => advance({ ...deps, ways: waysOf(deps) }, input, state),
});
