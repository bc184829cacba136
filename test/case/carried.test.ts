import { describe, expect, it } from 'vitest';
import { carriedGroups, carriedMembership } from '../../src/case/carried.ts';
import { fitEntry, maximumEntryBytes } from '../../src/case/entry-size.ts';
import type { SecurityGroup } from '../../src/case/security-group.ts';
import type { StepEntry } from '../../src/case/step.ts';
import {
  accountId,
  anInstance,
  anInterface,
  anIsolationGroup,
  aTransitionGroup,
  vpcId,
  webGroup,
} from '../steps/sample-instance.ts';

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value), 'utf8');

const instance = anInstance();

const clone = (original: string, more: Partial<SecurityGroup> = {}): SecurityGroup => ({
  ...anIsolationGroup(),
  id: `${original}f`,
  name: `cordon-isolation-egress-lockdown-${original}`,
  ...more,
});

describe('the groups that are carried from step to step', () => {
  // fault D12
  it('are those of the VPCs of the instance, not of the account', () => {
    const elsewhere = Array.from({ length: 210 }, (_, index) => ({
      ...anIsolationGroup(),
      id: `sg-${index.toString(16).padStart(17, '0')}`,
      vpcId: `vpc-f${index.toString(16).padStart(16, '0')}`,
    }));
    const groups = [anIsolationGroup(), aTransitionGroup(), ...elsewhere];
    expect(carriedGroups(groups, instance)).toEqual([anIsolationGroup(), aTransitionGroup()]);
  });

  // fault O11
  it('leave out the clones of groups that the instance never had', () => {
    const leftover = clone('sg-00000000000000b99');
    expect(carriedGroups([clone(webGroup), leftover], instance)).toEqual([clone(webGroup)]);
  });

  it('leave out those of another account, which may bear the same names', () => {
    const foreign = { ...anIsolationGroup(), ownerId: '999999999999' };
    expect(carriedGroups([foreign], { ...instance, accountId })).toEqual([]);
  });

  // fault D12
  it('keep clones with many rules only as far as there is room', () => {
    const rules = Array.from({ length: 120 }, (_, index) => ({
      direction: 'ingress' as const,
      protocol: 'tcp',
      fromPort: index,
      toPort: index,
      peer: { kind: 'ipv4' as const, cidr: `198.51.100.${index}/32` },
    }));
    const clones = Array.from({ length: 9 }, (_, index) =>
      clone(webGroup, { id: `sg-0000000000000c${index}`, rules }),
    );
    const carried = carriedGroups([...clones, anIsolationGroup()], instance);
    expect(carried[0]).toEqual(anIsolationGroup());
    expect(bytesOf(carried)).toBeLessThan(22_000);
  });

  it('keep whatever the interfaces are in', () => {
    const inUse = clone('sg-00000000000000b99', { id: webGroup });
    expect(carriedGroups([inUse], instance)).toEqual([inUse]);
    expect(vpcId).toBe(inUse.vpcId);
  });
});

describe('the membership that is carried from step to step', () => {
  const member = (count: number) => ({
    known: true as const,
    membership: {
      groupName: 'web-asg',
      lifecycleState: 'InService',
      protectedFromScaleIn: false,
      targetGroupArns: [],
      loadBalancerNames: [],
      instanceIds: Array.from({ length: count }, (_, index) => `i-${index}`),
    },
  });

  // fault D12
  it('is without the members where there are thousands', () => {
    const carried = carriedMembership(member(2_000));
    expect(carried).toMatchObject({ membership: { groupName: 'web-asg' } });
    expect(bytesOf(carried)).toBeLessThan(1_000);
  });

  it('is whole where there are few, and where it is not known', () => {
    expect(carriedMembership(member(20))).toEqual(member(20));
    const unknown = { known: false as const, why: 'denied' };
    expect(carriedMembership(unknown)).toEqual(unknown);
  });
});

describe('the result of a step that the state machine carries', () => {
  const entry = (detail: object): StepEntry => ({
    step: 'deregister-load-balancers',
    outcome: 'done',
    startedAt: '2026-03-01T03:07:00.000Z',
    finishedAt: '2026-03-01T03:07:01.000Z',
    detail,
  });
  const target = (index: number) => ({
    targetGroupArn: `arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/web-${index}/0123456789abcdef`,
    targetId: 'i-0123456789abcdef0',
    port: 80,
    state: 'healthy',
    viaAutoScaling: false,
  });

  // fault D12
  it('fits with 1,050 registrations, and says how many there were', () => {
    const targets = Array.from({ length: 1_050 }, (_, index) => target(index));
    const risks = [
      { risk: 'ambiguous-targets', explanation: 'arn '.repeat(9_000), remedy: 'look' },
    ];
    const fitted = fitEntry(entry({ targets, loadBalancers: [], risks }));
    expect(bytesOf(fitted)).toBeLessThanOrEqual(maximumEntryBytes);
    expect(fitted.detail).toMatchObject({ targetsCount: 1_050, loadBalancers: [] });
    expect((fitted.detail as { risks: readonly object[] }).risks).toHaveLength(1);
  });

  it('is the same where it fits', () => {
    const small = entry({ targets: [target(1)] });
    expect(fitEntry(small)).toBe(small);
  });

  it('keeps what later steps judge by, however long it is', () => {
    const proof = Array.from({ length: 200 }, (_, index) => ({
      control: `control-${index}`,
      observed: 'x'.repeat(100),
    }));
    expect(fitEntry(entry({ proof })).detail).toEqual({ proof });
  });
});

describe('all that the state machine carries', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => index);

  /** As many of everything as AWS allows on one instance, in addresses as long as they can be. */
  const largest = () => ({
    instance: anInstance({
      networkInterfaces: ids(15).map((index) => ({
        ...anInterface(),
        id: `eni-${index.toString(16).padStart(17, '0')}`,
        groupIds: ids(16).map((group) => `sg-${group.toString(16).padStart(17, '0')}`),
        privateAddresses: ids(50).map((address) => `192.168.${100 + index}.${100 + address}`),
        ipv6Addresses: ids(50).map(
          (address) => `2001:db8:1234:1a00:1234:5678:9abc:${1000 + address}`,
        ),
        publicAddresses: ids(50).map((address) => `198.151.${100 + index}.${100 + address}`),
      })),
      volumes: ids(128).map((index) => ({
        id: `vol-${index.toString(16).padStart(17, '0')}`,
        device: `/dev/sd${index}`,
        deleteOnTermination: true,
      })),
      tags: Object.fromEntries(
        ids(50).map((index) => [`${index}`.padEnd(128, 'k'), 'v'.repeat(256)]),
      ),
    }),
    groups: 22_000,
    membership: 14_000,
  });

  // fault D12: the results of ten steps beside it, and the case
  it('fits into 256 KB, for the largest instance in the largest account', () => {
    const { instance: host, groups, membership } = largest();
    const entries = 10 * maximumEntryBytes;
    const { length: theCase } = JSON.stringify({ trigger: 'x'.repeat(4_000) });
    expect(bytesOf(host) + groups + membership + entries + theCase).toBeLessThan(262_144);
  });
});
