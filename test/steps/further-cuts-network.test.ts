import type { Address } from '@aws-sdk/client-ec2';
import {
  CreateNetworkAclEntryCommand,
  DescribeNetworkInterfacesCommand,
  DisassociateAddressCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printed } from '../../src/case/undo/inverse.ts';
import 'aws-sdk-client-mock-vitest/extend';
import type { IdleTimeouts, NetworkInterface } from '../../src/case/before.ts';
import type { Trigger } from '../../src/case/case.ts';
import { recall } from '../../src/record/trail/recall.ts';
import { awsError, denied } from './aws-error.ts';
import type { FakeAcl } from './fake-further-cuts.ts';
import { openEntries } from './fake-further-cuts.ts';
import { namesOfRisks, outcomesOf, reinforceScene, remote, undoOf } from './reinforce-scene.ts';
import {
  aBefore,
  aCase,
  anInterface,
  anotherInterface,
  caseId,
  firstInterface,
  instanceId,
  region,
  secondInterface,
} from './sample-instance.ts';

const least = { tcpEstablished: 60, udpStream: 60, udp: 30 };

describe('the idle timeouts of the interfaces', () => {
  const withTimeouts = (idleTimeouts?: IdleTimeouts) =>
    reinforceScene({
      instance: {
        networkInterfaces: [anInterface(idleTimeouts === undefined ? {} : { idleTimeouts })],
      },
    });

  it('go to the least that AWS allows', async () => {
    const { aws, run } = withTimeouts();
    await run();
    expect(aws.ec2).toHaveReceivedCommandExactlyOnceWith(ModifyNetworkInterfaceAttributeCommand, {
      NetworkInterfaceId: firstInterface,
      ConnectionTrackingSpecification: {
        TcpEstablishedTimeout: 60,
        UdpStreamTimeout: 60,
        UdpTimeout: 30,
      },
    });
  });

  it('are given back as AWS has them where nobody had set any, with a word about Nitro v6', async () => {
    const { ec2, run } = withTimeouts();
    const told = await run();
    expect(ec2.tagsOf(firstInterface)).toEqual({
      'cordon:before:idle-timeouts': 'tcp=default udp-stream=default udp=default',
    });
    expect(undoOf(told, 'idle-timeouts')).toEqual([
      '# The default for TCP is 350 on Nitro v6 instances.',
      `aws ec2 modify-network-interface-attribute --region ${region} --network-interface-id ${firstInterface} --connection-tracking-specification TcpEstablishedTimeout=432000,UdpStreamTimeout=180,UdpTimeout=30`,
    ]);
  });

  it('that somebody had set are remembered and given back, each by itself', async () => {
    const maybe = (min: number, max: number) => fc.option(fc.integer({ min, max }), { nil: null });
    const some = fc.record({ tcp: maybe(60, 432_000), stream: maybe(60, 180), udp: maybe(30, 60) });
    await fc.assert(
      fc.asyncProperty(some, async ({ tcp, stream, udp }) => {
        const set = {
          ...(tcp === null ? {} : { tcpEstablished: tcp }),
          ...(stream === null ? {} : { udpStream: stream }),
          ...(udp === null ? {} : { udp }),
        };
        const { ec2, run } = withTimeouts(set);
        const told = await run();
        if (tcp === 60 && stream === 60 && udp === 30) return;
        expect(ec2.tagsOf(firstInterface)['cordon:before:idle-timeouts']).toBe(
          `tcp=${tcp ?? 'default'} udp-stream=${stream ?? 'default'} udp=${udp ?? 'default'}`,
        );
        const undo = undoOf(told, 'idle-timeouts');
        expect(undo.at(-1)).toContain(
          `TcpEstablishedTimeout=${tcp ?? 432_000},UdpStreamTimeout=${stream ?? 180},UdpTimeout=${udp ?? 30}`,
        );
        expect(undo.some((line) => line.startsWith('#'))).toBe(tcp === null);
      }),
      { numRuns: 30 },
    );
  });

  it('at their minimum are left, and nothing is written over what was remembered', async () => {
    const { aws, run } = withTimeouts(least);
    const told = await run();
    expect(told.outcome).toBe('already');
    expect(outcomesOf(told, 'idle-timeouts')).toEqual([`${firstInterface} already`]);
    expect(aws.ec2).not.toHaveReceivedAnyCommand();
  });

  it('are lowered on every interface that can be changed, and on no other', async () => {
    const networkInterfaces = [
      anInterface(),
      anotherInterface(),
      anInterface({ id: 'eni-00000000000000003', requesterManaged: true }),
    ];
    const told = await reinforceScene({ instance: { networkInterfaces } }).run();
    expect(outcomesOf(told, 'idle-timeouts')).toEqual([
      `${firstInterface} done`,
      `${secondInterface} done`,
    ]);
  });
});

const triggerOf = (...remoteAddresses: string[]): { trigger: Trigger } => ({
  trigger: { ...aCase().trigger, remoteAddresses },
});

describe('the attacker’s address in the network ACL', () => {
  const settings = { optedInto: ['nacl-deny'] } as const;
  const subnet = 'subnet-0000000000000000a';
  const ownTag = `cordon:nacl-deny:${instanceId}`;
  const acl = (changes: Partial<FakeAcl> = {}): FakeAcl => ({
    id: 'acl-1',
    subnetIds: [subnet],
    entries: openEntries(),
    ...changes,
  });

  it('is denied both ways, and every subnet that this concerns is named', async () => {
    const acls = [acl({ subnetIds: [subnet, 'subnet-of-others'] })];
    const { ec2, world, run } = reinforceScene({ settings, world: { acls } });
    const told = await run();
    expect(world.denies).toEqual([
      `acl-1 ingress 99 deny ${remote}/32`,
      `acl-1 egress 99 deny ${remote}/32`,
    ]);
    expect(told.reinforcements.find(({ cut }) => cut === 'nacl-deny')?.what).toContain(
      `${subnet}, subnet-of-others`,
    );
    expect(ec2.tagsOf('acl-1')).toEqual({ [ownTag]: 'ingress=99 egress=99' });
    expect(undoOf(told, 'nacl-deny')).toEqual([
      `aws ec2 delete-network-acl-entry --region ${region} --network-acl-id acl-1 --rule-number 99 --ingress`,
      `aws ec2 delete-network-acl-entry --region ${region} --network-acl-id acl-1 --rule-number 99 --egress`,
    ]);
  });

  it('is denied in the family that it is of', async () => {
    const { aws, world, run } = reinforceScene({ settings });
    await run(triggerOf('2606:4700::1111'));
    // The IPv4 allow has number 100, the IPv6 one 101.
    expect(world.denies).toEqual([
      'acl-1 ingress 99 deny 2606:4700::1111/128',
      'acl-1 egress 99 deny 2606:4700::1111/128',
    ]);
    expect(aws.ec2).not.toHaveReceivedCommandWith(CreateNetworkAclEntryCommand, {
      CidrBlock: expect.anything(),
    });
  });

  it('is denied beside the others of the finding, each under a number of its own', async () => {
    const { ec2, world, run } = reinforceScene({ settings });
    await run(triggerOf(remote, '1.1.1.1', '8.8.8.8'));
    const numbers = world.denies.filter((line) => line.includes('ingress'));
    expect(new Set(numbers.map((line) => line.split(' ')[2])).size).toBe(3);
    expect(ec2.tagsOf('acl-1')).toEqual({ [ownTag]: 'ingress=99,98,97 egress=99,98,97' });
  });

  // fault C15
  it('is denied in every subnet that an interface is associated with', async () => {
    const networkInterfaces = [anInterface({ associatedSubnetIds: ['subnet-b'] })];
    const { world, run } = reinforceScene({
      settings,
      instance: { networkInterfaces },
      world: { acls: [acl(), acl({ id: 'acl-2', subnetIds: ['subnet-b'] })] },
    });
    await run();
    expect(world.denies.filter((line) => line.startsWith('acl-2 '))).toHaveLength(2);
  });

  it('is denied once in an ACL that two interfaces share, and in each of two', async () => {
    const networkInterfaces = [anInterface(), anotherInterface({ subnetId: 'subnet-b' })];
    const shared = reinforceScene({
      settings,
      instance: { networkInterfaces },
      world: { acls: [acl({ subnetIds: [subnet, 'subnet-b'] })] },
    });
    await shared.run();
    expect(shared.world.denies).toHaveLength(2);
    const two = reinforceScene({
      settings,
      instance: { networkInterfaces },
      world: { acls: [acl(), acl({ id: 'acl-2', subnetIds: ['subnet-b'] })] },
    });
    await two.run();
    expect(two.world.denies.map((line) => line.split(' ')[0])).toEqual([
      'acl-1',
      'acl-1',
      'acl-2',
      'acl-2',
    ]);
  });

  it('is not looked at where the trigger names none', async () => {
    const { aws, run } = reinforceScene({ settings });
    const told = await run({ trigger: aCase().trigger });
    expect(outcomesOf(told, 'nacl-deny')).toEqual([`${instanceId} not-applicable`]);
    expect(aws.ec2).not.toHaveReceivedCommand(CreateNetworkAclEntryCommand);
    expect(told.risks).toEqual([]);
  });

  it.each([
    ['of the VPC', '52.1.2.3', { vpcCidrs: ['52.1.0.0/16'] }, {}],
    ['of a service of AWS', '52.219.170.1', { awsRanges: ['52.219.168.0/21'] }, {}],
    ['on the allow list', remote, {}, { naclAllowList: [`${remote}/32`] }],
    ['private', '10.9.8.7', {}, {}],
    ['written as IPv6, and private', '::ffff:10.9.8.7', {}, {}],
    ['no address', 'evil.example', {}, {}],
    ['of the link', '2606:4700::1111%eth0', {}, {}],
  ])(
    'is left where it is one %s; that is told, and what to do',
    async (_what, address, more, set) => {
      const { world, run } = reinforceScene({ settings: { ...settings, ...set }, world: more });
      const told = await run(triggerOf(address));
      expect(world.denies).toEqual([]);
      expect(outcomesOf(told, 'nacl-deny')).toEqual([`${address} not-applicable`]);
      expect(told.risks).toMatchObject([
        { risk: 'address-not-denied', explanation: expect.stringContaining(address) },
      ]);
    },
  );

  it('is told where there is no room for it, and denied the way where there is', async () => {
    const entries = openEntries().map((one) =>
      one.RuleNumber === 100 && one.Egress === false ? { ...one, RuleNumber: 1 } : one,
    );
    const { world, run } = reinforceScene({ settings, world: { acls: [acl({ entries })] } });
    const told = await run();
    expect(world.denies).toEqual([`acl-1 egress 99 deny ${remote}/32`]);
    expect(outcomesOf(told, 'nacl-deny').toSorted()).toEqual(['acl-1 done', 'acl-1 failed']);
    expect(namesOfRisks(told)).toEqual(['address-not-denied']);
  });

  it('is told where no ACL of the subnet can be seen, as in a VPC of another account', async () => {
    const { run } = reinforceScene({ settings, world: { acls: [] } });
    const told = await run();
    expect(told.risks).toMatchObject([{ explanation: expect.stringContaining(remote) }]);
  });

  it('stands there already after an answer that was lost: done, and the way back is told', async () => {
    const { aws, world, run } = reinforceScene({ settings });
    // The SDK repeats the call whose answer was lost, and hears of its own entry.
    aws.ec2.on(CreateNetworkAclEntryCommand).callsFake(async ({ NetworkAclId: _id, ...entry }) => {
      world.acls[0]?.entries.push(entry);
      throw awsError('NetworkAclEntryAlreadyExists');
    });
    const told = await run();
    expect(outcomesOf(told, 'nacl-deny')).toEqual(['acl-1 done', 'acl-1 done']);
    expect(undoOf(told, 'nacl-deny')).toHaveLength(2);
    expect(told.risks).toEqual([]);
  });

  it('is not taken for denied where somebody else took the number meanwhile', async () => {
    const { aws, world, run } = reinforceScene({ settings });
    aws.ec2.on(CreateNetworkAclEntryCommand).callsFake(async ({ RuleNumber, Egress }) => {
      const another = { RuleNumber, Egress, RuleAction: 'deny', Protocol: '-1' } as const;
      world.acls[0]?.entries.push({ ...another, CidrBlock: '1.1.1.1/32' });
      throw awsError('NetworkAclEntryAlreadyExists');
    });
    const told = await run();
    expect(outcomesOf(told, 'nacl-deny')).toEqual(['acl-1 failed', 'acl-1 failed']);
    expect(namesOfRisks(told)).toContain('nacl-deny-failed');
  });

  it('is told where the ACL is full', async () => {
    const { aws, run } = reinforceScene({ settings });
    aws.ec2.on(CreateNetworkAclEntryCommand).rejects(awsError('NetworkAclEntryLimitExceeded'));
    const told = await run();
    expect(told.risks[0]?.explanation).toContain('NetworkAclEntryLimitExceeded');
  });

  it('is not denied twice by a second finding about it, nor is its number forgotten', async () => {
    const { ec2, world, run } = reinforceScene({ settings });
    await run();
    const told = await run();
    expect(world.denies).toHaveLength(2);
    expect(outcomesOf(told, 'nacl-deny')).toEqual(['acl-1 already', 'acl-1 already']);
    expect(ec2.tagsOf('acl-1')).toEqual({ [ownTag]: 'ingress=99 egress=99' });
  });

  it('of a later finding is noted beside the earlier one: the tags undo both', async () => {
    const { ec2, run } = reinforceScene({ settings });
    await run();
    const recollection = recall(aBefore(), { caseId, standing: 'kept' });
    await run(triggerOf('1.1.1.1'), { recollection });
    const numbers = (ec2.tagsOf('acl-1')[ownTag] ?? '').match(/\d+/g)?.toSorted();
    expect(numbers).toEqual(['98', '98', '99', '99']);
  });

  // Somebody who may tag the ACL would have a release take back the denies of others.
  it('is noted without numbers that somebody planted before the case, and that is told', async () => {
    const { ec2, world, run } = reinforceScene({ settings });
    const theirs = { RuleNumber: 90, Egress: false, RuleAction: 'deny', Protocol: '-1' } as const;
    world.acls[0]?.entries.push({ ...theirs, CidrBlock: '1.1.1.1/32' });
    ec2.tag('acl-1', { [ownTag]: 'ingress=90 egress=-' });
    const told = await run();
    expect(ec2.tagsOf('acl-1')[ownTag]).not.toContain('90');
    expect(undoOf(told, 'nacl-deny').join('\n')).not.toContain('--rule-number 90');
    const risk = told.risks.find((one) => one.risk === 'foreign-before-values');
    expect(risk?.explanation).toContain('"acl-1: ingress=90 egress=-"');
  });

  it('that was denied one way when the step broke off is noted both ways by the next try', async () => {
    const { aws, ec2, run } = reinforceScene({ settings });
    aws.ec2.on(CreateNetworkAclEntryCommand, { Egress: true }).rejectsOnce(denied());
    await run();
    await run();
    expect(ec2.tagsOf('acl-1')).toEqual({ [ownTag]: 'ingress=99 egress=99' });
  });

  it('of another instance in the subnet has a note of its own', async () => {
    const { ec2, run } = reinforceScene({ settings });
    await run();
    await run({ ...triggerOf('1.1.1.1'), instanceId: 'i-00000000000000099' });
    expect(Object.keys(ec2.tagsOf('acl-1')).toSorted()).toEqual(
      [ownTag, 'cordon:nacl-deny:i-00000000000000099'].toSorted(),
    );
  });
});

describe('the public addresses', () => {
  const settings = { optedInto: ['disassociate-addresses'] } as const;
  const elastic = (number: number, change: Partial<Address> = {}): Address => ({
    PublicIp: `203.0.113.${number}`,
    AllocationId: `eipalloc-0000000000000000${number}`,
    AssociationId: `eipassoc-${number}`,
    NetworkInterfaceId: firstInterface,
    PrivateIpAddress: `10.0.0.${number}`,
    ...change,
  });
  const withAddresses = (
    addresses: readonly Address[],
    networkInterfaces: readonly NetworkInterface[],
  ) => reinforceScene({ settings, instance: { networkInterfaces }, world: { addresses } });

  it('are taken away and can be given back, each to its own private address', async () => {
    const addresses = [elastic(10), elastic(11)];
    const { ec2, world, run } = withAddresses(addresses, [
      anInterface({ publicAddresses: ['203.0.113.10', '203.0.113.11'] }),
    ]);
    const told = await run();
    expect(world.publicAddresses).toEqual([]);
    expect(ec2.tagsOf(firstInterface)['cordon:before:addresses']).toBe(
      'eipalloc-000000000000000010=10.0.0.10 eipalloc-000000000000000011=10.0.0.11',
    );
    const undo = undoOf(told, 'disassociate-addresses').filter((line) => !line.startsWith('#'));
    expect(undo).toEqual(
      [10, 11].map(
        (number) =>
          `aws ec2 associate-address --region ${region} --allocation-id eipalloc-0000000000000000${number} --network-interface-id ${firstInterface} --private-ip-address 10.0.0.${number}`,
      ),
    );
  });

  it('are not called taken away while AWS still shows one', async () => {
    const { aws, run } = withAddresses([elastic(10)], [anInterface()]);
    aws.ec2.on(DescribeNetworkInterfacesCommand).resolves({
      NetworkInterfaces: [
        { PrivateIpAddresses: [{ Association: { PublicIp: '198.51.100.200' } }] },
      ],
    });
    const told = await run();
    expect(outcomesOf(told, 'disassociate-addresses')).toEqual([`${firstInterface} failed`]);
    expect(told.risks[0]?.explanation).toContain('198.51.100.200');
  });

  it('that are automatic are switched off first, and it is said that they do not come back', async () => {
    const { aws, run, ec2 } = withAddresses([], [anInterface()]);
    const told = await run();
    expect(aws.ec2).toHaveReceivedCommandWith(ModifyNetworkInterfaceAttributeCommand, {
      NetworkInterfaceId: firstInterface,
      AssociatePublicIpAddress: false,
    });
    expect(aws.ec2).not.toHaveReceivedCommand(DisassociateAddressCommand);
    const [one] = told.reinforcements.filter(({ cut }) => cut === 'disassociate-addresses');
    expect(one?.what).toContain('203.0.113.10 was automatic and cannot be given back');
    expect(one?.undo.flatMap(printed).join('\n')).toContain('--associate-public-ip-address');
    expect(ec2.tagsOf(firstInterface)['cordon:before:addresses']).toBe('auto=203.0.113.10');
  });

  it('that are elastic are taken only after the automatic one was switched off', async () => {
    const { aws, run } = withAddresses([elastic(10)], [anInterface()]);
    await run();
    const names = aws.ec2
      .calls()
      .filter(
        ({ args }) =>
          'AssociatePublicIpAddress' in args[0].input || 'AssociationId' in args[0].input,
      )
      .map(({ args }) => args[0].constructor.name);
    expect(names).toEqual(['ModifyNetworkInterfaceAttributeCommand', 'DisassociateAddressCommand']);
  });

  it('are taken from the interfaces that have one, and from no other', async () => {
    const { run } = withAddresses([elastic(10)], [anInterface(), anotherInterface()]);
    expect(outcomesOf(await run(), 'disassociate-addresses')).toEqual([`${firstInterface} done`]);
  });

  it('are nothing to look for where no interface has one', async () => {
    const { run, sent } = withAddresses([elastic(10)], [anotherInterface()]);
    const told = await run();
    expect(outcomesOf(told, 'disassociate-addresses')).toEqual([`${instanceId} not-applicable`]);
    expect(sent()).not.toContain('DescribeAddresses');
  });

  it('that went meanwhile are gone, which is no failure', async () => {
    const { aws, run } = withAddresses([elastic(10)], [anInterface()]);
    aws.ec2.on(DisassociateAddressCommand).rejects(awsError('InvalidAssociationID.NotFound'));
    const told = await run();
    expect(outcomesOf(told, 'disassociate-addresses')).toEqual([`${firstInterface} done`]);
    expect(told.risks).toEqual([]);
  });

  it('of one interface that is refused do not keep those of the other', async () => {
    const onOther = elastic(11, { NetworkInterfaceId: secondInterface });
    const { aws, world, run } = withAddresses(
      [elastic(10), onOther],
      [anInterface(), anotherInterface({ publicAddresses: ['203.0.113.11'] })],
    );
    aws.ec2.on(DisassociateAddressCommand, { AssociationId: 'eipassoc-10' }).rejects(denied());
    const told = await run();
    expect(world.publicAddresses).toEqual(['203.0.113.10']);
    expect(outcomesOf(told, 'disassociate-addresses')).toEqual([
      `${firstInterface} failed`,
      `${secondInterface} done`,
    ]);
  });

  it('are all in the tags, however many there are, or it is told that they are not', async () => {
    const numbers = Array.from({ length: 12 }, (_, index) => 10 + index);
    const publicAddresses = numbers.map((number) => `203.0.113.${number}`);
    const { ec2, run } = withAddresses(
      numbers.map((number) => elastic(number)),
      [anInterface({ publicAddresses })],
    );
    const told = await run();
    const tags = Object.values(ec2.tagsOf(firstInterface)).join(' ');
    const missing = numbers.filter((number) => !tags.includes(`=10.0.0.${number}`));
    if (missing.length > 0) expect(namesOfRisks(told)).toContain('undo-from-log-only');
  });
});

it('an instance without interfaces has nothing to be cut', async () => {
  const { run } = reinforceScene({ instance: { networkInterfaces: [] } });
  expect(await run()).toEqual({ outcome: 'not-applicable', reinforcements: [], risks: [] });
});
