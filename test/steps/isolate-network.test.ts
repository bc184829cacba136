import {
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  ModifyInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { denied } from './aws-error.ts';
import { isolationScene } from './isolation-scene.ts';
import {
  adminGroup,
  anInstance,
  anInterface,
  anIsolationGroup,
  anotherInterface,
  firstInterface,
  isolationId,
  secondInterface,
  transitionId,
  webGroup,
} from './sample-instance.ts';

describe('the way of an interface', () => {
  // threat A1
  it('leads through the transition group, held a moment, to the isolation group', async () => {
    const { aws, world, run } = isolationScene();
    const { outcome, detail } = await run();
    expect(world.moves).toEqual([
      `${firstInterface} ${transitionId}`,
      `${firstInterface} ${isolationId}`,
    ]);
    expect(outcome).toBe('done');
    expect(detail).toMatchObject({
      cut: 'complete',
      openMilliseconds: 1_000,
      interfaces: [
        { id: firstInterface, from: [webGroup], to: [isolationId], outcome: 'isolated' },
      ],
    });
    expect(detail.isolatedAt).toBe(aws.clock.now().toISOString());
  });

  // threat A7
  it('holds the transition for as long as the setting says', async () => {
    const { run } = isolationScene({ settings: { transitionHoldSeconds: 7 } });
    expect((await run()).detail.openMilliseconds).toBe(7_000);
  });

  it('is the same for two interfaces, side by side', async () => {
    const { aws, world, run } = isolationScene({ interfaces: [anInterface(), anotherInterface()] });
    const { detail } = await run();
    expect(detail.interfaces.map(({ id }) => id)).toEqual([firstInterface, secondInterface]);
    expect(world.groupsOf(secondInterface)).toEqual([isolationId]);
    expect(aws.clock.elapsed).toBe(1_000);
  });

  it('is straight, and the risk is told, when ConnectionCut is none', async () => {
    const { world, run } = isolationScene({ settings: { connectionCut: 'none' } });
    const { detail } = await run();
    expect(world.moves).toEqual([`${firstInterface} ${isolationId}`]);
    expect(detail.cut).toBe('new-flows-only');
    expect(detail.risks.map(({ risk }) => risk)).toContain('established-connections');
  });

  // fault A10
  it('claims nothing of open connections where AWS accepts the transition and does not make it', async () => {
    const { aws, world, run } = isolationScene();
    const opening = { NetworkInterfaceId: firstInterface, Groups: [transitionId] };
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand, opening).resolves({});
    const { detail } = await run();
    expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
    expect(detail.cut).toBe('new-flows-only');
    expect(detail.risks.find(({ risk }) => risk === 'transition-failed')?.explanation).toContain(
      'not seen',
    );
    expect(aws.clock.elapsed).toBe(1_000);
  });

  // fault C5
  it('is straight where a container network plugin manages an interface of the host', async () => {
    const plugged = anotherInterface({ cniManaged: true });
    const { world, run } = isolationScene({ interfaces: [anInterface(), plugged] });
    const { detail } = await run();
    expect(world.moves).toEqual([
      `${firstInterface} ${isolationId}`,
      `${secondInterface} ${isolationId}`,
    ]);
    expect(detail.cut).toBe('new-flows-only');
    expect(detail.risks.map(({ risk }) => risk)).toContain('cni-managed-interfaces');
  });

  it('never goes over ModifyInstanceAttribute, which fails with two interfaces', async () => {
    const { aws, run } = isolationScene({ interfaces: [anInterface(), anotherInterface()] });
    await run();
    expect(aws.ec2).not.toHaveReceivedCommand(ModifyInstanceAttributeCommand);
    expect(aws.ec2).not.toHaveReceivedCommand(DescribeInstancesCommand);
  });

  it('leaves the interface that an AWS service made', async () => {
    const managed = anotherInterface({ requesterManaged: true });
    const { world, run } = isolationScene({ interfaces: [anInterface(), managed] });
    const { detail } = await run();
    expect(world.groupsOf(secondInterface)).toEqual([adminGroup]);
    expect(detail.risks.map(({ risk }) => risk)).toContain('requester-managed-interface');
  });
});

describe('an interface that Cordon has touched before', () => {
  it('goes straight to isolation when it is found in the transition group', async () => {
    const { world, run } = isolationScene({
      interfaces: [anInterface({ groupIds: [transitionId] })],
    });
    const { detail } = await run();
    expect(world.moves).toEqual([`${firstInterface} ${isolationId}`]);
    expect(detail.interfaces[0]?.outcome).toBe('isolated');
  });

  it('is never re-opened once it is isolated', async () => {
    const { world, run } = isolationScene({
      interfaces: [anInterface({ groupIds: [isolationId] })],
    });
    expect(await run()).toMatchObject({ outcome: 'already', detail: { openMilliseconds: 0 } });
    expect(world.moves).toEqual([]);
  });

  it('is not re-opened either when it is isolated under another profile', async () => {
    const forensic = anIsolationGroup({
      id: 'sg-00000000000000c09',
      name: 'cordon-isolation-forensic',
    });
    const isolated = anInterface({ groupIds: [forensic.id] });
    const { world, before, run } = isolationScene({ interfaces: [isolated] });
    world.groups.add(forensic);
    await run({ before: { ...before, groups: [...before.groups, forensic] } });
    expect(world.moves).toEqual([`${firstInterface} ${isolationId}`]);
  });

  it('is read first when the step runs again: an isolated one stays, the other is moved', async () => {
    const { world, run } = isolationScene({ interfaces: [anInterface(), anotherInterface()] });
    world.place(firstInterface, [isolationId]);
    world.place(secondInterface, [transitionId]);
    const { outcome, detail } = await run({ again: true });
    expect(world.moves).toEqual([`${secondInterface} ${isolationId}`]);
    expect(detail.interfaces.map((one) => one.outcome)).toEqual(['already', 'isolated']);
    expect(outcome).toBe('done');
  });

  it('is isolated all the same when it cannot be read before the second run', async () => {
    const { aws, world, run } = isolationScene();
    world.place(firstInterface, [transitionId]);
    aws.ec2
      .on(DescribeNetworkInterfacesCommand)
      .rejectsOnce(denied())
      .resolves({
        NetworkInterfaces: [
          { NetworkInterfaceId: firstInterface, Groups: [{ GroupId: isolationId }] },
        ],
      });
    await run({ again: true, connectionCut: 'none' }).catch(() => undefined);
    expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
  });

  it('does not keep the others when it has vanished before the second run', async () => {
    const { world, run, before } = isolationScene();
    const gone = anotherInterface({ id: 'eni-000000000000dead1' });
    const instance = anInstance({ networkInterfaces: [anInterface(), gone] });
    await run({ again: true, before: { ...before, instance } }).catch(() => undefined);
    expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
  });
});
