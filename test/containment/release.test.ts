import {
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DescribeTagsCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { Scene } from './by-hand.ts';
import { useScene } from './by-hand.ts';
import {
  containByFinding,
  described,
  expectToGoOn,
  giveBack,
  giveBackUntil,
  responder,
  stateOf,
} from './release-scene.ts';

const scenes = useScene();

/** Every further cut that has to be opted into, but for the address that AWS gives anew. */
const everything = {
  DISABLE_IMDS: 'true',
  REVOKE_CREDENTIALS: 'true',
  DISASSOCIATE_PROFILE: 'true',
  NACL_DENY: 'true',
};

const keysOf = async ({ clients: { ec2 } }: Scene): Promise<readonly string[]> => {
  const { Tags = [] } = await ec2.send(
    new DescribeTagsCommand({ Filters: [{ Name: 'key', Values: ['cordon:*'] }] }),
  );
  return Tags.filter(({ ResourceId = '' }) => !/^(?:sg|snap)-/.test(ResourceId)).map(
    ({ ResourceId = '', Key }) => `${ResourceId.split('-')[0]} ${Key}`,
  );
};

const statusOf = async ({ clients: { ec2 }, world }: Scene): Promise<string | undefined> => {
  const { Tags = [] } = await ec2.send(
    new DescribeTagsCommand({
      Filters: [
        { Name: 'resource-id', Values: [world.suspectId] },
        { Name: 'key', Values: ['cordon:status'] },
      ],
    }),
  );
  return Tags[0]?.Value;
};

describe('A release', () => {
  it('gives everything back as it was, reads it back, and says so', async () => {
    const scene = await scenes.open();
    const before = await stateOf(scene);
    await scene.contain();
    const result = await giveBack(scene);
    expect(result).toMatchObject({ status: 'released', remaining: [], notAsBefore: [] });
    expect(await stateOf(scene)).toEqual(before);
    expect(scene.subjects().at(-1)).toMatch(/^\[Cordon\] RELEASED i-/);
  });

  it('gives back what was cut beyond the groups too', async () => {
    const scene = await scenes.open({}, everything);
    const before = await stateOf(scene);
    await containByFinding(scene);
    const result = await giveBack(scene);
    expect(result.reason).toContain('By ada: a false alarm');
    expect(result.status).toBe('released');
    expect(result.done.map(({ call }) => call.api)).toEqual(
      expect.arrayContaining([
        'iam:DeleteRolePolicy',
        'ec2:ModifyInstanceMetadataOptions',
        'ec2:AssociateIamInstanceProfile',
        'ec2:DeleteNetworkAclEntry',
      ]),
    );
    expect(await stateOf(scene)).toEqual(before);
  });

  it('ends the before-values, and keeps the story of the case', async () => {
    const scene = await scenes.open();
    await scene.contain(undefined, { reason: 'beacon', requestedBy: 'sam' });
    await giveBack(scene);
    const keys = await keysOf(scene);
    expect(keys.filter((key) => /before:|original-groups/.test(key))).toEqual([]);
    expect(keys.filter((key) => !key.startsWith('i '))).toEqual([]);
    expect(keys).toEqual(
      expect.arrayContaining([
        'i cordon:case',
        'i cordon:status',
        'i cordon:requested',
        'i cordon:step:release',
        'i cordon:event:5',
      ]),
    );
  });

  it('leaves shut whose group was deleted, and out of everything that would end it there', async () => {
    const scene = await scenes.open();
    const before = await stateOf(scene);
    await scene.contain();
    const contained = await stateOf(scene);
    const { adminGroupId, webGroupId } = scene.world;
    await scene.clients.ec2.send(new DeleteSecurityGroupCommand({ GroupId: adminGroupId }));
    const result = await giveBack(scene);
    expect(result.status).toBe('release-incomplete');
    expect(result.reason).toContain(`${adminGroupId} does not exist any more; it stays isolated`);
    const { interfaces } = await described(scene);
    const shut = interfaces.filter(({ NetworkInterfaceId = '' }) =>
      result.notAsBefore.some((what) => what.startsWith(NetworkInterfaceId)),
    );
    expect(shut.length).toBeGreaterThan(0);
    const after = await stateOf(scene);
    for (const part of ['membership', 'targets', 'classic', 'suspect'] as const) {
      expect(after[part], part).toEqual(contained[part]);
    }
    const groups = Object.fromEntries(
      shut.map(({ NetworkInterfaceId = '' }) => [NetworkInterfaceId, [webGroupId]]),
    );
    expect((await giveBack(scene, { ...responder, groups })).status).toBe('released');
    const given = await stateOf(scene);
    expect({ ...given, interfaces: [], suspectGroups: [] }).toEqual({
      ...before,
      interfaces: [],
      suspectGroups: [],
    });
  });

  it.each(['load-balancers', 'auto-scaling'] as const)(
    'of %s alone waits while the server is isolated, and leaves the case as watched',
    async (phase) => {
      const scene = await scenes.open();
      await scene.contain();
      const contained = await stateOf(scene);
      const result = await giveBack(scene, { ...responder, only: [phase] });
      expect(result).toMatchObject({ status: 'release-incomplete', done: [] });
      expect(result.reason).toMatch(/\d+ changes wait until no interface is isolated/);
      expect(await stateOf(scene)).toEqual(contained);
      expect(await statusOf(scene)).toBe('contained');
    },
  );

  it('of a part that AWS refuses leaves the case as watched too', async () => {
    const scene = await scenes.open();
    await scene.contain();
    const broken = await giveBackUntil(scene, 0, { ...responder, only: ['protections'] });
    expect(broken.status).toBe('release-incomplete');
    expect(await statusOf(scene)).toBe('contained');
  });

  it('of nothing, where a person closes the case, keeps what was before, and is told', async () => {
    const scene = await scenes.open();
    await scene.contain();
    const contained = await stateOf(scene);
    const result = await giveBack(scene, { ...responder, close: true });
    expect(result).toMatchObject({ status: 'closed', done: [] });
    expect(result.remaining.length).toBeGreaterThan(0);
    expect(scene.subjects().at(-1)).toMatch(/^\[Cordon\] CLOSED i-/);
    expect(await stateOf(scene)).toEqual(contained);
    expect(await statusOf(scene)).toBe('closed');
    expect((await giveBack(scene)).status).toBe('released');
  });

  it('ends the notes on network ACLs whose entries an earlier release has deleted', async () => {
    const scene = await scenes.open({}, everything);
    await containByFinding(scene);
    const partly = await giveBack(scene, { ...responder, only: ['network'] });
    expect(partly.done.map(({ call }) => call.api)).toContain('ec2:DeleteNetworkAclEntry');
    expect((await keysOf(scene)).some((key) => key.startsWith('acl cordon:nacl-deny'))).toBe(true);
    expect((await giveBack(scene)).status).toBe('released');
    expect((await keysOf(scene)).filter((key) => key.startsWith('acl '))).toEqual([]);
  });

  // After each of its changes: npm run campaign -- release.
  it('goes on where it was interrupted, and ends as one run would', async () => {
    for (const survived of [0, 3]) await expectToGoOn(await scenes.open(), survived);
  });

  it('can be contained again afterwards, as a case of its own', async () => {
    const scene = await scenes.open();
    await scene.contain();
    await giveBack(scene);
    const [first] = (await described(scene)).interfaces;
    const again = await scene.contain();
    expect(again.status).toBe('contained');
    expect(again.undo).toContain(`--groups ${first?.groups.join(' ')}`);
    expect((await giveBack(scene)).status).toBe('released');
  });

  it('of a part leaves the case open', async () => {
    const scene = await scenes.open();
    await scene.contain();
    const result = await giveBack(scene, { ...responder, only: ['protections'] });
    expect(result.status).toBe('contained');
    expect(new Set(result.done.map(({ phase }) => phase))).toEqual(new Set(['protections']));
    expect(
      (await scene.verify()).proof.find(({ control }) => control === 'eni-groups')?.holds,
    ).toBe(true);
  });

  it('gives an interface the groups that a person names instead', async () => {
    const scene = await scenes.open();
    await scene.contain();
    const { interfaces } = await described(scene);
    const id = interfaces[0]?.NetworkInterfaceId ?? '';
    const groups = { [id]: [scene.world.webGroupId] };
    expect((await giveBack(scene, { ...responder, groups })).status).toBe('released');
    expect((await described(scene)).interfaces[0]?.groups).toEqual([scene.world.webGroupId]);
  });

  it('is refused for an instance of which no case is known', async () => {
    const scene = await scenes.open();
    await expect(giveBack(scene)).rejects.toMatchObject({
      name: 'ReleaseRefusedError',
      message: expect.stringContaining('No case'),
    });
  });

  it('is refused where somebody has planted groups in the trail', async () => {
    const scene = await scenes.open();
    await scene.contain();
    const { interfaces } = await described(scene);
    const id = interfaces[0]?.NetworkInterfaceId ?? '';
    await scene.clients.ec2.send(
      new CreateTagsCommand({
        Resources: [id],
        Tags: [{ Key: 'cordon:original-groups', Value: 'sg-0000000000000bad0' }],
      }),
    );
    await expect(giveBack(scene)).rejects.toMatchObject({
      name: 'ReleaseRefusedError',
      message: expect.stringContaining('--trust-tags'),
    });
  });
});
