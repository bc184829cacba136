import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateSnapshotsCommand,
  CreateTagsCommand,
  DescribeInstancesCommand,
  ModifyInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2';
import { DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { permissions as deregister } from '../../src/steps/deregister-load-balancers.ts';
import { permissions as describing } from '../../src/steps/describe.ts';
import { permissions as detach } from '../../src/steps/detach-auto-scaling.ts';
import { permissions as isolate } from '../../src/steps/isolate-alone.ts';
import { permissions as protect } from '../../src/steps/protect.ts';
import { permissions as snapshot } from '../../src/steps/snapshot.ts';
import { permissions as verify } from '../../src/steps/verify.ts';
import { decide } from '../../src/triggers/decide.ts';
import { accountId as findingAccount, region as findingRegion } from '../case/sample-before.ts';
import { findingWith } from '../triggers/guardduty/sample-finding.ts';
import { onlyRequest } from '../triggers/only-request.ts';
import { policySettings } from '../triggers/policy-settings.ts';
import { denied } from './aws-error.ts';
import { reinforceScene, remote } from './reinforce-scene.ts';
import { outcomesOf, runbookScene } from './runbook-scene.ts';
import {
  anInterface,
  anotherInterface,
  firstInterface,
  instanceId,
  otherVpcId,
  secondInterface,
  vpcId,
  webGroup,
} from './sample-instance.ts';

// Each of these is a defect of another tool that contains instances; what it did wrong stands in
// the name. They are gathered here where no step's own test tells the story.

describe('one interface, several groups', () => {
  it.each([1, 2, 3, 5, 16])(
    'Cloud Custodian left every second of %i groups, and no isolation group',
    async (count) => {
      const groupIds = Array.from({ length: count }, (_, n) => `sg-000000000000000${n + 10}`);
      const networkInterfaces = [anInterface({ groupIds })];
      const { world, run } = runbookScene({ instance: { networkInterfaces } });
      await run();
      expect(world.groupsOf(firstInterface)).toEqual([
        world.groups.named('cordon-isolation-full', vpcId),
      ]);
    },
  );

  it('EC2 isolation samples moved the first interface only, or none when there were two', async () => {
    const networkInterfaces = [anInterface(), anotherInterface()];
    const { aws, world, run } = runbookScene({ instance: { networkInterfaces } });
    expect((await run()).status).toBe('contained');
    expect(world.groupsOf(secondInterface)).toEqual(world.groupsOf(firstInterface));
    for (const { args } of aws.ec2.commandCalls(ModifyInstanceAttributeCommand)) {
      expect(args[0].input).not.toHaveProperty('Groups');
    }
  });

  it('a network interface that nobody may change made Cloud Custodian give the others up', async () => {
    const networkInterfaces = [anInterface(), anotherInterface()];
    const { aws, world, run } = runbookScene({ instance: { networkInterfaces } });
    aws.ec2
      .on(ModifyNetworkInterfaceAttributeCommand, { NetworkInterfaceId: secondInterface })
      .rejects(denied());
    const report = await run();
    expect(world.groupsOf(firstInterface)).not.toContain(webGroup);
    expect(report.status).toBe('failed');
    expect(report.reason).toMatch(/not authorized/);
  });

  it('Cloud Custodian gave an interface the group of another name when its own was not found', async () => {
    const networkInterfaces = [anInterface(), anotherInterface({ vpcId: otherVpcId })];
    const { aws, world, run } = runbookScene({ instance: { networkInterfaces } });
    aws.ec2.on(CreateSecurityGroupCommand, { VpcId: otherVpcId }).rejects(denied());
    const report = await run();
    const ofTheFirst = world.groups.named('cordon-isolation-full', vpcId);
    expect(world.groupsOf(firstInterface)).toEqual([ofTheFirst]);
    expect(world.moves.filter((move) => move.startsWith(secondInterface))).toEqual([]);
    expect(report.status).toBe('failed');
    expect(report.reason).toContain(secondInterface);
  });

  it('Cloud Custodian reckoned with five groups per interface: all sixteen can be given back', async () => {
    const groupIds = Array.from({ length: 16 }, (_, n) => `sg-000000000000000${n + 10}`);
    const { run } = runbookScene({
      instance: { networkInterfaces: [anInterface({ groupIds })] },
    });
    expect((await run()).undo).toContain(`--groups ${groupIds.join(' ')}`);
  });
});

describe('after the cut', () => {
  it('the AWS forensic orchestrator gave the old groups back when a later line failed', async () => {
    const { aws, world, run } = runbookScene();
    aws.ec2.on(CreateTagsCommand).rejects(denied());
    aws.ec2.on(ModifyInstanceAttributeCommand).rejects(denied());
    aws.ec2SingleAttempt.on(CreateSnapshotsCommand).rejects(denied());
    aws.ec2SingleAttempt.on(CreateSnapshotCommand).rejects(denied());
    const report = await run();
    expect(outcomesOf(report)).toMatchObject({ protect: 'failed', snapshot: 'failed' });
    expect(world.moves.map((move) => move.split(' ')[1])).toEqual([
      world.groups.named('cordon-transition'),
      world.groups.named('cordon-isolation-full'),
    ]);
    expect(report.status).toBe('partial');
  });

  it('the GuardDuty sample published "successfully quarantined" after it had failed', async () => {
    const { aws, subjects, run } = runbookScene();
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand).rejects(denied());
    await run();
    expect(subjects.filter((subject) => !subject.includes('NOT CONTAINED'))).toEqual([]);
  });

  it('a sample ended in ISOLATED_AND_NOTIFIED though nothing could be read back', async () => {
    const { aws, run } = runbookScene();
    aws.ec2.on(DescribeInstancesCommand).rejects(denied());
    const report = await run();
    expect(report.status).toBe('failed');
    expect(report.proof).toEqual([]);
  });

  it('no tool read the groups back: a change that AWS took and did not make passed for the cut', async () => {
    const { aws, subjects, run } = runbookScene();
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand).resolves({});
    expect((await run()).status).toBe('failed');
    expect(subjects.filter((subject) => !subject.includes('NOT CONTAINED'))).toEqual([]);
  });

  it('no tool but one read the rules of its group: a revoke that took nothing away passed for it', async () => {
    const { aws, world, run } = runbookScene();
    aws.ec2.on(RevokeSecurityGroupEgressCommand).resolves({ Return: true });
    expect((await run()).status).toBe('failed');
    expect(world.groupsOf(firstInterface)).toEqual([webGroup]);
  });

  it('the isolation sample opened a contained host to everybody again when the finding came again', async () => {
    const { aws, world, run } = runbookScene();
    await run();
    const moves = [...world.moves];
    await aws.clock.sleep(15 * 60_000);
    await run({ caseId: `20260301T0320Z-${instanceId}` });
    expect(world.moves).toEqual(moves);
  });

  it('two samples took new snapshots and made new groups each time the finding was updated', async () => {
    const { aws, world, run } = runbookScene();
    await run();
    const taken = world.snapshots.length;
    await aws.clock.sleep(15 * 60_000);
    await run({ caseId: `20260301T0320Z-${instanceId}` });
    expect(world.snapshots).toHaveLength(taken);
    expect(aws.ec2).toHaveReceivedCommandTimes(CreateSecurityGroupCommand, 2);
  });
});

describe('the order', () => {
  it('the GuardDuty sample isolated last, after snapshots, waits and forty other calls', async () => {
    const { aws, world, run } = runbookScene();
    aws.ec2SingleAttempt.on(CreateSnapshotsCommand).callsFake(async () => {
      await aws.clock.sleep(60_000);
      return { Snapshots: [] };
    });
    await run();
    expect(world.groupsOf(firstInterface)).toEqual([world.groups.named('cordon-isolation-full')]);
    expect(world.movedAt.at(-1)).toBeLessThan(5_000);
  });

  it('two orchestrators kept the host connected until the evidence was saved', async () => {
    const { aws, world, run } = runbookScene();
    const aMinute = async () => {
      await aws.clock.sleep(60_000);
      throw denied();
    };
    aws.ec2SingleAttempt.on(CreateSnapshotsCommand).callsFake(aMinute);
    aws.ec2.on(ModifyInstanceAttributeCommand).callsFake(aMinute);
    aws.ec2.on(CreateTagsCommand, { Resources: [instanceId] }).callsFake(aMinute);
    aws.loadBalancingV2.on(DescribeTargetGroupsCommand).callsFake(aMinute);
    await run();
    expect(world.groupsOf(firstInterface)).toEqual([world.groups.named('cordon-isolation-full')]);
    expect(world.movedAt.at(-1)).toBeLessThan(5_000);
  });

  it('the GuardDuty sample ended at one call that failed, before load balancers and network', async () => {
    const scene = runbookScene({ autoScalingGroup: 'web-asg' });
    scene.aws.ec2.on(ModifyInstanceAttributeCommand).rejects(denied());
    scene.aws.ec2.on(CreateTagsCommand).rejects(denied());
    scene.aws.ec2SingleAttempt.on(CreateSnapshotsCommand).rejects(denied());
    scene.aws.ec2SingleAttempt.on(CreateSnapshotCommand).rejects(denied());
    const outcomes = outcomesOf(await scene.run());
    expect(outcomes).toMatchObject({ protect: 'failed', snapshot: 'failed', tag: 'failed' });
    expect(outcomes).toMatchObject({
      'detach-auto-scaling': 'done',
      'deregister-load-balancers': 'done',
      'isolate-network': 'done',
    });
  });

  it('every tool made one call after the other: ours cuts eight interfaces in the time of one', async () => {
    const longestOpen = async (count: number): Promise<number | undefined> => {
      const networkInterfaces = Array.from({ length: count }, (_, n) =>
        anInterface({ id: `eni-0000000000000010${n}` }),
      );
      const { world, run } = runbookScene({ instance: { networkInterfaces } });
      expect((await run()).status).toBe('contained');
      return world.movedAt.at(-1);
    };
    expect(await longestOpen(8)).toBe(await longestOpen(1));
  });

  it('the AWS forensic orchestrator isolated in a run that was only to look, when a step failed', async () => {
    const { aws, world, run } = runbookScene();
    aws.ec2SingleAttempt.on(CreateSnapshotsCommand).rejects(denied());
    aws.ec2SingleAttempt.on(CreateSnapshotCommand).rejects(denied());
    aws.ec2.on(ModifyInstanceAttributeCommand).rejects(denied());
    await run({ dryRun: true });
    expect(world.moves).toEqual([]);
    expect(world.groupsOf(firstInterface)).toEqual([webGroup]);
  });

  it('cloud-forensics-utils described every instance, aws_ir every Region, before the cut', async () => {
    const { aws, run } = runbookScene();
    await run();
    for (const { args } of aws.ec2.commandCalls(DescribeInstancesCommand)) {
      expect(args[0].input.InstanceIds).toEqual([instanceId]);
    }
    const names = aws.ec2.calls().map(({ args }) => args[0].constructor.name);
    expect(names.filter((name) => /Regions|AvailabilityZones/.test(name))).toEqual([]);
  });

  it('the auto clean room needed a target group, else the whole run failed', async () => {
    const { run } = runbookScene({ balancing: { groups: [], classic: {} } });
    const report = await run();
    expect(report.status).toBe('contained');
    expect(outcomesOf(report)['deregister-load-balancers']).toBe('not-applicable');
  });

  it('the auto clean room snapshotted the first volume only', async () => {
    const { world, run } = runbookScene();
    await run();
    expect(world.snapshots.map(({ VolumeId }) => VolumeId)).toEqual([
      'vol-00000000000000001',
      'vol-00000000000000002',
    ]);
  });

  it('the AWS forensic orchestrator isolated nothing that Systems Manager did not know', () => {
    const all = [describing, detach, deregister, isolate, protect, snapshot, verify].flat();
    expect(all.filter((permission) => permission.startsWith('ssm:'))).toEqual([]);
  });
});

describe('the groups', () => {
  // threat A3
  it('seven tools left IPv6 egress to everywhere in the isolation group', async () => {
    const { world, run } = runbookScene({ ipv6Vpcs: [vpcId] });
    await run();
    expect(world.groups.rules(world.groupsOf(firstInterface)[0] ?? '')).toEqual([]);
  });

  it('two tools converted IPv4 flows only: transition opens both families, both ways', async () => {
    const { world, run } = runbookScene({ ipv6Vpcs: [vpcId] });
    await run();
    const rules = world.groups.rules(world.groups.named('cordon-transition') ?? '');
    expect(rules.filter((rule) => rule.endsWith('::/0'))).toHaveLength(2);
  });

  it('aws_ir revoked egress without naming a range, which took nothing away', async () => {
    const { aws, run } = runbookScene({ ipv6Vpcs: [vpcId] });
    await run();
    for (const { args } of aws.ec2.commandCalls(RevokeSecurityGroupEgressCommand)) {
      const [permission] = args[0].input.IpPermissions ?? [];
      expect([...(permission?.IpRanges ?? []), ...(permission?.Ipv6Ranges ?? [])]).toHaveLength(1);
    }
  });

  it('aws_ir went on when the revoke was refused: an open group is never used', async () => {
    const { aws, world, subjects, run } = runbookScene();
    aws.ec2.on(RevokeSecurityGroupEgressCommand).rejects(denied());
    expect((await run()).status).toBe('failed');
    expect(world.moves).toEqual([]);
    expect(subjects.at(-1)).toContain('NOT CONTAINED');
  });

  it('aws_ir made a network ACL that no subnet had: ours denies in the one of the subnet', async () => {
    const { world, sent, run } = reinforceScene({ settings: { optedInto: ['nacl-deny'] } });
    await run();
    expect(sent()).not.toContain('CreateNetworkAcl');
    expect(world.acls[0]?.subnetIds).toContain(anInterface().subnetId);
    expect(world.denies).toEqual(
      ['ingress', 'egress'].map((way) => `acl-1 ${way} 99 deny ${remote}/32`),
    );
  });

  it('a Step Functions sample opened the original group, which others share', async () => {
    const { aws, run } = runbookScene();
    await run();
    const opened = [
      ...aws.ec2.commandCalls(AuthorizeSecurityGroupIngressCommand),
      ...aws.ec2.commandCalls(AuthorizeSecurityGroupEgressCommand),
    ].map(({ args }) => args[0].input.GroupId);
    expect(opened.length).toBeGreaterThan(0);
    expect(opened).not.toContain(webGroup);
  });

  // threat G6
  it('a fixed temporary name made the second isolation in a VPC fail', async () => {
    const { world, aws, run } = runbookScene();
    const [one, other] = await Promise.all([run(), run()]);
    expect([one?.status, other?.status]).not.toContain('failed');
    expect(world.groupsOf(firstInterface)).toEqual([world.groups.named('cordon-isolation-full')]);
    expect(aws.log.text).not.toContain('IsolationGroupUnavailableError');
  });
});

describe('load balancers', () => {
  const ours = { id: instanceId, port: 80 };

  it('no tool turned the page of the target groups', async () => {
    const groups = ['a', 'b', 'c', 'web'].map((name) => ({
      name,
      targets: name === 'web' ? [ours] : [],
    }));
    const { balancing, run } = runbookScene({ balancing: { groups, pageSize: 2 } });
    await run();
    expect(balancing.registered).toEqual([]);
  });

  it('no tool looked for targets that are registered by address', async () => {
    const targets = [{ id: anInterface().privateAddresses[0] ?? '', port: 80 }];
    const { balancing, run } = runbookScene({
      balancing: { groups: [{ name: 'pods', type: 'ip', targets }] },
    });
    await run();
    expect(balancing.registered).toEqual([]);
  });

  it('no tool remembered the registrations that it took away', async () => {
    const targets = [ours, { ...ours, port: 8080 }];
    const { world, run } = runbookScene({ balancing: { groups: [{ name: 'web', targets }] } });
    const { undo } = await run();
    const tags = Object.values(world.tagsOf(instanceId));
    for (const { port } of targets) {
      const command = `--targets Id=${instanceId},Port=${port}`;
      expect(undo.split('\n').filter((line) => line.endsWith(command))).toHaveLength(1);
      expect(tags.some((value) => value.includes(`${instanceId} ${port} `))).toBe(true);
    }
  });
});

describe('who is contained', () => {
  const decisionsAbout = (event: object) => {
    const now = new Date('2026-11-20T03:00:00Z');
    const settings = policySettings();
    const place = { region: findingRegion, accountId: findingAccount };
    return decide(onlyRequest(event, now), settings, place, now);
  };

  it('the AWS forensic orchestrator never isolated an EKS node; here a person is asked', () => {
    const [decision] = decisionsAbout(findingWith({ resource: { resourceType: 'EKSCluster' } }));
    expect(decision?.kind).toBe('ask');
  });

  it('a finding that came from the member and from the administrator was remediated twice', () => {
    const [ofMember] = decisionsAbout(findingWith());
    const [ofAdministrator] = decisionsAbout(
      findingWith({ envelope: { account: '999999999999' } }),
    );
    expect(ofMember?.kind).toBe('contain');
    expect(ofAdministrator?.case.caseId).toBe(ofMember?.case.caseId);
  });
});

describe('what people are told', () => {
  it('no tool warned of connections that AWS keeps alive behind a NAT gateway', async () => {
    const { subjects, run } = runbookScene({ defaultRoute: 'nat-1' });
    const { status, residualRisks } = await run();
    expect(status).toBe('partial');
    expect(residualRisks.map(({ risk }) => risk)).toContain('nat-tracked-flows');
    expect(subjects.at(-1)).toContain('OLD CONNECTIONS MAY LIVE');
  });

  // threat A4
  it('no tool said that DNS and instance metadata stay within reach', async () => {
    const { run } = runbookScene();
    const risks = (await run()).residualRisks.map(({ risk }) => risk);
    expect(risks).toEqual(expect.arrayContaining(['resolver-dns', 'instance-metadata']));
  });

  it('no tool measured how long it took from the finding to the cut', async () => {
    const report = await runbookScene().run();
    expect(report.secondsToIsolate).toBeGreaterThan(0);
    expect(report.secondsFromFinding).toBeGreaterThan(report.secondsToIsolate ?? 0);
  });

  it('cloud-forensics-utils took the name of the instance profile for that of the role', async () => {
    const instanceProfileArn = 'arn:aws:iam::111122223333:instance-profile/path/web-profile';
    const { run } = runbookScene({ instance: { instanceProfileArn } });
    const { residualRisks } = await run();
    const risk = residualRisks.find((one) => one.risk === 'role-credentials-valid');
    expect(risk?.remedy).toContain('get-instance-profile --instance-profile-name web-profile');
    expect(risk?.remedy).not.toContain('--role-name web-profile');
  });

  it('revoking sessions hit every instance with the role: ours names this instance only', async () => {
    const instanceProfileArn = 'arn:aws:iam::111122223333:instance-profile/web';
    const { run } = runbookScene({ instance: { instanceProfileArn } });
    const remedies = (await run()).residualRisks.map(({ remedy }) => remedy).join('\n');
    expect(remedies).toContain(`instance/${instanceId}`);
    expect(remedies).not.toContain('aws:TokenIssueTime');
  });

  it('a filter that could not be read let everything through: one without "=" exempts nobody', async () => {
    const { run } = runbookScene({ settings: { exemptTag: 'Name' } });
    expect((await run()).status).toBe('contained');
  });
});
