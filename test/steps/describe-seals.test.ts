import {
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
} from '@aws-sdk/client-auto-scaling';
import { describe, expect, it } from 'vitest';
import { issueSeal } from '../../src/record/trail/seal/issue-seal.ts';
import { sealSubject } from '../../src/record/trail/seal/seal-subject.ts';
import type { Tags } from '../../src/record/trail/tags.ts';
import type { DescribeDeps } from '../../src/steps/describe.ts';
import { describe as describeStep } from '../../src/steps/describe.ts';
import { aTrailKey } from '../record/trail/seal/test-key.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeEc2 } from './fake-ec2.ts';
import {
  aCase,
  anInstance,
  anInterface,
  anIsolationGroup,
  firstInterface,
  instanceId,
  isolationId,
  region,
  webGroup,
} from './sample-instance.ts';

const earlier = `20260228T2310Z-${instanceId}`;
const instance = anInstance({
  networkInterfaces: [anInterface({ groupIds: [isolationId] })],
  tags: { 'cordon:case': earlier },
  madeAt: '2026-01-05T08:00:00.000Z',
});

const key = aTrailKey();

/** What an earlier run of the case has left on the interface, sealed. */
const left: Tags = { 'cordon:case': earlier, 'cordon:original-groups': webGroup };
const seal = await issueSeal(key, {
  subject: sealSubject(instance, earlier, firstInterface),
  run: '1',
  at: new Date('2026-02-28T23:12:00Z'),
  present: {},
  own: left,
});

const planted = 'sg-0eeeeeeeeeeeeeee5';

const repeat = async (
  tags: Tags,
  more: Partial<DescribeDeps> = { publicTrailKey: key.publicKey },
) => {
  const aws = fakeAws();
  const world = new FakeEc2(aws, { instance, groups: [anIsolationGroup()] });
  world.tag(firstInterface, { ...left, ...seal, ...tags });
  aws.autoScaling.on(DescribeAutoScalingInstancesCommand).resolves({ AutoScalingInstances: [] });
  aws.autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
  const { detail } = await describeStep(
    { ...aws.deps, ...more },
    { instanceId, region, case: aCase() },
  );
  const { recollection } = detail.before;
  return {
    caseId: detail.case.caseId,
    groups: recollection?.former.interfaces[firstInterface]?.groups,
    foreign: recollection?.foreign ?? [],
  };
};

describe('A further run of a case whose trail is sealed', () => {
  it('keeps what was before', async () => {
    expect(await repeat({})).toEqual({ caseId: earlier, groups: [webGroup], foreign: [] });
  });

  // threat C1
  it('keeps nothing that somebody has put in its place, and tells', async () => {
    const { groups, foreign } = await repeat({ 'cordon:original-groups': planted });
    expect(groups).toBeUndefined();
    expect(foreign).toEqual([`${firstInterface} cordon:original-groups="${planted}" (broken)`]);
  });

  // threat C6
  it('keeps nothing that somebody has added beside the seal, and tells', async () => {
    const { groups, foreign } = await repeat({ 'cordon:before:addresses': 'auto=198.51.100.7' });
    expect(groups).toEqual([webGroup]);
    expect(foreign).toEqual([
      `${firstInterface} cordon:before:addresses="auto=198.51.100.7" (not sealed)`,
    ]);
  });

  it.each<[string, Partial<DescribeDeps>]>([
    ['has no key to verify it', {}],
    ['cannot get the key', { publicTrailKey: () => Promise.reject(new Error('denied')) }],
  ])('goes on as without seals where it %s', async (_, more) => {
    const { groups } = await repeat({ 'cordon:original-groups': planted }, more);
    expect(groups).toEqual([planted]);
  });
});
