import { CreateTrafficMirrorTargetCommand } from '@aws-sdk/client-ec2';
import { describe, it } from 'vitest';
import type { WorldClients } from '../../emulator/world/world-clients.ts';
import { useAccount } from '../containment/account.ts';
import { evidenceCalls, expectUntouchedCase } from '../containment/evidence-faults.ts';
import { troubles } from '../containment/faults.ts';

/** Every call of a collection of evidence, failing in every way. */

const accounts = useAccount({ evidence: true });

const makeTarget = async ({ ec2 }: WorldClients): Promise<Record<string, string>> => {
  const { TrafficMirrorTarget } = await ec2.send(
    new CreateTrafficMirrorTargetCommand({
      NetworkLoadBalancerArn:
        'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/sensors/0123456789abcdef',
    }),
  );
  return { MirrorTargetId: TrafficMirrorTarget?.TrafficMirrorTargetId ?? '' };
};

const everything = { parameters: { SnapshotLock: 'governance' }, before: makeTarget };

describe.each(evidenceCalls)('When $service $action goes wrong', (call) => {
  it.each(troubles.filter(({ kind }) => kind !== 'timeout'))(
    'the case is what it would have been: $kind',
    async (trouble) => {
      await expectUntouchedCase(await accounts.open(everything), call, trouble);
    },
  );
});
