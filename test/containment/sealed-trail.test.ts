import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tag } from '@aws-sdk/client-ec2';
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  DescribeNetworkAclsCommand,
  DescribeTagsCommand,
} from '@aws-sdk/client-ec2';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../build/paths.ts';
import { putEvent } from '../../emulator/follow/event-bridge.ts';
import { awaitExecution, followExecution } from '../../emulator/follow/execution.ts';
import type { Control } from '../../src/case/control.ts';
import type { Account } from './account.ts';
import { containByEvent, useAccount } from './account.ts';
import { useCommand } from './command.ts';
import { findingFromTheInternet, remoteAddress } from './release-scene.ts';
import { groupNamesOf, interfaceIdsOf } from './world-state.ts';

const accounts = useAccount();
const command = useCommand();

/** An account in which the suspect was contained by the deployed state machine. */
const contained = async (): Promise<Account> => {
  const account = await accounts.open();
  expect((await containByEvent(account)).status).toBe('SUCCEEDED');
  return account;
};

const run = ({ emulator, world }: Account, name: string, ...args: string[]) =>
  command.start(emulator, [name, world.suspectId, ...args]).ended;

/** What `cordon verify` says of the seals. */
const sealOf = async (account: Account): Promise<Control | undefined> => {
  const { stdout } = await run(account, 'verify', '--json');
  const { proof } = JSON.parse(stdout) as { proof: Control[] };
  return proof.find(({ control }) => control === 'seal');
};

const tag = ({ clients }: Account, id: string, key: string, value: string) =>
  clients.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: key, Value: value }] }));

const suspect = async ({ clients, world }: Account) => {
  const { Reservations = [] } = await clients.ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [world.suspectId] }),
  );
  const instance = Reservations[0]?.Instances?.[0];
  if (instance === undefined) throw new Error('The suspect is gone');
  return instance;
};

const interfacesOf = (account: Account) => interfaceIdsOf(account, account.world.suspectId);

const tagsOf = async ({ clients }: Account, id: string) => {
  const { Tags = [] } = await clients.ec2.send(
    new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [id] }] }),
  );
  return Tags;
};

const ownTagsOf = async (account: Account, id: string): Promise<readonly Tag[]> =>
  (await tagsOf(account, id)).flatMap(({ Key = '', Value = '' }) =>
    Key.startsWith('cordon:') ? [{ Key, Value }] : [],
  );

const write = ({ clients }: Account, id: string, tags: readonly Tag[]) =>
  clients.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [...tags] }));

const isIsolated = async (account: Account): Promise<boolean> =>
  (await groupNamesOf(account, account.world.suspectId))
    .flat()
    .every((name) => name === 'cordon-isolation-full');

/** The lines of docs/trail.md, typed as they stand there. */
const verifyOffline = async (account: Account, resource: string): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-trail-'));
  try {
    const at = (name: string) => join(folder, name);
    const page = readFileSync(inProject('docs/trail.md'), 'utf8');
    const [, script = ''] = /```python\n(.*?)```/s.exec(page) ?? [];
    writeFileSync(at('statement.py'), script);
    copyFileSync(inProject('docs/seal-codes.json'), at('seal-codes.json'));
    writeFileSync(at('tags.json'), JSON.stringify({ Tags: await tagsOf(account, resource) }));
    const { region, accountId, endpoint } = account.emulator;
    const credentials = { accessKeyId: 'auditor', secretAccessKey: 'auditor' };
    const kms = new KMSClient({ region, endpoint, credentials });
    const KeyId = account.stage.deployed.outputs.TrailKeyArn;
    const { PublicKey = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId }));
    kms.destroy();
    writeFileSync(at('trail.der'), PublicKey);
    const options = { cwd: folder, encoding: 'utf8' as const };
    const [first, ...others] = 'openssl pkey -pubin -inform DER -in trail.der -out trail.pem'.split(
      ' ',
    );
    execFileSync(first ?? '', others, options);
    const instance = await suspect(account);
    const attached = instance.NetworkInterfaces?.find(
      ({ Attachment }) => Attachment?.DeviceIndex === 0,
    )?.Attachment?.AttachTime;
    const launchTime = `${attached?.toISOString().slice(0, 19)}Z`;
    const about = [accountId, region, instance.InstanceId ?? '', resource, launchTime];
    const caseId = instance.Tags?.find(({ Key }) => Key === 'cordon:case')?.Value ?? '';
    execFileSync('python3', ['statement.py', ...about, 'trail', 'aws', caseId], options);
    const { stdout } = spawnSync(
      'openssl',
      'dgst -sha256 -verify trail.pem -signature signature.der statement.json'.split(' '),
      options,
    );
    return stdout.trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** What a release says that is refused, in one sentence. */
const refusal = async (account: Account): Promise<string> => {
  const { code, stderr } = await run(account, 'release', '--yes');
  expect(code).toBe(3);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  return stderr;
};

describe('The trail of a case', () => {
  it('is sealed by the stack, verified offline by ten lines of Python, and sealed at its end', async () => {
    const account = await contained();
    const { suspectId } = account.world;
    const [eni = '', ...others] = await interfacesOf(account);
    const seal = await sealOf(account);
    expect(seal).toMatchObject({ holds: true, required: false });
    for (const id of [suspectId, eni, ...others]) {
      expect(seal?.observed).toContain(`${id} sealed by the stack`);
    }
    expect(seal?.observed).toMatch(/vol-\w+ sealed by the stack/);
    expect(await verifyOffline(account, suspectId)).toBe('Verified OK');
    expect(await verifyOffline(account, eni)).toBe('Verified OK');
    const { code, stdout, stderr } = await run(account, 'release', '--yes', '--reason', 'drill');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^RELEASED /);
    expect(await sealOf(account)).toMatchObject({
      holds: true,
      observed: `${suspectId} sealed by the stack`,
    });
  });

  // threat C1, C2, C3, C4, C6
  it('shows whatever somebody does to it, and is given back by no release then', async () => {
    const account = await contained();
    const { suspectId } = account.world;
    const [first = '', second = ''] = await interfacesOf(account);
    const remove = (id: string, Key: string) =>
      account.clients.ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key }] }));
    const [ofFirst, ofSecond] = [await ownTagsOf(account, first), await ownTagsOf(account, second)];

    // Changed.
    await tag(account, first, 'cordon:original-groups', 'sg-0123456789abcdef0');
    expect(await verifyOffline(account, first)).toBe('Verification failure');
    expect(await refusal(account)).toContain(`${first} is broken`);
    const answer = await account.stage.invoke('DriftFunction', { drift: 'check' });
    expect(answer).toMatchObject({ payload: { checked: [{ drifted: ['seal'] }] } });
    await write(account, first, ofFirst);

    // Added beside the seal.
    await tag(account, suspectId, 'cordon:before:tg:9', `web/0123456789abcdef ${suspectId} 22 -`);
    expect((await sealOf(account))?.holds).toBe(true);
    expect(await refusal(account)).toMatch(/cordon:before:tg:9.*\(not sealed\)/);
    await remove(suspectId, 'cordon:before:tg:9');

    // Copied from another interface.
    await write(account, second, ofFirst);
    expect(await refusal(account)).toContain(`${second} is copied: its tags are those of ${first}`);
    await write(account, second, ofSecond);

    // Taken away.
    await remove(first, 'cordon:seal');
    expect(await sealOf(account)).toMatchObject({
      holds: false,
      observed: expect.stringContaining(`${first} broken: its seal was taken away`),
    });
    expect(await isIsolated(account)).toBe(true);
  });

  // threat C6
  it('that an attacker has taken back to an earlier state is found', async () => {
    const account = await contained();
    const { suspectId } = account.world;
    const journal = { XDG_STATE_HOME: command.folder() };
    const byHand = (name: string, ...args: string[]) =>
      command.start(account.emulator, [name, suspectId, ...args], journal).ended;
    const old = await ownTagsOf(account, suspectId);
    expect((await byHand('contain', '--quiet')).code).toBe(0);
    await write(account, suspectId, old);
    const { code, stderr } = await byHand('release', '--yes');
    expect(code).toBe(3);
    expect(stderr).toContain(`${suspectId} is replayed: a later seal of it is known`);
  });

  // Whoever may tag a network ACL would have a release take back the denies of others.
  it('covers the notes on network ACLs, and a release leaves the entries that a changed note names', async () => {
    const account = await accounts.open({ parameters: { NaclDeny: 'true' } });
    const { emulator, clients, world, stage } = account;
    await putEvent(emulator, findingFromTheInternet(world.suspectId));
    const ended = await followExecution(
      clients,
      await awaitExecution(clients, stage.stateMachineArn),
    );
    expect(ended.status).toBe('SUCCEEDED');
    const note = `cordon:nacl-deny:${world.suspectId}`;
    const { Tags: noted = [] } = await clients.ec2.send(
      new DescribeTagsCommand({ Filters: [{ Name: 'key', Values: [note] }] }),
    );
    const [{ ResourceId: aclId = '', Value = '' } = {}] = noted;
    expect((await sealOf(account))?.observed).toContain(`${aclId} sealed by the stack`);
    expect(await verifyOffline(account, aclId)).toBe('Verified OK');

    await tag(account, aclId, note, Value.replace('ingress=', 'ingress=1,'));
    expect(await verifyOffline(account, aclId)).toBe('Verification failure');
    expect(await sealOf(account)).toMatchObject({
      holds: false,
      observed: expect.stringContaining(`${aclId} broken`),
    });
    const { code, stdout } = await run(account, 'release', '--yes');
    expect(code).toBe(0);
    expect(stdout).toContain(`the note of denied addresses on ${aclId} is broken`);
    const { NetworkAcls = [] } = await clients.ec2.send(
      new DescribeNetworkAclsCommand({ NetworkAclIds: [aclId] }),
    );
    const denies = NetworkAcls[0]?.Entries?.filter(
      ({ CidrBlock }) => CidrBlock === `${remoteAddress}/32`,
    );
    expect(denies).toHaveLength(2);
    expect(await ownTagsOf(account, aclId)).toEqual([]);
  });
});
