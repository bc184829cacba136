import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import type { SecurityGroup } from '../src/case/security-group.ts';
import { prepareVpcs } from '../src/prepare-vpcs.ts';
import { awsError, denied } from './steps/aws-error.ts';
import { fakeAws } from './steps/fake-aws.ts';
import { FakeEc2 } from './steps/fake-ec2.ts';
import {
  accountId,
  anIsolationGroup,
  aTransitionGroup,
  everything,
  isolationId,
  otherVpcId,
  vpcId,
} from './steps/sample-instance.ts';

const defaultGroup: SecurityGroup = {
  id: 'sg-00000000000000d00',
  name: 'default',
  vpcId,
  ownerId: accountId,
  rules: [],
};

interface Scene {
  readonly settings?: Parameters<typeof fakeAws>[0];
  readonly groups?: readonly SecurityGroup[];
  readonly owner?: string;
}

/** A Region with two VPCs, the second with IPv6, before any incident. */
const scene = ({ settings, groups = [], owner = accountId }: Scene = {}) => {
  const aws = fakeAws(settings);
  const world = new FakeEc2(aws, { groups: [defaultGroup, ...groups], ipv6Vpcs: [otherVpcId] });
  aws.ec2.on(DescribeVpcsCommand).resolves({
    Vpcs: [
      { VpcId: vpcId, OwnerId: owner },
      {
        VpcId: otherVpcId,
        OwnerId: owner,
        Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2a05:d014::/56' }],
      },
    ],
  });
  const run = () => prepareVpcs(aws.deps);
  /** `cordon-isolation-full, cordon-transition`, one line per VPC. */
  const names = async () =>
    (await run()).map(({ vpcId: id, groups: made, error }) => [
      id,
      error ?? made.map(({ name }) => name).join(', '),
    ]);
  return { aws, world, run, names };
};

describe('before an incident', () => {
  it('every VPC gets a closed isolation group and an open transition group', async () => {
    const { world, names } = scene();
    expect(await names()).toEqual([
      [vpcId, 'cordon-isolation-full, cordon-transition'],
      [otherVpcId, 'cordon-isolation-full, cordon-transition'],
    ]);
    for (const id of [vpcId, otherVpcId]) {
      expect(world.groups.rules(world.groups.named('cordon-isolation-full', id) ?? '')).toEqual([]);
      const rules = world.groups.rules(world.groups.named('cordon-transition', id) ?? '');
      expect(rules.filter((rule) => rule.includes('0.0.0.0/0'))).toHaveLength(2);
    }
    const open = world.groups.rules(world.groups.named('cordon-transition', otherVpcId) ?? '');
    expect(open.filter((rule) => rule.includes('::/0'))).toHaveLength(2);
  });

  it('a second time finds them and makes none', async () => {
    const { aws, names } = scene();
    const first = await names();
    aws.ec2.on(CreateSecurityGroupCommand).rejects(denied());
    expect(await names()).toEqual(first);
  });

  it('no transition group is made where connections are not cut by it', async () => {
    const { names } = scene({ settings: { connectionCut: 'none' } });
    expect((await names()).map(([, made]) => made)).toEqual([
      'cordon-isolation-full',
      'cordon-isolation-full',
    ]);
  });

  it('under forensic the responders’ group is made too, beside the closed one', async () => {
    const { world, names } = scene({
      settings: { isolationProfile: 'forensic', forensicCidrs: ['198.51.100.0/24'] },
    });
    expect((await names())[0]?.[1]).toBe(
      'cordon-isolation-full, cordon-isolation-forensic, cordon-transition',
    );
    const rules = world.groups.rules(world.groups.named('cordon-isolation-forensic', vpcId) ?? '');
    expect(rules.toSorted()).toEqual([
      'ingress tcp 22 22 198.51.100.0/24',
      'ingress tcp 3389 3389 198.51.100.0/24',
    ]);
  });

  it('under egress-lockdown only what a request by hand may ask for is made', async () => {
    const { names } = scene({ settings: { isolationProfile: 'egress-lockdown' } });
    expect((await names())[0]?.[1]).toBe('cordon-isolation-full, cordon-transition');
  });

  it('a group that somebody opened is closed again, where only cases are behind it', async () => {
    const opened = anIsolationGroup({ rules: [everything('egress', '::/0')] });
    const { world, run } = scene({ groups: [opened, aTransitionGroup()] });
    const [first] = await run();
    expect(first?.groups[0]).toEqual({ id: isolationId, name: 'cordon-isolation-full' });
    expect(world.groups.rules(isolationId)).toEqual([]);
  });

  it('a group of a shared VPC is made in the own account, not looked for in the owner’s', async () => {
    const theirs = anIsolationGroup({ ownerId: '999999999999', vpcId: otherVpcId });
    const { names } = scene({ owner: '999999999999', groups: [theirs] });
    // Their group bears the name: AWS refuses a second one, and theirs is not used.
    const [first, second] = await names();
    expect(first?.[1]).toContain('cordon-isolation-full');
    expect(second?.[1]).not.toMatch(/^cordon-isolation-full,/);
  });
});

describe('a VPC that cannot be prepared', () => {
  it('does not keep the others, and says why', async () => {
    const { aws, names } = scene();
    aws.ec2
      .on(CreateSecurityGroupCommand, { VpcId: vpcId })
      .rejects(awsError('SecurityGroupLimitExceeded', 'You have reached the limit.'));
    const [first, second] = await names();
    expect(first?.[1]).toContain('SecurityGroupLimitExceeded');
    expect(second?.[1]).toBe('cordon-isolation-full, cordon-transition');
  });

  it('is one whose transition group stays closed: it would cut nothing', async () => {
    const closed = aTransitionGroup({ rules: [] });
    const { aws, run } = scene({ groups: [closed] });
    aws.ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(denied());
    const [first, second] = await run();
    expect(first?.error).toContain('UnauthorizedOperation');
    expect(second?.vpcId).toBe(otherVpcId);
  });

  it('is one whose responders were refused: nobody would find out but in an incident', async () => {
    const { aws, run } = scene({
      settings: {
        isolationProfile: 'forensic',
        forensicSecurityGroupId: 'sg-00000000000000f00',
        connectionCut: 'none',
      },
    });
    aws.ec2
      .on(AuthorizeSecurityGroupIngressCommand)
      .rejects(awsError('InvalidGroup.NotFound', 'The group sg-00000000000000f00 does not exist'));
    const prepared = await run();
    expect(prepared.every(({ error }) => error !== undefined)).toBe(true);
  });
});

it('VPCs that cannot be listed end the preparation: no VPC may look ready', async () => {
  const { aws, run } = scene();
  aws.ec2.on(DescribeVpcsCommand).rejects(denied());
  await expect(run()).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
});
