import {
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
} from '@aws-sdk/client-auto-scaling';
import type { Instance as Ec2Instance } from '@aws-sdk/client-ec2';
import {
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import {
  AwsUnavailableError,
  ForeignInstanceError,
  InstanceNotFoundError,
  InstanceTerminatedError,
} from '../../src/case/errors.ts';
import type { DescribeInput } from '../../src/steps/describe.ts';
import { describe as describeStep } from '../../src/steps/describe.ts';
import { triggerWith } from '../case/sample-report.ts';
import { awsError, denied, throttled } from './aws-error.ts';
import { fakeAws } from './fake-aws.ts';
import {
  aCase,
  accountId,
  adminGroup,
  firstInterface,
  instanceId,
  region,
  secondInterface,
  vpcId,
  webGroup,
} from './sample-instance.ts';

const found: Ec2Instance = {
  InstanceId: instanceId,
  State: { Name: 'running' },
  VpcId: vpcId,
  ImageId: 'ami-1',
  InstanceType: 't3.small',
  LaunchTime: new Date('2026-01-01T00:00:00Z'),
  RootDeviceType: 'ebs',
  IamInstanceProfile: { Arn: `arn:aws:iam::${accountId}:instance-profile/web` },
  MetadataOptions: { HttpEndpoint: 'enabled', InstanceMetadataTags: 'enabled' },
  NetworkInterfaces: [
    {
      NetworkInterfaceId: firstInterface,
      VpcId: vpcId,
      SubnetId: 'subnet-1',
      Groups: [{ GroupId: webGroup }, { GroupId: adminGroup }],
      PrivateIpAddresses: [
        { PrivateIpAddress: '10.0.0.10', Association: { PublicIp: '203.0.113.10' } },
        { PrivateIpAddress: '10.0.0.20' },
      ],
      Ipv6Addresses: [{ Ipv6Address: '2001:db8::10' }],
    },
    {
      NetworkInterfaceId: secondInterface,
      VpcId: vpcId,
      SubnetId: 'subnet-1',
      Groups: [{ GroupId: adminGroup }],
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.11' }],
    },
  ],
  BlockDeviceMappings: [
    { DeviceName: '/dev/xvda', Ebs: { VolumeId: 'vol-1', DeleteOnTermination: true } },
    { DeviceName: '/dev/sdf', Ebs: { VolumeId: 'vol-2', DeleteOnTermination: false } },
    { DeviceName: '/dev/sdb' },
  ],
  Tags: [{ Key: 'Name', Value: 'web-1' }],
};

const scene = (change: Partial<Ec2Instance> = {}, settings: Parameters<typeof fakeAws>[0] = {}) => {
  const aws = fakeAws(settings);
  const { ec2, autoScaling } = aws;
  ec2
    .on(DescribeInstancesCommand)
    .resolves({ Reservations: [{ OwnerId: accountId, Instances: [{ ...found, ...change }] }] });
  ec2.on(DescribeNetworkInterfacesCommand).resolves({
    NetworkInterfaces: [
      { NetworkInterfaceId: firstInterface, RequesterManaged: false },
      { NetworkInterfaceId: secondInterface, RequesterManaged: true },
    ],
  });
  ec2
    .on(DescribeInstanceAttributeCommand, { Attribute: 'disableApiTermination' })
    .resolves({ DisableApiTermination: { Value: false } });
  ec2
    .on(DescribeInstanceAttributeCommand, { Attribute: 'disableApiStop' })
    .resolves({ DisableApiStop: { Value: true } });
  ec2
    .on(DescribeInstanceAttributeCommand, { Attribute: 'instanceInitiatedShutdownBehavior' })
    .resolves({ InstanceInitiatedShutdownBehavior: { Value: 'terminate' } });
  ec2.on(DescribeSecurityGroupsCommand).resolves({ SecurityGroups: [] });
  autoScaling.on(DescribeAutoScalingInstancesCommand).resolves({ AutoScalingInstances: [] });
  autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
  const run = async (theCase: DescribeInput['case'] = aCase()) => {
    const { detail } = await describeStep(aws.deps, { instanceId, region, case: theCase });
    return detail;
  };
  return { aws, run };
};

describe('the instance as it was found', () => {
  it('has every interface with every group and every address, IPv6 too', async () => {
    const { instance } = (await scene().run()).before;
    expect(instance.networkInterfaces).toEqual([
      {
        id: firstInterface,
        vpcId,
        subnetId: 'subnet-1',
        groupIds: [webGroup, adminGroup],
        cordonGroupIds: [],
        prefixes: [],
        privateAddresses: ['10.0.0.10', '10.0.0.20'],
        ipv6Addresses: ['2001:db8::10'],
        publicAddresses: ['203.0.113.10'],
        requesterManaged: false,
        cordonTags: {},
      },
      expect.objectContaining({ id: secondInterface, requesterManaged: true }),
    ]);
  });

  it('has its volumes, protections, profile and owner', async () => {
    const { instance } = (await scene().run()).before;
    expect(instance).toMatchObject({
      id: instanceId,
      accountId,
      region,
      spot: false,
      metadataTags: true,
      instanceProfileArn: `arn:aws:iam::${accountId}:instance-profile/web`,
      protection: { termination: false, stop: true, shutdownBehavior: 'terminate' },
      volumes: [
        { id: 'vol-1', device: '/dev/xvda', deleteOnTermination: true },
        { id: 'vol-2', device: '/dev/sdf', deleteOnTermination: false },
      ],
    });
  });

  it('is told to be Spot, or managed by a service, where AWS says so', async () => {
    const change = {
      InstanceLifecycle: 'spot',
      Operator: { Managed: true, Principal: 'eks.amazonaws.com' },
    } as const;
    const { instance } = (await scene(change).run()).before;
    expect(instance).toMatchObject({ spot: true, managedBy: 'eks.amazonaws.com' });
  });

  it('has no protection where the attributes are denied: absent, not off', async () => {
    const { aws, run } = scene();
    aws.ec2.on(DescribeInstanceAttributeCommand).rejects(denied());
    expect((await run()).before.instance.protection).toEqual({});
  });

  it('has interfaces that can be moved when nobody tells who made them', async () => {
    const { aws, run } = scene();
    aws.ec2.on(DescribeNetworkInterfacesCommand).rejects(denied());
    const { networkInterfaces } = (await run()).before.instance;
    expect(networkInterfaces.map((one) => one.requesterManaged)).toEqual([false, false]);
  });

  // fault A12
  it('is in the log before anything else happens', async () => {
    const { aws, run } = scene();
    const { before, case: theCase } = await run();
    // Tags of others by their keys alone: their values may be secrets.
    const { instance } = before;
    const logged = { ...before, instance: { ...instance, tags: { Name: '…' } } };
    expect(aws.log.line('before')?.fields).toEqual({ caseId: theCase.caseId, before: logged });
  });
});

describe('the time it takes', () => {
  it('is one round trip: no call waits for the answer of another', async () => {
    const { aws, run } = scene();
    const membership = { AutoScalingInstances: [{ AutoScalingGroupName: 'web-asg' }] };
    const slowly = async <Answer>(answer: Answer): Promise<Answer> => {
      await aws.clock.sleep(100);
      return answer;
    };
    const { ec2, autoScaling } = aws;
    const reservation = { Reservations: [{ OwnerId: accountId, Instances: [found] }] };
    ec2.on(DescribeInstancesCommand).callsFake(() => slowly(reservation));
    ec2.on(DescribeNetworkInterfacesCommand).callsFake(() => slowly({ NetworkInterfaces: [] }));
    ec2.on(DescribeInstanceAttributeCommand).callsFake(() => slowly({}));
    ec2.on(DescribeSecurityGroupsCommand).callsFake(() => slowly({ SecurityGroups: [] }));
    autoScaling.on(DescribeAutoScalingInstancesCommand).callsFake(() => slowly(membership));
    autoScaling
      .on(DescribeAutoScalingGroupsCommand)
      .callsFake(() => slowly({ AutoScalingGroups: [{ AutoScalingGroupName: 'web-asg' }] }));
    expect((await run()).before.autoScaling).toMatchObject({ known: true });
    expect(aws.clock.elapsed).toBe(100);
  });
});

describe('an instance that is not to be contained', () => {
  it('is not found when EC2 does not know it', async () => {
    const { aws, run } = scene();
    aws.ec2.on(DescribeInstancesCommand).rejects(awsError('InvalidInstanceID.NotFound'));
    await expect(run()).rejects.toThrow(InstanceNotFoundError);
  });

  it('is not found when the id is malformed', async () => {
    const { aws, run } = scene();
    aws.ec2.on(DescribeInstancesCommand).rejects(awsError('InvalidInstanceID.Malformed'));
    await expect(run()).rejects.toThrow(InstanceNotFoundError);
  });

  // fault A8: EC2 refuses an id that it does not know; without it the answer is half an answer
  it('is asked for again when the answer is empty, and never called absent for it', async () => {
    const { aws, run } = scene();
    aws.ec2.on(DescribeInstancesCommand).resolves({ Reservations: [] });
    await expect(run()).rejects.toThrow(AwsUnavailableError);
    expect(aws.ec2.commandCalls(DescribeInstancesCommand).length).toBeGreaterThan(2);
  });

  it('is told apart when it is terminated, and the message says where the evidence may be', async () => {
    const { run } = scene({ State: { Name: 'terminated' }, StateReason: { Message: 'by user' } });
    const running = run();
    await expect(running).rejects.toThrow(InstanceTerminatedError);
    await expect(running).rejects.toThrow(/by user.*snapshots/);
  });

  it('is foreign when it belongs to another account than the trigger says', async () => {
    const { run } = scene();
    await expect(run(aCase({ accountId: '999999999999' }))).rejects.toThrow(ForeignInstanceError);
  });

  it('is skipped when it carries the exempting tag, for automatic triggers', async () => {
    const { run } = scene({ Tags: [{ Key: 'tier', Value: 'db' }] }, { exemptTag: 'tier=db' });
    expect((await run()).skip).toContain('tier=db');
  });

  it.each([
    [
      'a node of a cluster, by a tag',
      { Tags: [{ Key: 'eks:cluster-name', Value: 'x' }] },
      8.9,
      true,
    ],
    ['a node by a tag that only AWS writes', { Tags: [{ Key: 'aws:eks:x', Value: 'x' }] }, 9, true],
    ['a node by a tag, at severity 9', { Tags: [{ Key: 'eks:x', Value: 'x' }] }, 9, false],
    ['a NAT instance', { SourceDestCheck: false }, 8.9, true],
    ['a NAT instance, at severity 9', { SourceDestCheck: false }, 9, false],
    ['an ordinary server', { SourceDestCheck: true }, 8.9, false],
  ] as const)('%s is asked about, or is not', async (_, instance, severity, asked) => {
    const { run } = scene(instance as object);
    const { asks, skip } = await run(aCase({ trigger: triggerWith({ severity }) }));
    expect(asks === true).toBe(asked);
    if (asked) expect(skip).toMatch(/^Others depend on this host: /);
    const contained = scene(instance as object, { containerHosts: 'contain' });
    const there = await contained.run(aCase({ trigger: triggerWith({ severity }) }));
    expect(there.asks).toBeUndefined();
  });

  it('is asked about for whoever may put events, and not for a person', async () => {
    const { run } = scene({ SourceDestCheck: false });
    const drill = triggerWith({ source: 'manual', id: 'an-event', severity: null });
    expect((await run(aCase({ trigger: drill }))).asks).toBe(true);
    expect((await run({})).asks).toBeUndefined();
  });

  it('is contained all the same when a person asks for it', async () => {
    const { run } = scene({ Tags: [{ Key: 'tier', Value: 'db' }] }, { exemptTag: 'tier=db' });
    expect((await run({})).skip).toBeUndefined();
  });
});

describe('a stopped instance', () => {
  it('is contained like any other', async () => {
    const { run } = scene({ State: { Name: 'stopped' } });
    expect((await run()).before.instance.state).toBe('stopped');
  });
});

describe('an AWS that is too busy', () => {
  it('is no missing instance', async () => {
    const { aws, run } = scene();
    aws.ec2.on(DescribeInstancesCommand).rejects(throttled());
    await expect(run()).rejects.not.toThrow(InstanceNotFoundError);
  });
});
