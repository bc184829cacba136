import { DetachInstancesCommand } from '@aws-sdk/client-auto-scaling';
import {
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateSnapshotsCommand,
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  ModifyInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { PublishCommand } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { awsError, denied, throttled } from './aws-error.ts';
import { outcomesOf, runbookScene } from './runbook-scene.ts';
import {
  anInterface,
  anIsolationGroup,
  firstInterface,
  instanceId,
  isolationId,
  vpcId,
  webGroup,
} from './sample-instance.ts';

describe('a compromised web server', () => {
  it('is contained, proven, and the on-call is told twice', async () => {
    const { world, balancing, subjects, run } = runbookScene({ autoScalingGroup: 'web-asg' });
    const report = await run();
    expect(report).toMatchObject({ status: 'contained', cut: 'complete', instanceId });
    expect(world.groupsOf(firstInterface)).toEqual([
      world.groups.named('cordon-isolation-full', vpcId),
    ]);
    expect(balancing.registered).toEqual([]);
    expect(outcomesOf(report)).toEqual({
      describe: 'done',
      tag: 'done',
      'detach-auto-scaling': 'done',
      'deregister-load-balancers': 'done',
      'prepare-isolation': 'done',
      'isolate-network': 'done',
      'reinforce-cut': 'done',
      protect: 'done',
      snapshot: 'done',
      verify: 'done',
      notify: 'done',
      'collect-evidence': 'not-applicable',
    });
    expect(subjects).toEqual([
      `[Cordon] ISOLATED ${instanceId} in 1.0 s: Backdoor:EC2/C&CActivity.B`,
      `[Cordon] CONTAINED ${instanceId} in 1.0 s: Backdoor:EC2/C&CActivity.B`,
    ]);
    expect(world.tagsOf(instanceId)['cordon:status']).toBe('contained');
  });

  it('can be given back: the undo names groups, targets and protections', async () => {
    const { undo } = await runbookScene({ autoScalingGroup: 'web-asg' }).run();
    expect(undo).toContain(`--network-interface-id ${firstInterface} --groups ${webGroup}`);
    expect(undo).toContain(`Id=${instanceId},Port=80`);
    expect(undo).toContain('--no-disable-api-termination');
    expect(undo).toContain('--auto-scaling-group-name web-asg');
  });

  it('is told of only after the interfaces were read back', async () => {
    const { aws, run } = runbookScene();
    const order: string[] = [];
    aws.ec2.on(DescribeNetworkInterfacesCommand).callsFake(async () => {
      order.push('read');
      return {
        NetworkInterfaces: [
          { NetworkInterfaceId: firstInterface, Groups: [{ GroupId: webGroup }] },
        ],
      };
    });
    aws.sns.on(PublishCommand).callsFake(async ({ Subject }) => {
      order.push(Subject.split(' ')[1]);
      return {};
    });
    const report = await run();
    expect(order).not.toContain('ISOLATED');
    expect(report.steps.find(({ step }) => step === 'isolate-network')?.outcome).toBe('failed');
  });

  it('is isolated with its old connections in doubt behind a NAT gateway, which is no CONTAINED', async () => {
    const { subjects, run } = runbookScene({ defaultRoute: 'nat-0123' });
    expect(await run()).toMatchObject({ status: 'partial', cut: 'new-flows-only' });
    expect(subjects.at(-1)).toContain('ISOLATED, OLD CONNECTIONS MAY LIVE');
  });
});

describe('a step that fails', () => {
  const breaking = {
    'detach-auto-scaling': ({ aws }: ReturnType<typeof runbookScene>) => {
      aws.autoScaling.on(DetachInstancesCommand).rejects(awsError('ValidationError', 'no'));
    },
    'deregister-load-balancers': ({ aws }: ReturnType<typeof runbookScene>) => {
      aws.loadBalancingV2.on(DescribeTargetGroupsCommand).rejects(denied());
    },
    protect: ({ aws }: ReturnType<typeof runbookScene>) => {
      aws.ec2.on(ModifyInstanceAttributeCommand).rejects(denied());
    },
    snapshot: ({ aws }: ReturnType<typeof runbookScene>) => {
      aws.ec2SingleAttempt.on(CreateSnapshotsCommand).rejects(denied());
      aws.ec2SingleAttempt.on(CreateSnapshotCommand).rejects(denied());
    },
    tag: ({ aws }: ReturnType<typeof runbookScene>) => {
      aws.ec2.on(CreateTagsCommand, { Resources: [instanceId] }).rejects(denied());
    },
  };

  it.each(Object.entries(breaking))('never stops another: %s', async (step, breakIt) => {
    const scene = runbookScene({ autoScalingGroup: 'web-asg' });
    breakIt(scene);
    const report = await scene.run();
    const outcomes = outcomesOf(report);
    expect(outcomes[step]).toBe('failed');
    const others = Object.entries(outcomes).filter(([name]) => name !== step);
    expect(others.map(([, outcome]) => outcome)).not.toContain('failed');
    expect(outcomes).toMatchObject({ 'isolate-network': 'done', verify: 'done', notify: 'done' });
    expect(scene.subjects).toHaveLength(2);
  });

  it('is recorded with the name and the words of the error', async () => {
    const scene = runbookScene();
    breaking.snapshot(scene);
    const report = await scene.run();
    expect(report.status).toBe('partial');
    expect(report.steps.find(({ step }) => step === 'snapshot')?.error).toEqual({
      code: 'AwsDeniedError',
      message: expect.stringContaining('UnauthorizedOperation'),
    });
  });

  it('is tried again when AWS was too busy', async () => {
    const { aws, run } = runbookScene();
    aws.ec2
      .on(ModifyInstanceAttributeCommand, { DisableApiStop: { Value: true } })
      .rejectsOnce(throttled())
      .resolves({});
    expect(outcomesOf(await run()).protect).toBe('done');
  });

  it('is tried as often as the state machine says, not for ever', async () => {
    const { aws, run } = runbookScene();
    aws.ec2.on(ModifyInstanceAttributeCommand).rejects(throttled());
    const report = await run();
    expect(outcomesOf(report).protect).toBe('failed');
    const termination = { DisableApiTermination: { Value: true } };
    const calls = aws.ec2.commandCalls(ModifyInstanceAttributeCommand, termination);
    expect(calls).toHaveLength(4);
  });
});

describe('a network that is not cut', () => {
  it('is tried again without transition, then told: NOT CONTAINED', async () => {
    const { aws, subjects, run } = runbookScene();
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand).rejects(denied());
    const report = await run();
    expect(report).toMatchObject({ status: 'failed', cut: 'none' });
    expect(report.isolatedAt).toBeUndefined();
    expect(outcomesOf(report)).toMatchObject({ verify: 'done', snapshot: 'done', protect: 'done' });
    // At once, and at the end with the proof.
    expect(subjects).toEqual(Array(2).fill(expect.stringContaining('NOT CONTAINED')));
  });

  it('is cut in the second run, and the report explains what may live', async () => {
    const { aws, world, run } = runbookScene({ groups: [anIsolationGroup()] });
    let isolating = 0;
    aws.ec2.on(CreateSecurityGroupCommand, { GroupName: 'cordon-transition' }).rejects(denied());
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand).callsFake(async ({ Groups }) => {
      if (Groups === undefined) return {};
      isolating += 1;
      if (isolating === 1) throw denied();
      world.place(firstInterface, Groups);
      return {};
    });
    const report = await run();
    expect(report).toMatchObject({ status: 'partial', cut: 'new-flows-only' });
    expect(report.residualRisks.map(({ risk }) => risk)).toContain('established-connections');
  });

  it('is not cut without an isolation group, and nothing is opened', async () => {
    const { aws, world, subjects, run } = runbookScene();
    aws.ec2.on(CreateSecurityGroupCommand).rejects(denied());
    const report = await run();
    expect(report.status).toBe('failed');
    expect(report.steps.find(({ step }) => step === 'prepare-isolation')?.error?.code).toBe(
      'AwsDeniedError',
    );
    expect(world.moves).toEqual([]);
    expect(subjects.at(-1)).toContain('NOT CONTAINED');
  });

  it('that another has cut meanwhile is judged by what verify reads', async () => {
    const { aws, world, run } = runbookScene({ groups: [anIsolationGroup()] });
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand).callsFake(async () => {
      world.place(firstInterface, [isolationId]);
      throw denied();
    });
    aws.ec2.on(CreateSecurityGroupCommand).rejects(denied());
    const report = await run();
    expect(report).toMatchObject({ status: 'partial', cut: 'new-flows-only' });
  });
});

describe('an instance that cannot be described', () => {
  it('is told at once: nothing was changed, and a person has to look', async () => {
    const { aws, subjects, world, run } = runbookScene();
    aws.ec2.on(DescribeInstancesCommand).rejects(awsError('InvalidInstanceID.NotFound'));
    const report = await run();
    expect(report.status).toBe('failed');
    expect(report.reason).toContain('does not exist');
    expect(outcomesOf(report)).toEqual({ describe: 'failed', notify: 'done' });
    expect(subjects[0]).toContain('NOT CONTAINED');
    expect(world.moves).toEqual([]);
  });
});

describe('a topic that refuses', () => {
  // threat E5
  it('does not cost the containment, and the report says that nobody was told', async () => {
    const { aws, run } = runbookScene();
    aws.sns.on(PublishCommand).rejects(awsError('AuthorizationErrorException'));
    const report = await run();
    expect(report.status).toBe('contained');
    expect(report.reason).toContain('Nobody was told');
  });
});

describe('an instance that is stopped', () => {
  it('is contained', async () => {
    const { run } = runbookScene({
      instance: { state: 'stopped', networkInterfaces: [anInterface()] },
    });
    expect((await run()).status).toBe('contained');
  });
});
