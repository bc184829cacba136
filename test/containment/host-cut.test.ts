import { CreateTagsCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { hostDocument } from '../../build/host-document.ts';
import type { ReinforceDetail } from '../../src/case/reinforcement.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { Scene } from './by-hand.ts';
import { useScene } from './by-hand.ts';
import { containByFinding, giveBack, responder } from './release-scene.ts';
import { hostSettings, makeHostDocument, manageHost, wellDone } from './stand-in-host.ts';

/** What the case makes of a host and of its words; what the scripts do there is shown in test/host. */

const scenes = useScene();

const open = (settings: Readonly<Record<string, string>> = {}): Promise<Scene> =>
  scenes.open({}, { ...hostSettings, ...settings });

const told = ({ steps }: CaseReport) =>
  steps
    .flatMap(({ detail }) => (detail as Partial<ReinforceDetail>).reinforcements ?? [])
    .filter(({ cut }) => cut === 'host-cut');

const risksOf = ({ residualRisks }: CaseReport): readonly string[] =>
  residualRisks.map(({ risk }) => risk);

const tagsOf = async ({ clients, world }: Scene): Promise<Readonly<Record<string, string>>> => {
  const { Reservations = [] } = await clients.ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [world.suspectId] }),
  );
  const tags = Reservations[0]?.Instances?.[0]?.Tags ?? [];
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
};

describe('HostCut', () => {
  it('cuts the host, says that it is the host’s word, and takes it away with the release', async () => {
    const scene = await open();
    const asked = await manageHost(scene);
    const report = await containByFinding(scene);
    expect(told(report)).toMatchObject([
      { outcome: 'done', what: expect.stringContaining('by its own word') },
    ]);
    expect(risksOf(report)).toContain('host-touched');
    expect(report.undo).toContain('aws ssm send-command');
    expect((await tagsOf(scene))['cordon:before:host']).toBe(
      `open case=${report.caseId} document=cordon-host`,
    );
    expect((await giveBack(scene)).status).toBe('released');
    expect(asked).toEqual(['cut', 'restore']);
    expect((await tagsOf(scene))['cordon:before:host']).toBeUndefined();
  });

  it('has the host’s word before the metadata service and the credentials are taken away', async () => {
    const scene = await open({ DISABLE_IMDS: 'true', DISASSOCIATE_PROFILE: 'true' });
    await manageHost(scene, async (command) => {
      scene.emulator.traffic.clear();
      return wellDone(command);
    });
    const report = await containByFinding(scene);
    expect(told(report)).toMatchObject([{ outcome: 'done' }]);
    const calls = scene.emulator.traffic.calls.map(({ action }) => action);
    expect(calls).toContain('ModifyInstanceMetadataOptions');
    expect(calls).toContain('DisassociateIamInstanceProfile');
  });

  it('does the same again in a second run, and remembers what the first remembered', async () => {
    const scene = await open();
    const asked = await manageHost(scene);
    await containByFinding(scene);
    const before = (await tagsOf(scene))['cordon:before:host'];
    const again = await scene.contain();
    expect(told(again)).toMatchObject([{ outcome: 'done' }]);
    expect(asked).toEqual(['cut', 'cut']);
    expect((await tagsOf(scene))['cordon:before:host']).toBe(before);
  });

  it.each([
    ['fails', { ok: false, error: 'connections-left', left: 2 }, /2 connections/],
    ['speaks of another case', { case: 'another' }, /did not end well/],
    ['speaks of another action', { action: 'restore' }, /did not end well/],
    ['says something hostile', { error: '"; reboot\u001b[2J', ok: false }, /did not end well/],
  ])('believes no host that %s, and gives it back all the same', async (_, lie, words) => {
    const scene = await open();
    const asked = await manageHost(scene, async (command) =>
      wellDone(command).map((end) => {
        const isCut = command.parameters.Action?.[0] === 'cut' && end.stdout !== '';
        return isCut
          ? { ...end, stdout: `${JSON.stringify({ ...JSON.parse(end.stdout), ...lie })}\n` }
          : end;
      }),
    );
    const report = await containByFinding(scene);
    expect(told(report)).toMatchObject([{ outcome: 'failed', what: expect.stringMatching(words) }]);
    expect(told(report)[0]?.what).not.toContain('\u001b');
    expect(risksOf(report)).toEqual(expect.arrayContaining(['host-cut-failed', 'host-touched']));
    expect((await giveBack(scene)).status).toBe('released');
    expect(asked).toEqual(['cut', 'restore']);
  });

  it('says so where the agent never takes the command up', async () => {
    const scene = await open();
    await manageHost(scene, async () => undefined);
    expect(told(await containByFinding(scene))).toMatchObject([
      { outcome: 'failed', what: expect.stringContaining('DeliveryTimedOut') },
    ]);
  });

  it('runs nothing where somebody has changed the document', async () => {
    const scene = await open();
    const asked: string[] = [];
    await makeHostDocument(scene, { ...hostDocument(), description: 'Something else.' });
    await scene.emulator.hosts.manage(scene.world.suspectId, {
      platform: 'Linux',
      run: async ({ documentName }) => {
        asked.push(documentName);
        return [];
      },
    });
    expect(told(await containByFinding(scene))).toMatchObject([
      { outcome: 'failed', what: expect.stringContaining('was not sent') },
    ]);
    expect(asked).toEqual([]);
  });

  it.each([
    ['does not manage', undefined, 'does not manage it'],
    ['does not reach', { platform: 'Linux', online: false }, 'does not reach its agent'],
    ['manages with a system without a script', { platform: 'MacOS' }, 'no script for MacOS'],
  ] as const)('touches no host that Systems Manager %s', async (_, host, words) => {
    const scene = await open();
    await makeHostDocument(scene);
    if (host !== undefined) {
      await scene.emulator.hosts.manage(scene.world.suspectId, { ...host, run: async () => [] });
    }
    const report = await containByFinding(scene);
    expect(told(report)).toMatchObject([
      { outcome: 'not-applicable', what: expect.stringContaining(words) },
    ]);
    expect(risksOf(report)).not.toContain('host-touched');
    expect((await tagsOf(scene))['cordon:before:host']).toBeUndefined();
  });

  it('leaves a host alone that goes on serving', async () => {
    const scene = await open({ ISOLATION_PROFILE: 'egress-lockdown' });
    const asked = await manageHost(scene);
    expect(told(await containByFinding(scene))).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('says in a dry run whether the agent is there, and sends nothing', async () => {
    const scene = await open();
    const asked = await manageHost(scene);
    const report = await scene.contain(undefined, { dryRun: true });
    const calls = report.steps.flatMap(
      ({ detail }) => (detail as { calls?: readonly { call: string }[] }).calls ?? [],
    );
    expect(calls).toContainEqual(
      expect.objectContaining({
        call: 'ssm:SendCommand',
        permission: 'untested',
        before: expect.stringContaining('agent 3.3.1000.0 online'),
      }),
    );
    expect(asked).toEqual([]);
  });
});

describe('A release of a host that was cut', () => {
  it('is not complete without the host’s word, says how to help it, and can be run again', async () => {
    const scene = await open();
    const asked = await manageHost(scene);
    await containByFinding(scene);
    await scene.emulator.hosts.forget(scene.world.suspectId);
    const stuck = await giveBack(scene);
    expect(stuck.status).toBe('release-incomplete');
    expect(stuck.reason).toContain('nft delete table inet cordon');
    expect(stuck.remaining.map(({ call }) => call.api)).toContain('ssm:SendCommand');
    // The groups were given back before: without them no agent comes back.
    expect(stuck.done.map(({ phase }) => phase)).toContain('network');
    await scene.emulator.hosts.manage(scene.world.suspectId, {
      platform: 'Linux',
      run: async (command) => wellDone(command),
    });
    expect((await giveBack(scene)).status).toBe('released');
    expect(asked).toEqual(['cut']);
  });

  it('comes after the metadata service and the groups, and before anything sends traffic', async () => {
    const scene = await open({ DISABLE_IMDS: 'true' });
    await manageHost(scene);
    await containByFinding(scene);
    const { done } = await giveBack(scene, responder);
    const phases = [...new Set(done.map(({ phase }) => phase))];
    expect(phases.indexOf('host')).toBeGreaterThan(phases.indexOf('network'));
    expect(phases.indexOf('host')).toBeLessThan(phases.indexOf('load-balancers'));
  });

  it('believes no tag that somebody wrote over what the journal remembers', async () => {
    const scene = await open();
    const documents: string[] = [];
    await manageHost(scene, async (command) => {
      documents.push(command.documentName);
      return wellDone(command);
    });
    await containByFinding(scene);
    await scene.clients.ec2.send(
      new CreateTagsCommand({
        Resources: [scene.world.suspectId],
        Tags: [{ Key: 'cordon:before:host', Value: 'open case=x document=AWS-RunShellScript' }],
      }),
    );
    const result = await giveBack(scene, { ...responder, trustTags: true });
    expect(result.status).toBe('released');
    expect(documents).toEqual(['cordon-host', 'cordon-host']);
  });
});
