import type { IamInstanceProfileSpecification } from '@aws-sdk/client-ec2';
import {
  AssociateAddressCommand,
  AssociateIamInstanceProfileCommand,
  DeleteNetworkAclEntryCommand,
  DescribeInstancesCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeTagsCommand,
  ModifyInstanceMetadataOptionsCommand,
} from '@aws-sdk/client-ec2';
import { DeleteRolePolicyCommand, GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { sampleEvent } from '../../emulator/follow/finding.ts';
import { publishedMessages } from '../../emulator/follow/published.ts';
import type { ReinforceDetail, Reinforcement } from '../../src/case/reinforcement.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { Scene } from './by-hand.ts';
import { useScene } from './by-hand.ts';
import { containByFinding, remoteAddress } from './release-scene.ts';

const scenes = useScene();

const reinforcementsOf = (report: CaseReport, cut: string): readonly Reinforcement[] => {
  const entry = report.steps.find(({ step }) => step === 'reinforce-cut');
  return ((entry?.detail as ReinforceDetail | undefined)?.reinforcements ?? []).filter(
    (one) => one.cut === cut,
  );
};

const riskNames = (report: CaseReport): string[] => report.residualRisks.map(({ risk }) => risk);

const instanceOf = async ({ clients, world }: Scene) => {
  const { Reservations = [] } = await clients.ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [world.suspectId] }),
  );
  return Reservations[0]?.Instances?.[0];
};

const tagsOf = async ({ clients }: Scene, id: string): Promise<Record<string, string>> => {
  const { Tags = [] } = await clients.ec2.send(
    new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [id] }] }),
  );
  return Object.fromEntries(Tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
};

/** The value of an option in a command of the undo. */
const option = (command: string | undefined, name: string): string =>
  new RegExp(`--${name} (\\S+)`).exec(command ?? '')?.[1] ?? '';

const undoOf = (report: CaseReport, call: string): string | undefined =>
  report.undo.split('\n').find((line) => line.includes(call));

describe('Idle timeouts, after every cut', () => {
  it('go to their minimum, are remembered, and come back by the undo', async () => {
    const scene = await scenes.open();
    const report = await scene.contain();
    const interfaces = (await instanceOf(scene))?.NetworkInterfaces ?? [];
    expect(interfaces).toHaveLength(2);
    for (const one of interfaces) {
      const id = one.NetworkInterfaceId ?? '';
      expect((await tagsOf(scene, id))['cordon:before:idle-timeouts']).toBe(
        'tcp=default udp-stream=default udp=default',
      );
      const { NetworkInterfaces = [] } = await scene.clients.ec2.send(
        new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [id] }),
      );
      expect(NetworkInterfaces[0]?.ConnectionTrackingConfiguration).toMatchObject({
        TcpEstablishedTimeout: 60,
        UdpStreamTimeout: 60,
        UdpTimeout: 30,
      });
    }
    expect(undoOf(report, 'connection-tracking-specification')).toContain(
      'TcpEstablishedTimeout=432000,UdpStreamTimeout=180,UdpTimeout=30',
    );
  });

  it('are left alone where the server goes on serving', async () => {
    const scene = await scenes.open({}, { ISOLATION_PROFILE: 'egress-lockdown' });
    const report = await scene.contain();
    expect(reinforcementsOf(report, 'idle-timeouts')).toEqual([]);
  });
});

describe('NaclDeny', () => {
  const entriesOf = async ({ clients, world }: Scene) => {
    const { NetworkAcls = [] } = await clients.ec2.send(
      new DescribeNetworkAclsCommand({
        Filters: [{ Name: 'association.subnet-id', Values: [world.subnetIds[0]] }],
      }),
    );
    const [acl] = NetworkAcls;
    return {
      id: acl?.NetworkAclId ?? '',
      entries: (acl?.Entries ?? []).map(
        ({ RuleNumber, Egress, RuleAction, CidrBlock, Ipv6CidrBlock }) =>
          `${Egress === true ? 'out' : 'in'} ${RuleNumber} ${RuleAction} ${CidrBlock ?? Ipv6CidrBlock}`,
      ),
    };
  };

  it('denies the finding’s addresses both ways, below every allow, and names the subnets', async () => {
    const scene = await scenes.open({}, { NACL_DENY: 'true' });
    const report = await containByFinding(scene);
    const { id, entries } = await entriesOf(scene);
    expect(entries).toContain(`in 99 deny ${remoteAddress}/32`);
    expect(entries).toContain(`out 99 deny ${remoteAddress}/32`);
    const denied = reinforcementsOf(report, 'nacl-deny');
    expect(denied.map(({ outcome }) => outcome)).toEqual(denied.map(() => 'done'));
    const told = publishedMessages(scene.emulator.traffic).at(-1)?.text ?? '';
    expect(told).toContain('CUT FURTHER');
    for (const subnetId of scene.world.subnetIds) {
      expect(denied[0]?.what).toContain(subnetId);
      expect(told).toContain(subnetId);
    }
    expect((await tagsOf(scene, id))[`cordon:nacl-deny:${scene.world.suspectId}`]).toBe(
      'ingress=99 egress=99',
    );
  });

  it('is given back by the undo', async () => {
    const scene = await scenes.open({}, { NACL_DENY: 'true' });
    const before = (await entriesOf(scene)).entries;
    const report = await containByFinding(scene);
    const commands = report.undo.split('\n').filter((one) => one.includes('delete-network-acl'));
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) {
      await scene.clients.ec2.send(
        new DeleteNetworkAclEntryCommand({
          NetworkAclId: option(command, 'network-acl-id'),
          RuleNumber: Number(option(command, 'rule-number')),
          Egress: command.includes('--egress'),
        }),
      );
    }
    expect((await entriesOf(scene)).entries).toEqual(before);
  });

  it('leaves an allow-listed address, and says so', async () => {
    const scene = await scenes.open(
      {},
      { NACL_DENY: 'true', NACL_ALLOW_LIST: '0.0.0.0/1,128.0.0.0/1' },
    );
    const before = (await entriesOf(scene)).entries;
    const report = await containByFinding(scene);
    expect((await entriesOf(scene)).entries).toEqual(before);
    expect(riskNames(report)).toContain('address-not-denied');
  });

  it('never denies an address that no host on the internet has', async () => {
    const scene = await scenes.open({}, { NACL_DENY: 'true' });
    const before = (await entriesOf(scene)).entries;
    const event = sampleEvent('guardduty-command-and-control', scene.world.suspectId, new Date());
    const report = await scene.contain(scene.world.suspectId, event);
    expect((await entriesOf(scene)).entries).toEqual(before);
    expect(riskNames(report)).toContain('address-not-denied');
  });

  it('changes nothing for a trigger that names no address', async () => {
    const scene = await scenes.open({}, { NACL_DENY: 'true' });
    const report = await scene.contain();
    expect(reinforcementsOf(report, 'nacl-deny')).toMatchObject([{ outcome: 'not-applicable' }]);
  });

  it('is not doubled by a second finding', async () => {
    const scene = await scenes.open({}, { NACL_DENY: 'true' });
    await containByFinding(scene);
    const before = (await entriesOf(scene)).entries;
    const report = await containByFinding(scene);
    expect((await entriesOf(scene)).entries).toEqual(before);
    const outcomes = reinforcementsOf(report, 'nacl-deny').map(({ outcome }) => outcome);
    expect(new Set(outcomes)).toEqual(new Set(['already']));
  });
});

describe('DisassociateAddresses', () => {
  const associationOf = async (scene: Scene) =>
    (await instanceOf(scene))?.NetworkInterfaces?.find(
      ({ Attachment }) => Attachment?.DeviceIndex === 0,
    )?.Association;

  it('takes the public address away and notes it, and the undo gives it back', async () => {
    const scene = await scenes.open({}, { DISASSOCIATE_ADDRESSES: 'true' });
    const before = await associationOf(scene);
    expect(before?.PublicIp).toBeDefined();
    const report = await scene.contain();
    expect((await associationOf(scene))?.PublicIp).toBeUndefined();
    const command = undoOf(report, 'associate-address');
    const interfaceId = option(command, 'network-interface-id');
    expect((await tagsOf(scene, interfaceId))['cordon:before:addresses']).toContain(
      option(command, 'allocation-id'),
    );
    await scene.clients.ec2.send(
      new AssociateAddressCommand({
        AllocationId: option(command, 'allocation-id'),
        NetworkInterfaceId: interfaceId,
        PrivateIpAddress: option(command, 'private-ip-address'),
      }),
    );
    expect((await associationOf(scene))?.PublicIp).toBe(before?.PublicIp);
  });

  it('switches the automatic address off first, or AWS would give a new one', async () => {
    const scene = await scenes.open({}, { DISASSOCIATE_ADDRESSES: 'true' });
    await scene.contain();
    const calls = scene.emulator.traffic.calls.filter(
      ({ action, params }) =>
        action === 'DisassociateAddress' ||
        (params instanceof URLSearchParams && params.has('AssociatePublicIpAddress')),
    );
    expect(calls.map(({ action }) => action)).toEqual([
      'ModifyNetworkInterfaceAttribute',
      'DisassociateAddress',
    ]);
  });
});

describe('DisableImds', () => {
  it('switches the metadata service off, and the undo on again', async () => {
    const scene = await scenes.open({}, { DISABLE_IMDS: 'true' });
    const report = await scene.contain();
    expect((await instanceOf(scene))?.MetadataOptions?.HttpEndpoint).toBe('disabled');
    expect((await tagsOf(scene, scene.world.suspectId))['cordon:before:protect']).toContain(
      'imds=enabled',
    );
    expect(undoOf(report, 'http-endpoint enabled')).toContain(scene.world.suspectId);
    await scene.clients.ec2.send(
      new ModifyInstanceMetadataOptionsCommand({
        InstanceId: scene.world.suspectId,
        HttpEndpoint: 'enabled',
      }),
    );
    expect((await instanceOf(scene))?.MetadataOptions?.HttpEndpoint).toBe('enabled');
  });
});

describe('RevokeCredentials', () => {
  const policyOf = async ({ clients, world }: Scene) => {
    const { PolicyDocument = '' } = await clients.iam.send(
      new GetRolePolicyCommand({
        RoleName: 'web-server',
        PolicyName: `cordon-deny-${world.suspectId}`,
      }),
    );
    return decodeURIComponent(PolicyDocument);
  };

  // threat B1
  it('denies the sessions of this instance, and of no other with the role', async () => {
    const scene = await scenes.open({}, { REVOKE_CREDENTIALS: 'true' });
    await scene.contain();
    const policy = await policyOf(scene);
    const { Statement } = JSON.parse(policy) as { Statement: { Effect: string }[] };
    expect(Statement.map(({ Effect }) => Effect)).toEqual(['Deny', 'Deny']);
    expect(policy).toContain(`instance/${scene.world.suspectId}`);
    expect(policy).toMatch(new RegExp(`"aws:userid":"[^*"]+:${scene.world.suspectId}"`));
    expect(policy).not.toContain(scene.world.healthyId);
  });

  it('is given back by the undo', async () => {
    const scene = await scenes.open({}, { REVOKE_CREDENTIALS: 'true' });
    const command = undoOf(await scene.contain(), 'delete-role-policy');
    await scene.clients.iam.send(
      new DeleteRolePolicyCommand({
        RoleName: option(command, 'role-name'),
        PolicyName: option(command, 'policy-name'),
      }),
    );
    await expect(policyOf(scene)).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  });

  it('is told when the role is none of those it may be done to, and keeps nothing else', async () => {
    const scene = await scenes.open({}, { REVOKE_CREDENTIALS: 'true' });
    scene.emulator.traffic.inject({
      service: 'iam',
      action: 'PutRolePolicy',
      kind: 'denied',
      times: Number.POSITIVE_INFINITY,
    });
    const report = await scene.contain();
    expect(report.status).toBe('contained');
    expect(riskNames(report)).toContain('revoke-credentials-failed');
  });
});

describe('DisassociateProfile', () => {
  it('takes the profile away, notes which it was, and the undo gives it back', async () => {
    const scene = await scenes.open({}, { DISASSOCIATE_PROFILE: 'true' });
    const before = (await instanceOf(scene))?.IamInstanceProfile?.Arn;
    const report = await scene.contain();
    expect((await instanceOf(scene))?.IamInstanceProfile).toBeUndefined();
    expect((await tagsOf(scene, scene.world.suspectId))['cordon:before:profile']).toBe(before);
    const command = undoOf(report, 'associate-iam-instance-profile');
    await scene.clients.ec2.send(
      new AssociateIamInstanceProfileCommand({
        InstanceId: scene.world.suspectId,
        IamInstanceProfile: JSON.parse(
          option(command, 'iam-instance-profile').replaceAll("'", ''),
        ) as IamInstanceProfileSpecification,
      }),
    );
    expect((await instanceOf(scene))?.IamInstanceProfile?.Arn).toBe(before);
  });
});

describe('Every further cut at once', () => {
  const all = {
    NACL_DENY: 'true',
    DISASSOCIATE_ADDRESSES: 'true',
    DISABLE_IMDS: 'true',
    REVOKE_CREDENTIALS: 'true',
    DISASSOCIATE_PROFILE: 'true',
  };

  it('makes no change in a rehearsal, and says of each whether it would be allowed', async () => {
    const scene = await scenes.open({}, all);
    const report = await scene.contain(scene.world.suspectId, { dryRun: true });
    const changing = scene.emulator.traffic.calls.filter(
      ({ action, params }) =>
        /^(?:Modify|Disassociate|Put|CreateNetworkAcl)/.test(action) &&
        !(params instanceof URLSearchParams && params.get('DryRun') === 'true'),
    );
    expect(changing).toEqual([]);
    const entry = report.steps.find(({ step }) => step === 'reinforce-cut');
    expect(entry).toMatchObject({ outcome: 'planned' });
    expect(JSON.stringify(entry?.detail)).toContain('ec2:ModifyInstanceMetadataOptions');
  });

  it('is not in the way of the proof: the case is contained', async () => {
    const scene = await scenes.open({}, all);
    const report = await scene.contain();
    expect(report.status).toBe('contained');
    // What was cut is no risk that remains.
    expect(riskNames(report)).not.toContain('role-credentials-valid');
    expect(riskNames(report)).not.toContain('instance-metadata');
    // fault C6
    expect(riskNames(report)).toEqual(
      expect.arrayContaining(['role-credentials-revoked', 'instance-metadata-closed']),
    );
  });
});
