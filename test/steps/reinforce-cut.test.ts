import {
  CreateNetworkAclEntryCommand,
  CreateTagsCommand,
  DescribeAddressesCommand,
  DescribeNetworkAclsCommand,
  DisassociateAddressCommand,
  DisassociateIamInstanceProfileCommand,
  ModifyInstanceMetadataOptionsCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { SendCommandCommand } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import type { ReinforcementName } from '../../src/actions/index.ts';
import { reinforcementNames } from '../../src/actions/index.ts';
import { undoFromLogOnly } from '../../src/case/risks/record.ts';
import type { StepEntry } from '../../src/case/step.ts';
import { entryOf } from '../case/sample-report.ts';
import { denied, lostAnswer, throttled } from './aws-error.ts';
import type { FakeAws } from './fake-aws.ts';
import { profileArn } from './fake-further-cuts.ts';
import { allCuts, namesOfRisks, outcomesOf, reinforceScene } from './reinforce-scene.ts';
import { anInstance, anInterface, firstInterface, instanceId } from './sample-instance.ts';

const elastic = {
  PublicIp: '203.0.113.10',
  AllocationId: 'eipalloc-1',
  AssociationId: 'eipassoc-1',
  NetworkInterfaceId: firstInterface,
  PrivateIpAddress: '10.0.0.10',
};

/** Everything opted into, and everything to be cut. */
const everything = (more: Parameters<typeof reinforceScene>[0] = {}) =>
  reinforceScene({
    settings: allCuts,
    instance: { instanceProfileArn: profileArn },
    ...more,
    world: { addresses: [elastic], association: 'iip-assoc-1', ...more.world },
  });

const failedCuts = (told: Awaited<ReturnType<ReturnType<typeof everything>['run']>>) => [
  ...new Set(told.reinforcements.filter((one) => one.outcome === 'failed').map(({ cut }) => cut)),
];

describe('after the groups were cut', () => {
  it('everything that was opted into is cut too, and told with what gives it back', async () => {
    const { world, run } = everything();
    const told = await run();
    expect(told.outcome).toBe('done');
    expect([...new Set(told.reinforcements.map(({ cut }) => cut))].toSorted()).toEqual(
      [...reinforcementNames].toSorted(),
    );
    for (const { outcome, undo } of told.reinforcements) {
      expect([outcome, undo.length > 0]).toEqual(['done', true]);
    }
    expect(namesOfRisks(told)).toEqual(['host-touched']);
    expect(world.publicAddresses).toEqual([]);
    expect(world.profileIsAssociated).toBe(false);
    expect([...world.rolePolicies.keys()]).toEqual([`web-role cordon-deny-${instanceId}`]);
    expect(world.denies).toHaveLength(2);
  });

  it('nothing is cut that nobody opted into, but the idle timeouts', async () => {
    const { aws, run, sent } = everything({ settings: {} });
    const told = await run();
    expect([...new Set(told.reinforcements.map(({ cut }) => cut))]).toEqual(['idle-timeouts']);
    expect(aws.iam).not.toHaveReceivedAnyCommand();
    expect(sent().filter((name) => /^(?:Create(?!Tags)|Disassociate|Modify)/.test(name))).toEqual([
      'ModifyNetworkInterfaceAttribute',
    ]);
  });

  it('the connections of a server that goes on serving are not forgotten', async () => {
    const { aws, run } = reinforceScene({ settings: { isolationProfile: 'egress-lockdown' } });
    expect(await run()).toEqual({ outcome: 'not-applicable', reinforcements: [], risks: [] });
    expect(aws.ec2).not.toHaveReceivedAnyCommand();
  });

  it('the profile that was asked for decides over the setting', async () => {
    const { run } = reinforceScene({ settings: { isolationProfile: 'full' } });
    const told = await run({ isolationProfile: 'egress-lockdown' });
    expect(told.reinforcements).toEqual([]);
  });
});

// Where calls are scarce, the idle timeouts wait for the cut, the tags and the seals.
describe('in two parts, as the state machine asks', () => {
  const cutsOf = ({ reinforcements = [] }: Partial<Awaited<ReturnType<typeof everythingAtOnce>>>) =>
    [...new Set(reinforcements.map(({ cut }) => cut))].toSorted();
  const everythingAtOnce = (scene: ReturnType<typeof everything>) => scene.runPart('at-once');
  const told = (detail: object, more: Partial<StepEntry> = {}): readonly StepEntry[] => [
    entryOf('reinforce-cut', { detail, ...more }),
  ];

  it('the idle timeouts come last, and the end tells both parts', async () => {
    const scene = everything();
    const first = await everythingAtOnce(scene);
    expect(cutsOf(first)).toEqual(
      reinforcementNames.filter((name) => name !== 'idle-timeouts').toSorted(),
    );
    const { outcome, ...detail } = first;
    const end = await scene.runPart('last', told(detail, { outcome }));
    expect(cutsOf(end)).toEqual([...reinforcementNames].toSorted());
    expect(end.outcome).toBe('done');
    expect(Object.keys(end.vouched?.[firstInterface] ?? {}).toSorted()).toEqual([
      'cordon:before:addresses',
      'cordon:before:idle-timeouts',
    ]);
  });

  it('what failed at once as a whole is tried again at the end', async () => {
    const scene = everything();
    const end = await scene.runPart('last', told({}, { outcome: 'failed' }));
    expect(cutsOf(end)).toEqual([...reinforcementNames].toSorted());
  });

  it('what could not be done at once stays told', async () => {
    const scene = everything();
    scene.aws.ec2.on(DisassociateAddressCommand).rejects(denied());
    const { outcome, ...detail } = await everythingAtOnce(scene);
    const end = await scene.runPart('last', told(detail, { outcome }));
    expect(failedCuts(end)).toEqual(['disassociate-addresses']);
    expect(end.risks.map(({ risk }) => risk)).toContain('disassociate-addresses-failed');
  });

  it('no tag is written a second time that prepare-isolation has written', async () => {
    const scene = reinforceScene();
    const values = 'tcp=default udp-stream=default udp=default';
    const vouched = { [firstInterface]: { 'cordon:before:idle-timeouts': values } };
    await scene.runPart('last', [entryOf('prepare-isolation', { detail: { vouched } })]);
    expect(scene.aws.ec2).not.toHaveReceivedCommand(CreateTagsCommand);
  });

  it('tags that were refused before the cut are written by a second try', async () => {
    const scene = reinforceScene();
    const values = 'tcp=default udp-stream=default udp=default';
    const vouched = { [firstInterface]: { 'cordon:before:idle-timeouts': values } };
    const risks = [undoFromLogOnly(firstInterface)];
    await scene.runPart('last', [entryOf('prepare-isolation', { detail: { vouched, risks } })]);
    expect(scene.ec2.tagsOf(firstInterface)).toEqual(vouched[firstInterface]);
  });

  it('a dry run lists both', async () => {
    const scene = everything();
    const first = await scene.runPart('at-once', [], { dryRun: true });
    expect(first.calls?.map(({ after }) => after)).not.toContain('TCP 60, UDP stream 60, UDP 30');
    const end = await scene.runPart('last', told({ calls: first.calls }, { outcome: 'planned' }), {
      dryRun: true,
    });
    expect(end.calls?.length).toBeGreaterThan(first.calls?.length ?? 0);
    expect(end.calls?.map(({ after }) => after)).toContain('TCP 60, UDP stream 60, UDP 30');
  });
});

describe('the before-state', () => {
  it('is in the tags before anything is changed', async () => {
    const { aws, run, sent } = everything();
    const firstChange = /^(?:Modify|Create(?!Tags)|Disassociate)/;
    await run();
    const calls = sent();
    const lastTag = calls.lastIndexOf('CreateTags');
    expect(lastTag).toBeGreaterThan(-1);
    expect(calls.findIndex((name) => firstChange.test(name))).toBeGreaterThan(lastTag);
    // Of the interface, the network ACL, and the instance, whose host is cut.
    expect(aws.ec2).toHaveReceivedCommandTimes(CreateTagsCommand, 3);
  });

  it('of one interface is written in one call, whatever is about to be changed on it', async () => {
    const { ec2, run } = everything();
    await run();
    expect(ec2.tagsOf(firstInterface)).toEqual({
      'cordon:before:idle-timeouts': 'tcp=default udp-stream=default udp=default',
      'cordon:before:addresses': 'eipalloc-1=10.0.0.10',
    });
  });

  it('does not stop the cut where it cannot be written: that is told, and stands in the log', async () => {
    const { aws, world, run } = everything();
    aws.ec2.on(CreateTagsCommand).rejects(denied());
    const told = await run();
    expect(failedCuts(told)).toEqual([]);
    expect(world.publicAddresses).toEqual([]);
    const risk = told.risks.find((one) => one.risk === 'undo-from-log-only');
    expect(risk?.explanation).toContain(firstInterface);
    expect(risk?.explanation).toContain('acl-1');
    const logged = aws.log.lines.filter(({ level }) => level === 'error');
    expect(JSON.stringify(logged)).toContain('eipalloc-1=10.0.0.10');
  });

  it('that cannot be written to one resource is written to the others', async () => {
    const { aws, ec2, run } = everything();
    aws.ec2.on(CreateTagsCommand, { Resources: ['acl-1'] }).rejects(throttled());
    const told = await run();
    expect(ec2.tagsOf(firstInterface)).toHaveProperty('cordon:before:addresses');
    const { explanation } = told.risks.find(({ risk }) => risk === 'undo-from-log-only') ?? {};
    expect(explanation).toContain('acl-1');
    expect(explanation).not.toContain(firstInterface);
  });

  it('is in the log before each change, with what gives it back', async () => {
    const { aws, run } = everything();
    let logged = '';
    aws.ec2.on(DisassociateAddressCommand).callsFake(async () => {
      logged = aws.log.text;
      return {};
    });
    await run();
    expect(logged).toContain('aws ec2 associate-address');
    expect(logged).toContain('eipalloc-1');
  });

  it('is not written a second time by a repeat, which finds what Cordon made of it', async () => {
    const { ec2, run } = everything();
    await run();
    const interfaces = ec2.tagsOf(firstInterface);
    const networkInterfaces = [
      anInterface({
        publicAddresses: [],
        idleTimeouts: { tcpEstablished: 60, udpStream: 60, udp: 30 },
      }),
    ];
    await run({}, { repeat: true, instance: anInstance({ networkInterfaces }) });
    expect(ec2.tagsOf(firstInterface)).toEqual(interfaces);
  });

  it('is written by a repeat all the same, where the cut was opted into since', async () => {
    const { ec2, run } = everything();
    await run({}, { repeat: true });
    expect(ec2.tagsOf(firstInterface)).toHaveProperty(
      'cordon:before:addresses',
      'eipalloc-1=10.0.0.10',
    );
  });
});

describe('a further cut that fails', () => {
  const refusing = (error: () => Error) =>
    [
      ['nacl-deny', ({ ec2 }) => ec2.on(CreateNetworkAclEntryCommand).rejects(error())],
      ['disassociate-addresses', ({ ec2 }) => ec2.on(DisassociateAddressCommand).rejects(error())],
      ['disable-imds', ({ ec2 }) => ec2.on(ModifyInstanceMetadataOptionsCommand).rejects(error())],
      ['revoke-credentials', ({ iam }) => iam.on(PutRolePolicyCommand).rejects(error())],
      ['host-cut', ({ ssm }) => ssm.on(SendCommandCommand).rejects(error())],
      [
        'disassociate-profile',
        ({ ec2 }) => ec2.on(DisassociateIamInstanceProfileCommand).rejects(error()),
      ],
    ] satisfies [ReinforcementName, (aws: FakeAws) => unknown][];
  const failures = refusing(denied);
  const losses = refusing(lostAnswer);

  it.each(failures)('%s does not keep the others, and is told', async (cut, refuse) => {
    const { aws, run } = everything();
    refuse(aws);
    const told = await run();
    expect(told.outcome).toBe('done');
    expect(failedCuts(told)).toEqual([cut]);
    expect(namesOfRisks(told)).toContain(`${cut}-failed`);
    const risk = told.risks.find((one) => one.risk === `${cut}-failed`);
    expect(risk?.explanation).toContain('UnauthorizedOperation');
  });

  it.each(losses)('%s has a way back: its answer may have been lost', async (cut, lose) => {
    const { aws, run } = everything();
    lose(aws);
    const told = await run();
    expect(failedCuts(told)).toEqual([cut]);
    for (const one of told.reinforcements.filter(({ outcome }) => outcome === 'failed')) {
      expect(one.undo).not.toEqual([]);
    }
  });

  it('before it was even planned is told as well, and the others are made', async () => {
    const { aws, world, run } = everything();
    aws.ec2.on(DescribeNetworkAclsCommand).rejects(denied());
    aws.ec2.on(DescribeAddressesCommand).rejects(throttled());
    const told = await run();
    expect(failedCuts(told)).toEqual(['nacl-deny', 'disassociate-addresses']);
    expect(namesOfRisks(told)).toEqual([
      'nacl-deny-failed',
      'disassociate-addresses-failed',
      'host-touched',
    ]);
    expect(world.profileIsAssociated).toBe(false);
    expect(outcomesOf(told, 'revoke-credentials')).toEqual(['web-role done']);
  });

  it('is no news where it was best effort: idle timeouts, for which there is no remedy', async () => {
    const { aws, run } = reinforceScene();
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand).rejects(denied());
    const told = await run();
    expect(outcomesOf(told, 'idle-timeouts')).toEqual([`${firstInterface} failed`]);
    expect(told.risks).toEqual([]);
  });
});

describe('a rehearsal', () => {
  it('sends EC2 nothing that changes anything without DryRun, and IAM nothing at all', async () => {
    const { aws, rehearse, sent } = everything();
    await rehearse();
    for (const { args } of aws.ec2.calls()) {
      const { name } = args[0].constructor;
      if (/^(?:Describe|Get)/.test(name)) continue;
      expect({ name, input: args[0].input }).toMatchObject({ name, input: { DryRun: true } });
    }
    expect(sent()).not.toContain('DisassociateIamInstanceProfile');
    expect(sent()).not.toContain('CreateTags');
    expect(aws.iam).not.toHaveReceivedCommand(PutRolePolicyCommand);
  });

  it('says of each cut whether AWS would allow it, or that nobody can say', async () => {
    const { aws, rehearse } = everything();
    aws.ec2.on(ModifyInstanceMetadataOptionsCommand).rejects(denied());
    const { calls } = await rehearse();
    const permissions = Object.fromEntries(calls.map(({ call, permission }) => [call, permission]));
    expect(permissions).toEqual({
      'ec2:ModifyNetworkInterfaceAttribute': 'allowed',
      'ec2:CreateNetworkAclEntry': 'allowed',
      'ec2:DisassociateAddress': 'allowed',
      'ec2:ModifyInstanceMetadataOptions': 'denied',
      'iam:PutRolePolicy': 'untested',
      'ssm:SendCommand': 'untested',
      'ec2:DisassociateIamInstanceProfile': 'untested',
    });
  });

  it('leaves everything as it is', async () => {
    const { ec2, world, rehearse } = everything();
    await rehearse();
    expect(world.denies).toEqual([]);
    expect(world.publicAddresses).toEqual(['203.0.113.10']);
    expect(world.profileIsAssociated).toBe(true);
    expect(world.rolePolicies.size).toBe(0);
    expect(ec2.tagsOf(firstInterface)).toEqual({});
    expect(ec2.tagsOf('acl-1')).toEqual({});
  });

  it('of an interface with an automatic address only rehearses the change of the interface', async () => {
    const { rehearse } = everything({
      settings: { optedInto: ['disassociate-addresses'] },
      world: { addresses: [] },
    });
    const { calls } = await rehearse();
    expect(calls.map(({ call, permission }) => `${call} ${permission}`)).toEqual([
      'ec2:ModifyNetworkInterfaceAttribute allowed',
      'ec2:ModifyNetworkInterfaceAttribute allowed',
    ]);
  });
});

describe('where the stack collects memory, through the agent on the host', () => {
  const toolkit = { ...allCuts, toolkitSnapshotId: 'snap-0123456789abcdef0' };
  const credentialCuts = ['disable-imds', 'disassociate-profile', 'revoke-credentials'];
  const begun = (outcome: 'done' | 'failed') => entryOf('collect-evidence', { outcome });
  const cutsOf = (told: Awaited<ReturnType<ReturnType<typeof everything>['run']>>) => [
    ...new Set(told.reinforcements.map(({ cut }) => cut)),
  ];

  it('the cuts that take its credentials wait, and are named', async () => {
    const told = await everything({ settings: toolkit }).runPart('at-once');
    expect(cutsOf(told).filter((cut) => credentialCuts.includes(cut))).toEqual([]);
    expect(namesOfRisks(told)).toContain('waits-for-memory');
  });

  it('they are made when the collection has ended, and nothing else', async () => {
    const told = await everything({ settings: toolkit }).runPart('after-memory');
    expect(cutsOf(told).toSorted()).toEqual(credentialCuts);
    expect(namesOfRisks(told)).not.toContain('waits-for-memory');
  });

  it('they are made at the end of the run where the collection could not begin', async () => {
    const { runPart } = everything({ settings: toolkit });
    const told = await runPart('last', [begun('failed')]);
    expect(cutsOf(told)).toEqual(expect.arrayContaining(credentialCuts));
  });

  it('and wait on at the end of the run where it has begun', async () => {
    const { runPart } = everything({ settings: toolkit });
    const told = await runPart('last', [begun('done')]);
    expect(cutsOf(told).filter((cut) => credentialCuts.includes(cut))).toEqual([]);
    expect(namesOfRisks(told)).toContain('waits-for-memory');
  });

  it('nothing at all is cut while memory is saved before the cut', async () => {
    const { runPart } = everything({ settings: toolkit });
    const memoryFirst = { by: 'sam', minutes: 10 };
    const told = await runPart('after-memory', [], { memoryFirst });
    expect(told.reinforcements).toEqual([]);
  });

  it('a dry run names each of them once', async () => {
    const { runPart } = everything({ settings: toolkit });
    const dryRun = { dryRun: true };
    const atOnce = await runPart('at-once', [], dryRun);
    const entry = entryOf('reinforce-cut', { outcome: 'planned', detail: atOnce });
    const { calls = [] } = await runPart('last', [begun('done'), entry], dryRun);
    const disabling = calls.filter(({ call }) => call === 'ec2:ModifyInstanceMetadataOptions');
    expect(disabling).toHaveLength(1);
  });
});
