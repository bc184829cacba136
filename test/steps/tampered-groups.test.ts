import { AuthorizeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import type { PrepareDetail } from '../../src/case/details.ts';
import { IsolationGroupUnavailableError } from '../../src/case/errors.ts';
import type { Rule, SecurityGroup } from '../../src/case/security-group.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { prepareIsolation } from '../../src/steps/prepare-isolation.ts';
import { fakeAws } from './fake-aws.ts';
import type { Neighbour } from './fake-ec2.ts';
import { FakeEc2 } from './fake-ec2.ts';
import {
  aBefore,
  aCase,
  anInstance,
  anInterface,
  anIsolationGroup,
  everything,
  firstInterface,
  isolationId,
  vpcId,
} from './sample-instance.ts';

const otherInstance = 'i-00000000000000099';
const neighbour = (groupIds: readonly string[], tags: Record<string, string>): Neighbour => ({
  ...anInterface({ id: 'eni-00000000000000099', groupIds }),
  instanceId: otherInstance,
  tags,
});
const contained = neighbour([isolationId], { 'cordon:case': `20260201T0000Z-${otherInstance}` });
const serving = neighbour([isolationId], { Name: 'shop' });

const scene = (
  groups: readonly SecurityGroup[],
  neighbours: readonly Neighbour[] = [],
  settings: Parameters<typeof fakeAws>[0] = {},
) => {
  const aws = fakeAws({ connectionCut: 'none', ...settings });
  const instance = anInstance();
  const world = new FakeEc2(aws, { instance, groups, neighbours, ipv6Vpcs: [vpcId] });
  const before = aBefore({ instance, groups });
  const run = async () => {
    const { detail } = await prepareIsolation(aws.deps, { case: aCase(), before });
    return (detail as PrepareDetail).groups[firstInterface]?.isolation[0] ?? 'none';
  };
  return { aws, world, run };
};

const holes: Record<string, Rule> = {
  'SSH from an address': {
    direction: 'ingress',
    protocol: 'tcp',
    fromPort: 22,
    toPort: 22,
    peer: { kind: 'ipv4', cidr: '203.0.113.7/32' },
  },
  'a prefix list': {
    direction: 'egress',
    protocol: 'tcp',
    fromPort: 443,
    toPort: 443,
    peer: { kind: 'prefix-list', id: 'pl-0123' },
  },
  'another group': {
    direction: 'ingress',
    protocol: '-1',
    peer: { kind: 'group', id: 'sg-00000000000000bad' },
  },
  'IPv4 egress': everything('egress', '0.0.0.0/0'),
  'IPv6 egress': everything('egress', '::/0'),
};

describe('an isolation group that somebody has opened', () => {
  // threat B7
  it.each(Object.entries(holes))('for %s is closed again', async (_name, rule) => {
    const { aws, world, run } = scene([anIsolationGroup({ rules: [rule] })]);
    expect(await run()).toBe(isolationId);
    expect(world.groups.rules(isolationId)).toEqual([]);
    expect(aws.log.text).toContain('are not as they should be and are repaired');
  });

  it('is closed again when only contained instances are behind it', async () => {
    const opened = anIsolationGroup({ rules: Object.values(holes) });
    const { world, run } = scene([opened], [contained]);
    expect(await run()).toBe(isolationId);
    expect(world.groups.rules(isolationId)).toEqual([]);
  });

  // threat B7, F5
  it('is passed over for the next when somebody else is behind it, who keeps the access', async () => {
    const opened = anIsolationGroup({ rules: Object.values(holes) });
    const { world, run } = scene([opened], [serving]);
    expect(await run()).toBe(world.groups.named('cordon-isolation-full-2'));
    expect(world.groups.rules(isolationId)).toHaveLength(Object.keys(holes).length);
    expect(world.groups.rules(world.groups.named('cordon-isolation-full-2') ?? '')).toEqual([]);
  });

  it('is passed over when a contained interface has another group beside it', async () => {
    const shared = { ...contained, groupIds: [isolationId, 'sg-00000000000000a01'] };
    const { world, run } = scene(
      [anIsolationGroup({ rules: [holes['IPv6 egress'] as Rule] })],
      [shared],
    );
    expect(await run()).toBe(world.groups.named('cordon-isolation-full-2'));
  });

  it.each([
    ['is that of a case of another server', { instanceId: 'i-00000000000000098' }],
    ['is on an interface that no server has', { instanceId: undefined }],
    ['is no id of a case', { tags: { 'cordon:case': 'closed-by-security-team' } }],
  ])('is passed over when the tag of who is behind it %s', async (_what, change) => {
    // Whoever may write tags could else have the access of a serving host cut off.
    const { instanceId: _instanceId, ...rest } = { ...contained, ...change };
    const { instanceId } = { ...contained, ...change };
    const user: Neighbour = instanceId === undefined ? rest : { ...rest, instanceId };
    const { world, run } = scene([anIsolationGroup({ rules: Object.values(holes) })], [user]);
    expect(await run()).toBe(world.groups.named('cordon-isolation-full-2'));
    expect(world.groups.rules(isolationId)).toHaveLength(Object.keys(holes).length);
  });

  it('is closed again when contained instances have it beside other groups of Cordon', async () => {
    const clone = anIsolationGroup({
      id: 'sg-00000000000000c05',
      name: 'cordon-isolation-egress-lockdown-sg-00000000000000a01',
    });
    const both = { ...contained, groupIds: [isolationId, clone.id] };
    const opened = anIsolationGroup({ rules: Object.values(holes) });
    const { world, run } = scene([opened, clone], [both]);
    expect(await run()).toBe(isolationId);
    expect(world.groups.rules(isolationId)).toEqual([]);
  });

  // threat B9
  it('is no reason to give up before nine names are taken by open groups', async () => {
    const groups = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((suffix) =>
      anIsolationGroup({
        id: `sg-00000000000000e0${suffix}`,
        name: suffix === 1 ? 'cordon-isolation-full' : `cordon-isolation-full-${suffix}`,
        rules: [everything('egress', '0.0.0.0/0')],
      }),
    );
    const neighbours = groups.map(({ id }, index) => ({
      ...serving,
      id: `eni-0000000000000009${index}`,
      groupIds: [id],
    }));
    const { run } = scene(groups, neighbours);
    await expect(run()).rejects.toThrow(IsolationGroupUnavailableError);
    const { world, run: runWithEight } = scene(groups.slice(0, 8), neighbours);
    expect(await runWithEight()).toBe(world.groups.named('cordon-isolation-full-9'));
  });

  it('that nobody has touched is not disturbed by who is behind it', async () => {
    const { run } = scene([anIsolationGroup()], [serving]);
    expect(await run()).toBe(isolationId);
  });
});

describe('the forensic profile', () => {
  const settings = { isolationProfile: 'forensic', forensicCidrs: ['198.51.100.0/24'] } as const;

  it('lets the analysts in over SSH and RDP, and nothing out', async () => {
    const { world, run } = scene([], [], settings);
    const group = await run();
    expect(group).toBe(world.groups.named('cordon-isolation-forensic'));
    expect(world.groups.rules(group).toSorted()).toEqual([
      'ingress tcp 22 22 198.51.100.0/24',
      'ingress tcp 3389 3389 198.51.100.0/24',
    ]);
  });

  it('takes IPv6 ranges as well', async () => {
    const { world, run } = scene([], [], { ...settings, forensicCidrs: ['2001:db8::/32'] });
    expect(world.groups.rules(await run())).toContain('ingress tcp 22 22 2001:db8::/32');
  });

  it('adds the access that is missing and takes away what is too much', async () => {
    const group = anIsolationGroup({
      name: 'cordon-isolation-forensic',
      rules: [holes['SSH from an address'] as Rule],
    });
    const { world, run } = scene([group], [], settings);
    expect(await run()).toBe(isolationId);
    expect(world.groups.rules(isolationId).toSorted()).toEqual([
      'ingress tcp 22 22 198.51.100.0/24',
      'ingress tcp 3389 3389 198.51.100.0/24',
    ]);
  });

  it('gives nobody access who is not named', async () => {
    const { aws, world, run } = scene([], [], { ...settings, forensicCidrs: [] });
    expect(world.groups.rules(await run())).toEqual([]);
    expect(aws.ec2).not.toHaveReceivedCommand(AuthorizeSecurityGroupIngressCommand);
  });

  it.each([
    ['an address inside the range', '198.51.100.18/24'],
    ['capitals', '2001:DB8::/32'],
  ])('does not cost the cut when a range is written with %s', async (_how, cidr) => {
    // AWS keeps the canonical form, so what is read back is not what was written.
    const environment = { ISOLATION_PROFILE: 'forensic', FORENSIC_CIDRS: cidr };
    const { forensicCidrs } = readSettings(environment).settings;
    expect(forensicCidrs).toHaveLength(1);
    const { world, run } = scene([], [], { ...settings, forensicCidrs });
    expect(await run()).toBe(world.groups.named('cordon-isolation-forensic'));
  });
});
