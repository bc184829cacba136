import {
  AuthorizeSecurityGroupEgressCommand,
  DescribeInstancesCommand,
  ModifyNetworkInterfaceAttributeCommand,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2';
import { PublishCommand } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { awsError, denied, throttled } from '../steps/aws-error.ts';
import {
  anInterface,
  anotherInterface,
  caseId,
  firstInterface,
  instanceId,
  isolationId,
  secondInterface,
  webGroup,
} from '../steps/sample-instance.ts';
import {
  aCall,
  driftScene,
  interfaceOfSecond,
  isolatedInterface,
  secondId,
} from './drift-scene.ts';

describe('the scheduled check of contained instances', () => {
  it('says nothing while everything holds', async () => {
    const { run, told } = driftScene({ two: true });
    const { checked } = await run();
    expect(checked).toMatchObject([
      { instanceId, caseId, drifted: [], reisolated: [], told: [] },
      { instanceId: secondId, drifted: [], reisolated: [], told: [] },
    ]);
    expect(told()).toEqual([]);
  });

  it('counts what else does not hold, without an alarm each time', async () => {
    const { world, run, told } = driftScene();
    world.snapshots.length = 0;
    expect((await run()).checked).toMatchObject([{ drifted: ['snapshots'], told: [] }]);
    expect(told()).toEqual([]);
  });

  it('tells of an instance that is open again, and where drift only alerts it is left', async () => {
    const { world, run, messages } = driftScene();
    world.place(firstInterface, [webGroup]);
    const { checked } = await run();
    expect(checked).toMatchObject([{ told: ['open-again'], reisolated: [] }]);
    expect(checked[0]?.drifted).toEqual(expect.arrayContaining(['eni-groups', 'group-rules']));
    expect(world.groupsOf(firstInterface)).toEqual([webGroup]);
    expect(messages[0]?.news).toMatchObject({ kind: 'open-again', instanceId, caseId });
    expect(messages[0]?.news.what).toContain(`${firstInterface} in ${webGroup}`);
    expect(messages[0]?.text).toContain('ACT NOW');
  });

  it('isolates it again where drift is enforced, and tells that', async () => {
    const { world, run, told } = driftScene({ settings: { onDrift: 'enforce' } });
    world.place(firstInterface, [webGroup]);
    expect((await run()).checked).toMatchObject([
      { drifted: [], reisolated: [firstInterface], told: ['isolated-again'] },
    ]);
    expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
    expect(told()).toEqual([`${instanceId} isolated-again`]);
  });

  it('closes a group that somebody opened, where drift is enforced', async () => {
    const { aws, world, run } = driftScene({ settings: { onDrift: 'enforce' } });
    world.groups.allow(
      {
        GroupId: isolationId,
        IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      },
      'egress',
    );
    expect((await run()).checked).toMatchObject([{ drifted: [], told: ['isolated-again'] }]);
    expect(world.groups.rules(isolationId)).toEqual([]);
    expect(aws.ec2).toHaveReceivedCommand(RevokeSecurityGroupEgressCommand);
    expect(aws.ec2).not.toHaveReceivedCommand(AuthorizeSecurityGroupEgressCommand);
  });

  it('leaves the group open where drift only alerts, and says which rule it is', async () => {
    const { world, run, messages } = driftScene();
    world.groups.allow(
      {
        GroupId: isolationId,
        IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      },
      'egress',
    );
    await run();
    expect(messages[0]?.news.what).toContain(`${isolationId} allows egress -1 all 0.0.0.0/0`);
    expect(world.groups.rules(isolationId)).toHaveLength(1);
  });

  it('says that isolating it again failed, and why, and that it is open', async () => {
    const { aws, world, run, messages } = driftScene({ settings: { onDrift: 'enforce' } });
    world.place(firstInterface, [webGroup]);
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand).rejects(denied());
    const { checked } = await run();
    expect(checked).toMatchObject([{ reisolated: [], told: ['open-again'] }]);
    expect(checked[0]?.error).toContain('UnauthorizedOperation');
    expect(messages[0]?.news.what).toContain('isolating it again failed');
  });

  it('sends nothing where there is no topic; it is in the log', async () => {
    const { aws, world, run } = driftScene({ settings: { notificationTopicArn: '' } });
    world.place(firstInterface, [webGroup]);
    expect((await run()).checked).toMatchObject([{ told: ['open-again'] }]);
    expect(aws.sns).not.toHaveReceivedCommand(PublishCommand);
    expect(aws.log.line('drift')?.fields).toMatchObject({ kind: 'open-again', instanceId });
  });
});

describe('an instance that cannot be checked', () => {
  const breakFirst = ({ aws, refuseBatches }: ReturnType<typeof driftScene>, error: Error) => {
    refuseBatches(error);
    aws.ec2.on(DescribeInstancesCommand, { InstanceIds: [instanceId] }).rejects(error);
  };

  it('does not keep the others, is told, and counts as one that does not hold', async () => {
    const scene = driftScene({ two: true });
    breakFirst(scene, throttled());
    scene.world.place(interfaceOfSecond, [webGroup]);
    const { checked } = await scene.run();
    expect(checked.map((one) => one.instanceId)).toEqual([instanceId, secondId]);
    expect(checked[0]?.error).toContain('RequestLimitExceeded');
    expect(checked[0]?.drifted).toEqual(['eni-groups', 'group-rules']);
    expect(scene.told()).toEqual([`${instanceId} open-again`, `${secondId} open-again`]);
    expect(scene.messages[0]?.news.what).toContain('could not be read');
  });

  it('because it is gone is no news: EC2 tells of that by its state', async () => {
    const scene = driftScene({ two: true });
    breakFirst(scene, awsError('InvalidInstanceID.NotFound'));
    const { checked } = await scene.run();
    expect(checked).toMatchObject([{ instanceId, reisolated: [] }, { instanceId: secondId }]);
    expect(scene.told()).toEqual([]);
  });

  it('does not keep the others though the topic is refused as well', async () => {
    const scene = driftScene({ two: true, settings: { onDrift: 'enforce' } });
    breakFirst(scene, throttled());
    scene.refuseTopic();
    scene.world.place(interfaceOfSecond, [webGroup]);
    await expect(scene.run()).rejects.toMatchObject({ name: 'NotificationRefusedError' });
    expect(scene.world.groupsOf(interfaceOfSecond)).toEqual([isolationId]);
  });
});

describe('a topic that refuses the news', () => {
  it('ends in an error after every instance was checked, and isolated where that is wanted', async () => {
    const scene = driftScene({ two: true, settings: { onDrift: 'enforce' } });
    scene.refuseTopic();
    scene.world.place(firstInterface, [webGroup]);
    scene.world.place(interfaceOfSecond, [webGroup]);
    const running = scene.run();
    await expect(running).rejects.toMatchObject({ name: 'NotificationRefusedError' });
    await expect(running).rejects.toThrow(/AuthorizationError.*in the log/);
    expect(scene.world.groupsOf(firstInterface)).toEqual([isolationId]);
    expect(scene.world.groupsOf(interfaceOfSecond)).toEqual([isolationId]);
    expect(scene.aws.log.text).toContain('the topic refused the message');
  });
});

describe('which interfaces are isolated without anybody being asked', () => {
  const moved = anInterface({ groupIds: [webGroup], publicAddresses: [] });
  const fresh = anotherInterface({ groupIds: [webGroup] });

  it('are those that were attached since, also where drift only alerts', async () => {
    const scene = driftScene({ interfaces: [isolatedInterface()], attached: [fresh] });
    expect((await scene.run()).checked).toMatchObject([
      { reisolated: [secondInterface], told: ['isolated-again'] },
    ]);
    expect(scene.world.groupsOf(secondInterface)).toEqual([isolationId]);
  });

  it('are not those that were moved out, where drift only alerts; the new one beside it is', async () => {
    const third = anInterface({ id: 'eni-00000000000000003', groupIds: [isolationId] });
    const scene = driftScene({ interfaces: [moved, third], attached: [fresh] });
    const { checked } = await scene.run();
    expect(checked).toMatchObject([{ reisolated: [secondInterface], told: ['open-again'] }]);
    expect(scene.world.groupsOf(firstInterface)).toEqual([webGroup]);
    expect(scene.world.groupsOf(secondInterface)).toEqual([isolationId]);
  });

  // threat B3
  it('are none where only tags say that the instance was contained: anybody may write them', async () => {
    const scene = driftScene({ interfaces: [moved], attached: [fresh], executed: false });
    const { checked } = await scene.run();
    expect(checked).toMatchObject([{ reisolated: [], told: ['open-again'] }]);
    expect(scene.world.moves).toEqual([]);
  });

  it('are all, where drift is enforced', async () => {
    const scene = driftScene({
      interfaces: [moved],
      attached: [fresh],
      settings: { onDrift: 'enforce' },
    });
    await scene.run();
    expect(scene.world.groupsOf(firstInterface)).toEqual([isolationId]);
    expect(scene.world.groupsOf(secondInterface)).toEqual([isolationId]);
  });

  it('are not those that were moved out, though the instance has lost its case', async () => {
    const scene = driftScene({ interfaces: [moved] });
    scene.world.tag(instanceId, { 'cordon:case': 'erased' });
    scene.world.tag(firstInterface, { 'cordon:case': `20260301T0240Z-${instanceId}` });
    expect((await scene.run()).checked).toMatchObject([{ reisolated: [], told: ['open-again'] }]);
    expect(scene.world.groupsOf(firstInterface)).toEqual([webGroup]);
  });

  it('are not those that the case found already, which an operator took out again', async () => {
    const scene = driftScene({ interfaces: [moved] });
    for (let check = 0; check < 3; check += 1) await scene.run();
    expect(scene.aws.ec2).not.toHaveReceivedCommand(ModifyNetworkInterfaceAttributeCommand);
    expect(scene.told()).toHaveLength(3);
  });
});

describe('an interface that says of itself that it was there before the case', () => {
  const inHours = '2026-03-01T09:00:00.000Z';
  const attachedAt = (at: string, began = caseId) => {
    const late = anotherInterface({ groupIds: [webGroup], attachedAt: at });
    const scene = driftScene({ attached: [late] });
    scene.world.tag(secondInterface, { 'cordon:case': began });
    return scene;
  };

  // threat B6
  it('is isolated all the same when AWS says that it was attached long after', async () => {
    const scene = attachedAt(inHours);
    expect((await scene.run()).checked).toMatchObject([
      { reisolated: [secondInterface], told: ['isolated-again'] },
    ]);
    expect(scene.world.groupsOf(secondInterface)).toEqual([isolationId]);
  });

  // threat B6
  it('is believed when it was attached before the cut can have been: it is told of', async () => {
    const scene = attachedAt('2026-03-01T03:19:00.000Z');
    expect((await scene.run()).checked).toMatchObject([{ reisolated: [], told: ['open-again'] }]);
    expect(scene.world.groupsOf(secondInterface)).toEqual([webGroup]);
  });

  // threat B6
  it.each(['20260301T0800Z', '99991231T2350Z'])(
    'is not hidden by a later case in its tag, %s: the earlier of the two counts',
    async (stamp) => {
      const scene = attachedAt(inHours, `${stamp}-${instanceId}`);
      expect((await scene.run()).checked).toMatchObject([{ reisolated: [secondInterface] }]);
    },
  );

  it('is isolated when the case is that of another instance', async () => {
    const scene = attachedAt('2026-03-01T03:01:00.000Z', `20260301T0300Z-${secondId}`);
    expect((await scene.run()).checked).toMatchObject([{ reisolated: [secondInterface] }]);
  });
});

describe('a healthy instance that somebody has tagged as contained', () => {
  const healthy = anInterface({ groupIds: [webGroup], publicAddresses: [] });

  // threat C5
  it.each(['alert', 'enforce'] as const)(
    'is told of and not touched, with OnDrift=%s',
    async (onDrift) => {
      // Its interface bears no tag of a case.
      const settings = { onDrift };
      const attached = [healthy];
      const scene = driftScene({ interfaces: [], attached, settings, executed: false });
      const { checked } = await scene.run();
      expect(checked).toMatchObject([{ reisolated: [], told: ['open-again'] }]);
      expect(scene.world.moves).toEqual([]);
      expect(scene.world.tagsOf(firstInterface)).toEqual({});
    },
  );

  // threat C5
  it('is not touched for an interface that bears the case of another instance either', async () => {
    const scene = driftScene({
      interfaces: [],
      attached: [healthy],
      settings: { onDrift: 'enforce' },
      executed: false,
    });
    scene.world.tag(firstInterface, { 'cordon:case': `20260301T0300Z-${secondId}` });
    await scene.run();
    expect(scene.world.moves).toEqual([]);
  });

  // Tags alone never make the watch isolate: not those of the interfaces either.
  // threat C5
  it('is not touched though its interfaces are tagged as well', async () => {
    const settings = { onDrift: 'enforce' } as const;
    const scene = driftScene({ interfaces: [healthy], settings, executed: false });
    expect((await scene.run()).checked).toMatchObject([{ reisolated: [], told: ['open-again'] }]);
    expect(scene.world.moves).toEqual([]);
    expect(scene.messages[0]?.news.doubt).toContain('nothing but tags');
  });
});

describe('what an interface had before the case', () => {
  const originals = 'cordon:original-groups';

  it('stays as it was written then, when it is isolated again', async () => {
    const { world, run } = driftScene({ settings: { onDrift: 'enforce' } });
    // Somebody gave it another group than it had: that is no original.
    world.place(firstInterface, ['sg-00000000000000bad']);
    await run();
    expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
    expect(world.tagsOf(firstInterface)[originals]).toBe(webGroup);
  });

  it('is written for an interface that was attached since', async () => {
    const attached = [anotherInterface({ groupIds: [webGroup] })];
    const { world, run } = driftScene({ attached });
    await run();
    expect(world.tagsOf(secondInterface)).toMatchObject({
      [originals]: webGroup,
      'cordon:case': caseId,
    });
    expect(world.tagsOf(firstInterface)[originals]).toBe(webGroup);
  });

  it('is never a group of Cordon', async () => {
    const { world, run } = driftScene({
      interfaces: [isolatedInterface({ groupIds: [isolationId, webGroup] })],
      settings: { onDrift: 'enforce' },
    });
    await run();
    expect(world.tagsOf(firstInterface)[originals]).toBe(webGroup);
    expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
  });
});

describe('a case that is just being contained', () => {
  const moved = anInterface({ groupIds: [webGroup], publicAddresses: [] });
  const underWay = (more: Parameters<typeof driftScene>[0] = {}, began = caseId) => {
    const scene = driftScene({
      interfaces: [moved],
      settings: { onDrift: 'enforce' },
      ...more,
    });
    scene.world.tag(instanceId, { 'cordon:status': 'running', 'cordon:case': began });
    return scene;
  };

  it('is not cut in on, nor an alarm: its interfaces are still to be isolated', async () => {
    const { aws, run, told } = underWay();
    expect((await run()).checked).toMatchObject([{ instanceId, drifted: [], reisolated: [] }]);
    expect(told()).toEqual([]);
    expect(aws.ec2).not.toHaveReceivedCommand(ModifyNetworkInterfaceAttributeCommand);
  });

  // threat C4
  it.each([
    ['began long ago', `20260301T0240Z-${instanceId}`],
    ['begins in the future', `20260301T0350Z-${instanceId}`],
    ['begins in a far future', `99991231T2350Z-${instanceId}`],
    ['is of another instance', '20260301T0300Z-i-00000000000000077'],
    ['is no case at all', 'garbage'],
  ])('is none that %s, whoever wrote that: it is isolated', async (_what, began) => {
    const { run, told } = underWay({}, began);
    await run();
    expect(told()).toEqual([`${instanceId} isolated-again`]);
  });

  it('is none that has isolated an interface already', async () => {
    const second = isolatedInterface({ id: secondInterface });
    const { world, run } = underWay({ interfaces: [moved, second] });
    await run();
    expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
  });

  // threat C4
  it('is looked at all the same when a call touched it', async () => {
    const { run, told } = underWay();
    await run(aCall());
    expect(told()).toEqual([`${instanceId} isolated-again`]);
  });
});

it('instances that cannot be listed end the check: nobody may take that for no drift', async () => {
  const { aws, run } = driftScene();
  aws.ec2.on(DescribeInstancesCommand).rejects(denied());
  await expect(run()).rejects.toThrow();
});
