import {
  AuthorizeSecurityGroupEgressCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeTagsCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { RegisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import { publishedMessages } from '../../emulator/follow/published.ts';
import { attachInterface } from '../../emulator/world/sample-hardware.ts';

import { controlOf } from '../../src/case/control.ts';
import { readOriginalGroups } from '../../src/record/trail/original-groups.ts';
import type { Scene } from './by-hand.ts';
import { useScene } from './by-hand.ts';
import { readOriginals } from './invariants.ts';
import { groupNamesOf } from './world-state.ts';

const scenes = useScene();

const isolated = ['cordon-isolation-full'];
const check = { drift: 'check' };

/** A contained suspect, and a quiet line. */
const contained = async (
  settings: Readonly<Record<string, string>> = {},
): Promise<Scene & { readonly originals: Awaited<ReturnType<typeof readOriginals>> }> => {
  const scene = await scenes.open({}, settings);
  const originals = await readOriginals(scene);
  expect((await scene.contain()).status).toBe('contained');
  scene.emulator.traffic.clear();
  return { ...scene, originals };
};

const interfacesOf = async ({ clients, world }: Scene) => {
  const { NetworkInterfaces = [] } = await clients.ec2.send(
    new DescribeNetworkInterfacesCommand({
      Filters: [{ Name: 'attachment.instance-id', Values: [world.suspectId] }],
    }),
  );
  return NetworkInterfaces;
};

/** Somebody gives an interface its old groups back. */
const openOne = async (scene: Scene): Promise<string> => {
  const [first] = await interfacesOf(scene);
  const id = first?.NetworkInterfaceId ?? '';
  await scene.clients.ec2.send(
    new ModifyNetworkInterfaceAttributeCommand({
      NetworkInterfaceId: id,
      Groups: [scene.world.webGroupId],
    }),
  );
  return id;
};

const call = (eventName: string, requestParameters: object, more: object = {}) => ({
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.ec2',
  detail: {
    eventName,
    eventTime: '2026-11-20T03:10:00Z',
    eventID: 'b1c2',
    sourceIPAddress: '198.51.100.7',
    userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::123456789012:assumed-role/web/i-1' },
    requestParameters,
    ...more,
  },
});

describe('The scheduled check', () => {
  it('says nothing while everything holds', async () => {
    const scene = await contained();
    const { checked } = await scene.drift(check);
    expect(checked).toMatchObject([{ instanceId: scene.world.suspectId, drifted: [], told: [] }]);
    expect(scene.subjects()).toEqual([]);
  });

  it('finds nothing to do in an account without a case', async () => {
    const scene = await scenes.open();
    expect(await scene.drift(check)).toEqual({ checked: [] });
    expect(await scene.drift({ drift: 'transition' })).toEqual({ checked: [] });
  });

  // threat B3, E7, H7
  it('raises the alarm when an interface was moved out, and leaves it where drift only alerts', async () => {
    const scene = await contained();
    await openOne(scene);
    const { checked } = await scene.drift(check);
    expect(checked).toMatchObject([{ drifted: ['eni-groups', 'group-rules'], reisolated: [] }]);
    expect(scene.subjects()).toEqual([expect.stringContaining('OPEN AGAIN')]);
    expect(publishedMessages(scene.emulator.traffic)[0]?.text).toContain('ACT NOW');
    expect(await groupNamesOf(scene, scene.world.suspectId)).toContainEqual(['web']);
  });

  // threat B3, G1
  it('isolates it again where drift is enforced, and keeps what it had before the case', async () => {
    const scene = await contained();
    const id = await openOne(scene);
    const { checked } = await scene.drift(check, { ON_DRIFT: 'enforce' });
    expect(checked).toMatchObject([{ drifted: [], reisolated: [id], told: ['isolated-again'] }]);
    expect(await groupNamesOf(scene, scene.world.suspectId)).toEqual([isolated, isolated]);
    const { Tags = [] } = await scene.clients.ec2.send(
      new DescribeTagsCommand({
        Filters: [{ Name: 'resource-id', Values: [scene.world.suspectId] }],
      }),
    );
    expect(Tags.find(({ Key }) => Key === 'cordon:event:1')?.Value).toMatch(/^\S+Z drift -$/);
    for (const { NetworkInterfaceId = '', TagSet = [] } of await interfacesOf(scene)) {
      const tags = Object.fromEntries(TagSet.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
      expect(readOriginalGroups(tags).toSorted()).toEqual(scene.originals.get(NetworkInterfaceId));
    }
  });

  // threat C3, G5
  it('finds an interface that was moved out by the trail, and one whose trail was erased by its groups', async () => {
    const scene = await contained();
    await scene.clients.ec2.send(
      new DeleteTagsCommand({
        Resources: [scene.world.suspectId],
        Tags: [{ Key: 'cordon:case' }, { Key: 'cordon:status' }],
      }),
    );
    const { checked } = await scene.drift(check);
    expect(checked.map(({ instanceId }) => instanceId)).toEqual([scene.world.suspectId]);
  });

  // threat B7
  it('closes an isolation group again that somebody has opened', async () => {
    const scene = await contained();
    const [first] = await interfacesOf(scene);
    await scene.clients.ec2.send(
      new AuthorizeSecurityGroupEgressCommand({
        GroupId: first?.Groups?.[0]?.GroupId,
        IpPermissions: [{ IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] }],
      }),
    );
    expect(await scene.drift(check)).toMatchObject({ checked: [{ told: ['open-again'] }] });
    const enforced = await scene.drift(check, { ON_DRIFT: 'enforce' });
    expect(enforced).toMatchObject({ checked: [{ drifted: [], told: ['isolated-again'] }] });
    expect((await scene.verify()).status).toBe('contained');
  });

  // threat B6
  it('isolates an interface that was attached since, whatever the setting', async () => {
    const scene = await contained();
    const { id } = await attachInterface(scene.clients, scene.world, scene.world.suspectId, 2);
    const { checked } = await scene.drift(check);
    expect(checked).toMatchObject([{ drifted: [], reisolated: [id], told: ['isolated-again'] }]);
    const [, , third] = await interfacesOf(scene);
    const tags = Object.fromEntries((third?.TagSet ?? []).map(({ Key, Value }) => [Key, Value]));
    expect(tags['cordon:original-groups']?.split(' ').toSorted()).toEqual(
      [scene.world.webGroupId, scene.world.adminGroupId].toSorted(),
    );
  });

  it('tells when it cannot read whether the containment holds', async () => {
    const scene = await contained();
    scene.emulator.traffic.inject({
      service: 'ec2',
      action: 'DescribeInstances',
      kind: 'denied',
      times: Number.POSITIVE_INFINITY,
      // However the instance is named, by its id or by a filter.
      matches: (params) =>
        params instanceof URLSearchParams && [...params.values()].includes(scene.world.suspectId),
    });
    await scene.drift(check);
    expect(scene.subjects()).toEqual([expect.stringContaining('OPEN AGAIN')]);
  });
});

describe('A call that CloudTrail recorded', () => {
  it('is told with who made it when it touched a contained instance', async () => {
    const scene = await contained();
    const [first] = await interfacesOf(scene);
    await scene.drift(
      call('ModifyNetworkInterfaceAttribute', { networkInterfaceId: first?.NetworkInterfaceId }),
    );
    expect(scene.subjects()).toEqual([expect.stringContaining('TOUCHED')]);
    expect(publishedMessages(scene.emulator.traffic)[0]?.text).toContain('assumed-role/web/i-1');
  });

  it('leads to isolation where it opened an interface and drift is enforced', async () => {
    const scene = await contained();
    const id = await openOne(scene);
    await scene.drift(call('ModifyNetworkInterfaceAttribute', { networkInterfaceId: id }), {
      ON_DRIFT: 'enforce',
    });
    expect(scene.subjects()).toEqual([expect.stringContaining('ISOLATED AGAIN')]);
    expect(await groupNamesOf(scene, scene.world.suspectId)).toEqual([isolated, isolated]);
  });

  it.each([
    [
      'about another instance',
      'ModifyInstanceAttribute',
      { instanceId: 'i-0123456789abcdef0' },
      {},
    ],
    ['that AWS refused', 'TerminateInstances', {}, { errorCode: 'Client.UnauthorizedOperation' }],
  ])('%s is nothing to tell', async (_, name, parameters, more) => {
    const scene = await contained();
    const about = 'instanceId' in parameters ? parameters : { instanceId: scene.world.suspectId };
    expect(await scene.drift(call(name, about, more))).toEqual({ checked: [] });
    expect(scene.subjects()).toEqual([]);
  });

  // threat B11, G2
  it('of a controller that registers the instance again is seen, and shows in the proof', async () => {
    const scene = await contained();
    const { override } = scene.world.targetGroupArns;
    await scene.clients.loadBalancingV2.send(
      new RegisterTargetsCommand({
        TargetGroupArn: override,
        Targets: [{ Id: scene.world.suspectId, Port: 9000 }],
      }),
    );
    const { checked } = await scene.drift(
      call('RegisterTargets', { targets: [{ id: scene.world.suspectId, port: 9000 }] }),
    );
    expect(checked).toMatchObject([{ drifted: ['targets'], told: ['touched'] }]);
  });
});

describe('An interface in a transition group', () => {
  // threat A7
  it('is isolated and told of when it is still there after a minute', async () => {
    const scene = await contained();
    const [first] = await interfacesOf(scene);
    const { SecurityGroups = [] } = await scene.clients.ec2.send(
      new DescribeSecurityGroupsCommand({
        Filters: [{ Name: 'group-name', Values: ['cordon-transition'] }],
      }),
    );
    await scene.clients.ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({
        NetworkInterfaceId: first?.NetworkInterfaceId,
        Groups: [SecurityGroups[0]?.GroupId ?? ''],
      }),
    );
    const { checked } = await scene.drift({ drift: 'transition' });
    expect(checked).toMatchObject([{ reisolated: [first?.NetworkInterfaceId] }]);
    expect(scene.subjects()).toEqual([expect.stringContaining('ISOLATED AGAIN')]);
    expect(await groupNamesOf(scene, scene.world.suspectId)).toEqual([isolated, isolated]);
  });
});

describe('A change of state', () => {
  const became = (instanceId: string, state: string) => ({
    'detail-type': 'EC2 Instance State-change Notification',
    source: 'aws.ec2',
    time: '2026-11-20T03:20:00Z',
    detail: { 'instance-id': instanceId, state },
  });

  // threat A8
  it('of a contained instance is told and recorded', async () => {
    const scene = await contained();
    await scene.drift(became(scene.world.suspectId, 'stopped'));
    expect(scene.subjects()).toEqual([expect.stringContaining('STATE CHANGED')]);
    const recorded = scene.log.find(({ message }) => message === 'drift');
    expect(recorded?.fields).toMatchObject({ kind: 'state', instanceId: scene.world.suspectId });
  });

  it('of any other instance is not', async () => {
    const scene = await contained();
    await scene.drift(became(scene.world.healthyId, 'stopped'));
    expect(scene.subjects()).toEqual([]);
  });
});

describe('Verifying at any time', () => {
  it('finds a contained case contained, and says what can still reach the host', async () => {
    const scene = await contained();
    const report = await scene.verify();
    expect(report).toMatchObject({ status: 'contained', cut: 'complete' });
    expect(controlOf(report.proof, 'group-rules')?.observed).toContain('nothing in, nothing out');
    expect(controlOf(report.proof, 'trail')).toMatchObject({ holds: true, required: false });
  });

  it('finds an instance failed that nobody has contained', async () => {
    const scene = await scenes.open();
    const report = await scene.verify(scene.world.healthyId);
    expect(report.status).toBe('failed');
    expect(controlOf(report.proof, 'eni-groups')?.holds).toBe(false);
  });
});

describe('The undo of a false alarm', () => {
  it('is not taken for drift: nobody is told, and nothing is isolated again', async () => {
    const scene = await contained();
    await scene.clients.ec2.send(
      new CreateTagsCommand({
        Resources: [scene.world.suspectId],
        Tags: [{ Key: 'cordon:status', Value: 'released' }],
      }),
    );
    for (const [id, groups] of scene.originals) {
      await scene.clients.ec2.send(
        new ModifyNetworkInterfaceAttributeCommand({
          NetworkInterfaceId: id,
          Groups: [...groups],
        }),
      );
    }
    expect(await scene.drift(check, { ON_DRIFT: 'enforce' })).toEqual({ checked: [] });
    expect(scene.subjects()).toEqual([]);
  });

  // threat C4
  it('is told, with who wrote that it is released: from then on nobody watches', async () => {
    const scene = await contained();
    await scene.clients.ec2.send(
      new CreateTagsCommand({
        Resources: [scene.world.suspectId],
        Tags: [{ Key: 'cordon:status', Value: 'released' }],
      }),
    );
    for (const [id, groups] of scene.originals) {
      await scene.clients.ec2.send(
        new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: id, Groups: [...groups] }),
      );
    }
    await scene.drift(
      call('CreateTags', {
        resourcesSet: { items: [{ resourceId: scene.world.suspectId }] },
        tagSet: { items: [{ key: 'cordon:status', value: 'released' }] },
      }),
      { ON_DRIFT: 'enforce' },
    );
    expect(scene.subjects()).toEqual([expect.stringContaining('TOUCHED')]);
    expect(publishedMessages(scene.emulator.traffic)[0]?.text).toContain('watched no more');
  });
});
