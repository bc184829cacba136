import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSnapshotsCommand,
  CreateTagsCommand,
  DescribeInstancesCommand,
  ModifyInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { permissions as deregister } from '../../src/steps/deregister-load-balancers.ts';
import { permissions as describing } from '../../src/steps/describe.ts';
import { permissions as detach } from '../../src/steps/detach-auto-scaling.ts';
import { permissions as isolate } from '../../src/steps/isolate-alone.ts';
import { permissions as protect } from '../../src/steps/protect.ts';
import { permissions as snapshot } from '../../src/steps/snapshot.ts';
import { permissions as verify } from '../../src/steps/verify.ts';
import { denied } from './aws-error.ts';
import { outcomesOf, runbookScene } from './runbook-scene.ts';
import {
  anInterface,
  anotherInterface,
  firstInterface,
  instanceId,
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
});

describe('after the cut', () => {
  it('the AWS forensic orchestrator gave the old groups back when a later line failed', async () => {
    const { aws, world, run } = runbookScene();
    aws.ec2.on(CreateTagsCommand).rejects(denied());
    aws.ec2.on(ModifyInstanceAttributeCommand).rejects(denied());
    aws.ec2SingleAttempt.on(CreateSnapshotsCommand).rejects(denied());
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

  it('a fixed temporary name made the second isolation in a VPC fail', async () => {
    const { world, aws, run } = runbookScene();
    const [one, other] = await Promise.all([run(), run()]);
    expect([one?.status, other?.status]).not.toContain('failed');
    expect(world.groupsOf(firstInterface)).toEqual([world.groups.named('cordon-isolation-full')]);
    expect(aws.log.text).not.toContain('IsolationGroupUnavailableError');
  });
});

describe('what people are told', () => {
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
