import {
  CreateTagsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  ModifyManagedResourceVisibilityCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { isRead } from '../../emulator/proxy/read-actions.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { silentLog } from '../../src/aws/log.ts';
import { makeRunbookClients } from '../../src/lambda/runbook-clients.ts';
import { prepareVpcs } from '../../src/prepare-vpcs.ts';
import { readSettings } from '../../src/settings/settings.ts';
import type { Scene } from './by-hand.ts';
import { useScene } from './by-hand.ts';

const scenes = useScene();

const further = {
  NACL_DENY: 'true',
  DISASSOCIATE_ADDRESSES: 'true',
  DISABLE_IMDS: 'true',
  REVOKE_CREDENTIALS: 'true',
  DISASSOCIATE_PROFILE: 'true',
};

/** A function of an earlier test's account may still ask for an instance that has gone with it. */
const isOfThisWorld = ({ world }: Scene, text: string): boolean =>
  !/\bi-[0-9a-f]{17}\b/.test(text) || text.includes(world.suspectId);

/** Reads that AWS answered with an error, each once. */
const refusedReads = (scene: Scene): readonly string[] =>
  [
    ...new Set(
      scene.emulator.traffic.calls.flatMap(({ action, status, params }) =>
        isRead(action) && status >= 400 ? [`${action} ${status} ${params}`] : [],
      ),
    ),
  ].filter((text) => isOfThisWorld(scene, text));

/** The first interface of the suspect, and the transition group. */
const transitionOf = async ({ clients, world }: Scene): Promise<readonly [string, string]> => {
  const [{ NetworkInterfaces = [] }, { SecurityGroups = [] }] = await Promise.all([
    clients.ec2.send(
      new DescribeNetworkInterfacesCommand({
        Filters: [{ Name: 'attachment.instance-id', Values: [world.suspectId] }],
      }),
    ),
    clients.ec2.send(
      new DescribeSecurityGroupsCommand({
        Filters: [{ Name: 'group-name', Values: ['cordon-transition'] }],
      }),
    ),
  ]);
  return [NetworkInterfaces[0]?.NetworkInterfaceId ?? '', SecurityGroups[0]?.GroupId ?? ''];
};

const touched = (instanceId: string) => ({
  'detail-type': 'AWS API Call via CloudTrail',
  detail: {
    eventName: 'CreateTags',
    eventTime: '2026-03-01T03:06:00Z',
    requestParameters: { resourcesSet: { items: [{ resourceId: instanceId }] }, t: 'cordon:' },
  },
});

describe('an account with so many resources that EC2 wants every list in pages', () => {
  // fault O1
  it.each(['full', 'forensic', 'egress-lockdown'])(
    'is asked nothing that EC2 would refuse, under the profile %s',
    async (profile) => {
      const scene = await scenes.open({}, { ISOLATION_PROFILE: profile, ...further });
      await scene.emulator.account({ manyResources: true });
      const report = await scene.contain();
      const groups = report.proof.find(({ control }) => control === 'eni-groups');
      expect(groups).toMatchObject({ holds: true });
      await scene.verify();
      await scene.drift({ drift: 'check' });
      await scene.drift(touched(scene.world.suspectId));
      expect(refusedReads(scene)).toEqual([]);
    },
  );

  // fault O1
  it('shows what stays in a transition group, and it is closed', async () => {
    const scene = await scenes.open();
    await scene.emulator.account({ manyResources: true });
    await scene.contain();
    const [eni, transition] = await transitionOf(scene);
    await scene.clients.ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: eni, Groups: [transition] }),
    );
    const { checked } = await scene.drift({ drift: 'transition' });
    expect(checked).toMatchObject([{ reisolated: [eni] }]);
    expect(refusedReads(scene)).toEqual([]);
  });

  // fault O1
  it('has its VPCs prepared', async () => {
    const scene = await scenes.open();
    await scene.emulator.account({ manyResources: true });
    const { settings } = readSettings({ ISOLATION_PROFILE: 'forensic' });
    const vpcs = await prepareVpcs({
      clients: makeRunbookClients(silentLog),
      clock: systemClock,
      log: silentLog,
      settings,
    });
    expect(vpcs.map(({ error }) => error)).toEqual(vpcs.map(() => undefined));
    expect(refusedReads(scene)).toEqual([]);
  });
});

// fault C13
it('an instance that an AWS service manages is read though the account hides such instances', async () => {
  const scene = await scenes.open();
  const { ec2 } = scene.clients;
  await ec2.send(
    new CreateTagsCommand({
      Resources: [scene.world.suspectId],
      Tags: [{ Key: 'emulator:operator', Value: 'eks.amazonaws.com' }],
    }),
  );
  await ec2.send(new ModifyManagedResourceVisibilityCommand({ DefaultVisibility: 'hidden' }));
  const report = await scene.contain();
  expect(report.reason).not.toContain('does not exist');
});
