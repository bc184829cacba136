import { describe, expect, it } from 'vitest';
import { isolateCommands } from '../../src/case/isolate-commands.ts';
import { assembleReport } from '../../src/case/report.ts';
import type { SecurityGroup } from '../../src/case/security-group.ts';
import { wordsInShell } from './run-shell.ts';
import {
  accountId,
  beforeWith,
  instanceId,
  instanceWith,
  interfaceWith,
  region,
  vpcId,
} from './sample-before.ts';
import { caseWith, describedEntry, failedEntryOf } from './sample-report.ts';

const closedGroup = {
  id: 'sg-0000000000000000c',
  name: 'cordon-isolation-full',
  vpcId,
  ownerId: accountId,
  rules: [],
};

const openRule = {
  direction: 'egress' as const,
  protocol: '-1',
  peer: { kind: 'ipv4' as const, cidr: '0.0.0.0/0' },
};

const prepared = { groups: {}, originals: {}, risks: [] };

const commandsFor = (groups: readonly SecurityGroup[] = [closedGroup]) =>
  isolateCommands({ instanceId, region, before: beforeWith({ groups }), prepared });

describe('the commands that isolate by hand', () => {
  // fault S2
  it('name the group that was prepared, per interface', () => {
    const second = interfaceWith({ id: 'eni-0000000000000000b' });
    const commands = isolateCommands({
      instanceId,
      region,
      before: beforeWith({
        instance: instanceWith({ networkInterfaces: [interfaceWith(), second] }),
      }),
      prepared: {
        ...prepared,
        groups: {
          'eni-0a1b2c3d4e5f60718': { isolation: ['sg-0000000000000000a'] },
          'eni-0000000000000000b': { isolation: ['sg-0000000000000000b'] },
        },
      },
    });
    expect(commands).toEqual([
      `aws ec2 modify-network-interface-attribute --region ${region} --network-interface-id eni-0a1b2c3d4e5f60718 --groups sg-0000000000000000a`,
      `aws ec2 modify-network-interface-attribute --region ${region} --network-interface-id eni-0000000000000000b --groups sg-0000000000000000b`,
    ]);
  });

  // fault S2
  it('name the closed group of the VPC where preparing failed', () => {
    expect(commandsFor()).toEqual([
      expect.stringContaining(
        '--network-interface-id eni-0a1b2c3d4e5f60718 --groups sg-0000000000000000c',
      ),
    ]);
  });

  // fault S2
  it('make a closed group where there is none, and put the interface into it', () => {
    const commands = commandsFor([]);
    const words = wordsInShell(commands);
    expect(words.map(([, , operation]) => operation)).toEqual([
      'create-security-group',
      'revoke-security-group-egress',
      'revoke-security-group-egress',
      'modify-network-interface-attribute',
    ]);
    expect(words[0]).toEqual(expect.arrayContaining(['--vpc-id', vpcId, 'cordon-isolation-full']));
    expect(commands[3]).toContain('Name=group-name,Values=cordon-isolation-full');
    const permissions = words.slice(1, 3).map((one) => JSON.parse(one.at(-1) ?? ''));
    expect(permissions).toEqual([
      [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      [{ IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] }],
    ]);
  });

  it('never lead into a group of that name that is open', () => {
    const commands = commandsFor([{ ...closedGroup, rules: [openRule] }]);
    expect(commands.join('\n')).not.toContain('sg-0000000000000000c');
    expect(commands[0]).toContain('cordon-isolation-full-2');
  });

  it('look for interfaces and groups where the instance could not be read', () => {
    const commands = isolateCommands({
      instanceId,
      region,
      before: undefined,
      prepared: undefined,
    });
    expect(commands[0]).toContain(`Name=attachment.instance-id,Values=${instanceId}`);
    expect(commands[1]).toContain('Name=group-name,Values=cordon-isolation-full');
  });

  it('leave interfaces alone that only AWS can move', () => {
    const before = beforeWith({
      groups: [closedGroup],
      instance: instanceWith({ networkInterfaces: [interfaceWith({ requesterManaged: true })] }),
    });
    expect(isolateCommands({ instanceId, region, before, prepared })).toEqual([]);
  });
});

describe('the report of a case that is not isolated', () => {
  const reportOf = (...failures: ReturnType<typeof failedEntryOf>[]) =>
    assembleReport({
      case: caseWith(),
      steps: [describedEntry(), ...failures],
      finished: true,
      now: new Date('2026-11-20T03:00:09.000Z'),
    });

  // fault S2
  it('gives the cause, not what follows from it', () => {
    const report = reportOf(
      failedEntryOf('prepare-isolation', 'SecurityGroupLimitExceeded: no more groups'),
      failedEntryOf('isolate-network', 'eni-0a1b2c3d4e5f60718 has no isolation group'),
    );
    expect(report.reason).toContain('SecurityGroupLimitExceeded');
  });

  // fault S2
  // fault S3
  it('makes room first where the quota refuses one more group, for the same call would be refused again', () => {
    const report = reportOf(
      failedEntryOf('prepare-isolation', 'SecurityGroupLimitExceeded: no more', 'GroupQuotaError'),
      failedEntryOf('isolate-network', 'eni-0a1b2c3d4e5f60718 has no isolation group'),
    );
    const [why, look, make] = (report.isolate ?? '').split('\n');
    expect(why).toMatch(/^# .*L-E79EC296.*First delete one that nothing uses/);
    expect(look).toContain('aws ec2 describe-security-groups');
    expect(make).toContain('aws ec2 create-security-group');
  });

  // fault S3
  it('needs no room where a closed group is there already', () => {
    const [move, ...more] = isolateCommands({
      instanceId,
      region,
      before: beforeWith({ groups: [closedGroup] }),
      prepared,
      groupsExhausted: true,
    });
    expect(move).toContain(`--groups ${closedGroup.id}`);
    expect(more).toEqual([]);
  });

  it('has the commands that isolate, and the name people know', () => {
    const report = reportOf(failedEntryOf('isolate-network', 'denied'));
    expect(report.isolate).toContain('modify-network-interface-attribute');
    expect(report.name).toBe('web-1');
  });

  it('has none where the instance does not exist here', () => {
    const gone = reportOf(failedEntryOf('describe', 'i-… does not exist', 'InstanceNotFoundError'));
    expect(gone.isolate).toBeUndefined();
  });
});
