import {
  DescribeInstancesCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { parseDriftEvent } from '../../src/watch/event.ts';
import { denied } from '../steps/aws-error.ts';
import {
  anotherInterface,
  caseId,
  firstInterface,
  instanceId,
  isolationId,
  transitionId,
  webGroup,
} from '../steps/sample-instance.ts';
import {
  aCall,
  driftScene,
  interfaceOfSecond,
  isolatedInterface,
  secondId,
} from './drift-scene.ts';

describe('a call that CloudTrail recorded', () => {
  it('is told with who made it, from where and when, while isolation holds', async () => {
    const { run, messages } = driftScene();
    expect((await run(aCall())).checked).toMatchObject([{ instanceId, told: ['touched'] }]);
    expect(messages[0]?.news).toMatchObject({ kind: 'touched', instanceId, caseId });
    expect(messages[0]?.news.who).toBe(
      '"arn:aws:sts::111122223333:assumed-role/web/i-1" called ModifyNetworkInterfaceAttribute from "198.51.100.7" at 2026-03-01T03:06:00Z (CloudTrail event b1c2)',
    );
    expect(messages[0]?.text).toContain('Isolation holds');
  });

  it.each([
    ['a user of IAM', { type: 'IAMUser', arn: 'arn:aws:iam::1:user/mallory' }, 'user/mallory'],
    ['a role', { type: 'AssumedRole', arn: 'arn:aws:sts::1:assumed-role/ops/jo' }, 'role/ops/jo'],
    ['a service', { type: 'AWSService', invokedBy: 'ecs.amazonaws.com' }, 'ecs.amazonaws.com'],
  ])('of %s names it', async (_who, userIdentity, name) => {
    const { run, messages } = driftScene();
    const detail = {
      eventName: 'RegisterTargets',
      eventTime: '2026-03-01T03:06:00Z',
      userIdentity,
      requestParameters: { targets: [{ id: instanceId }] },
    };
    await run(parseDriftEvent({ 'detail-type': 'AWS API Call via CloudTrail', detail }));
    expect(messages[0]?.news.who).toMatch(new RegExp(`${name}" called RegisterTargets`));
    expect(messages[0]?.text).toContain(name);
  });

  it.each([
    ['its id', { instancesSet: { items: [{ instanceId }] } }],
    ['an interface', { networkInterfaceId: firstInterface }],
    ['a group of it', { groupId: isolationId }],
    ['an address of it', { targets: [{ id: '10.0.0.10', port: 443 }] }],
  ])('is about the instance by %s', async (_what, request) => {
    const { run } = driftScene();
    const { checked } = await run(aCall({ text: JSON.stringify([request]) }));
    expect(checked.map((one) => one.instanceId)).toEqual([instanceId]);
  });

  // fault S8
  it.each([
    ['a volume', 'vol-00000000000000abc', { 'cordon:case': caseId }],
    ['a snapshot', 'snap-00000000000000abc', { 'cordon:instance': instanceId }],
    ['a network ACL', 'acl-00000000000000abc', { [`cordon:nacl-deny:${instanceId}`]: 'ingress=1' }],
  ])('is about the instance that the tags of %s name', async (_what, id, tags) => {
    const { run, world, told } = driftScene();
    world.tag(id, tags);
    await run(aCall({ name: 'DetachVolume', text: JSON.stringify([{ id }]) }));
    expect(told()).toEqual([`${instanceId} touched`]);
  });

  // fault S8
  // threat B13, E2
  it('that deleted a snapshot is told of the case that lacks one: its tags are gone with it', async () => {
    const { run, world, messages } = driftScene({ two: true });
    world.snapshots.splice(0, 1);
    const text = JSON.stringify([{ snapshotId: 'snap-00000000000000abc' }]);
    await run(aCall({ name: 'DeleteSnapshot', text }));
    expect(messages.map(({ news }) => `${news.instanceId} ${news.kind}`)).toEqual([
      `${instanceId} touched`,
    ]);
    expect(messages[0]?.news.who).toContain('assumed-role/web/i-1');
    expect(messages[0]?.news.what).toContain('DeleteSnapshot deleted evidence');
  });

  it('that deleted a snapshot is nobody’s news where every case has its own, or a backup did it', async () => {
    const { run, world, told } = driftScene();
    const text = JSON.stringify([{ snapshotId: 'snap-00000000000000abc' }]);
    await run(aCall({ name: 'DeleteSnapshot', text }));
    world.snapshots.length = 0;
    await run(aCall({ name: 'DeleteSnapshot', text, by: 'backup.amazonaws.com' }));
    expect(told()).toEqual([]);
  });

  it('by an IPv6 address is about the instance as well', async () => {
    const { run } = driftScene({
      interfaces: [isolatedInterface({ ipv6Addresses: ['2a05:d014::10'] })],
    });
    const text = JSON.stringify([{ targets: [{ id: '2a05:d014::10', port: 443 }] }]);
    expect((await run(aCall({ text }))).checked).toHaveLength(1);
  });

  it('is about the others not at all', async () => {
    const { run, told } = driftScene({ two: true });
    const text = JSON.stringify([{ networkInterfaceId: interfaceOfSecond }]);
    await run(aCall({ text }));
    expect(told()).toEqual([`${secondId} touched`]);
  });

  it('about nobody that is contained is nothing to look into', async () => {
    const { run, told } = driftScene();
    for (const text of ['', '[null,null]', '[{"instanceId":"i-0000000000000dead"}]']) {
      expect(await run(aCall({ text }))).toEqual({ checked: [] });
    }
    expect(told()).toEqual([]);
  });

  // threat C4
  it('that wrote to the trail of an instance nobody watches any more is told, with who it was', async () => {
    const { world, run, messages } = driftScene();
    world.tag(instanceId, { 'cordon:status': 'released' });
    world.place(firstInterface, [webGroup]);
    const { checked } = await run(aCall({ name: 'CreateTags', ofTheTrail: true }));
    expect(checked).toEqual([]);
    expect(messages.map(({ news }) => news.kind)).toEqual(['touched']);
    expect(messages[0]?.news.what).toContain('released: it is watched no more');
    expect(messages[0]?.news.who).toContain('assumed-role/web/i-1" called CreateTags');
  });

  it('that wrote to the trail is told once, like any other, while an interface is isolated', async () => {
    const { world, run, told } = driftScene();
    world.tag(instanceId, { 'cordon:status': 'released' });
    await run(aCall({ name: 'DeleteTags', ofTheTrail: true }));
    expect(told()).toEqual([`${instanceId} touched`]);
  });

  it('that wrote other tags of a released instance is no news', async () => {
    const { world, run, told } = driftScene();
    world.tag(instanceId, { 'cordon:status': 'released' });
    world.place(firstInterface, [webGroup]);
    await run(aCall({ name: 'CreateTags', ofTheTrail: false }));
    expect(told()).toEqual([]);
  });

  it('that was refused touched nothing: not even the instances are looked for', async () => {
    const { aws, run } = driftScene();
    await run(aCall({ text: '' }));
    expect(aws.ec2).not.toHaveReceivedAnyCommand();
  });

  it('that opened the instance raises the alarm with who it was', async () => {
    const { world, run, messages } = driftScene();
    world.place(firstInterface, [webGroup]);
    await run(aCall());
    expect(messages.map(({ news }) => news.kind)).toEqual(['open-again']);
    expect(messages[0]?.news.who).toContain('assumed-role/web/i-1');
  });

  it('is never called harmless while an interface is open that only AWS can move', async () => {
    const { run, messages } = driftScene({
      interfaces: [
        isolatedInterface(),
        anotherInterface({ requesterManaged: true, groupIds: [webGroup] }),
      ],
    });
    await run(aCall());
    expect(messages[0]?.text).not.toContain('Isolation holds');
  });

  it('is never called harmless where it could not be read whether isolation holds', async () => {
    const { aws, run, messages, refuseBatches } = driftScene();
    refuseBatches(denied());
    const found = { InstanceId: instanceId };
    // The case is found; then reading back is denied.
    aws.ec2
      .on(DescribeInstancesCommand, { InstanceIds: [instanceId] })
      .rejects(denied())
      .resolvesOnce({ Reservations: [{ OwnerId: '111122223333', Instances: [found] }] });
    await run(aCall());
    expect(messages.length).toBeGreaterThan(0);
    for (const { text } of messages) expect(text).not.toContain('Isolation holds');
  });
});

describe('a change of state that EC2 tells of', () => {
  const become = (state: string) =>
    ({ kind: 'state', instanceId, state, at: '2026-03-01T03:06:00Z' }) as const;

  it.each(['running', 'stopping', 'stopped', 'shutting-down', 'terminated'])(
    'to %s is told of a contained instance, with its case',
    async (state) => {
      const { run, messages } = driftScene();
      expect((await run(become(state))).checked).toMatchObject([{ caseId, told: ['state'] }]);
      expect(messages[0]?.news).toMatchObject({ kind: 'state', at: '2026-03-01T03:06:00Z' });
      expect(messages[0]?.news.what).toContain(`is ${state}`);
    },
  );

  it('that is passing is not told', async () => {
    const { aws, run } = driftScene();
    expect(await run(become('pending'))).toEqual({ checked: [] });
    expect(aws.ec2).not.toHaveReceivedAnyCommand();
  });

  it('of an instance that is not contained is nobody’s news', async () => {
    const { world, run, told } = driftScene();
    world.place(firstInterface, [webGroup]);
    world.tag(instanceId, { 'cordon:status': 'released' });
    expect(await run(become('stopped'))).toEqual({ checked: [] });
    expect(told()).toEqual([]);
  });

  it('of an instance whose trail was erased is told by its groups', async () => {
    const { world, run, told } = driftScene();
    world.tag(instanceId, { 'cordon:status': '' });
    await run(become('terminated'));
    expect(told()).toEqual([`${instanceId} state`]);
  });

  it('is told by the trail when a terminated instance has no interface any more', async () => {
    const { run, told } = driftScene({ interfaces: [] });
    await run(become('terminated'));
    expect(told()).toEqual([`${instanceId} state`]);
  });

  it('ends in an error where the topic refuses it', async () => {
    const { run, refuseTopic } = driftScene();
    refuseTopic();
    await expect(run(become('terminated'))).rejects.toMatchObject({
      name: 'NotificationRefusedError',
    });
  });
});

describe('an interface in a transition group, open to everybody', () => {
  const watch = { kind: 'transition' } as const;

  it('is nothing to wait for where there is none', async () => {
    const { aws, run } = driftScene();
    expect(await run(watch)).toEqual({ checked: [] });
    expect(aws.clock.elapsed).toBe(0);
  });

  it('is left to its case for a minute: it may be on its way', async () => {
    const { aws, world, run, told } = driftScene();
    world.place(firstInterface, [transitionId]);
    void aws.clock.sleep(30_000).then(() => world.place(firstInterface, [isolationId]));
    expect(await run(watch)).toEqual({ checked: [] });
    expect(told()).toEqual([]);
    expect(aws.clock.elapsed).toBeGreaterThan(60_000);
  });

  it('is isolated when it is still there after a minute, and told', async () => {
    const { world, run, messages } = driftScene();
    world.place(firstInterface, [transitionId]);
    expect((await run(watch)).checked).toMatchObject([
      { instanceId, reisolated: [firstInterface], told: ['isolated-again'] },
    ]);
    expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
    expect(world.tagsOf(firstInterface)['cordon:original-groups']).toBe(webGroup);
    expect(messages[0]?.news.what).toContain('for more than a minute');
  });

  it('is an emergency when it cannot be isolated', async () => {
    const { aws, world, run, messages } = driftScene();
    world.place(firstInterface, [transitionId]);
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand).rejects(denied());
    const { checked } = await run(watch);
    expect(checked).toMatchObject([{ reisolated: [], told: ['left-open'] }]);
    expect(messages[0]?.subject).toContain('LEFT OPEN');
    expect(messages[0]?.text).toContain('ACT NOW');
    expect(messages[0]?.news.what).toContain('UnauthorizedOperation');
  });

  it('of one instance does not keep that of another', async () => {
    const { aws, world, run } = driftScene({ two: true });
    world.place(firstInterface, [transitionId]);
    world.place(interfaceOfSecond, [transitionId]);
    aws.ec2
      .on(ModifyNetworkInterfaceAttributeCommand, { NetworkInterfaceId: firstInterface })
      .rejects(denied());
    const { checked } = await run(watch);
    expect(checked.flatMap(({ told }) => told).toSorted()).toEqual(['isolated-again', 'left-open']);
    expect(world.groupsOf(interfaceOfSecond)).toEqual([isolationId]);
  });

  it('is isolated to the end though the topic refused the news of another', async () => {
    const { aws, world, run, refuseTopic } = driftScene({ two: true });
    refuseTopic();
    world.place(firstInterface, [transitionId]);
    world.place(interfaceOfSecond, [transitionId]);
    aws.ec2
      .on(ModifyNetworkInterfaceAttributeCommand, { NetworkInterfaceId: interfaceOfSecond })
      .callsFake(async ({ Groups = [] }) => {
        await aws.clock.sleep(2_000);
        world.place(interfaceOfSecond, Groups);
        return {};
      });
    await expect(run(watch)).rejects.toMatchObject({ name: 'NotificationRefusedError' });
    expect(world.groupsOf(interfaceOfSecond)).toEqual([isolationId]);
  });
});
