import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  DescribeRouteTablesCommand,
  DescribeVpcEndpointsCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import type { SecurityGroup } from '../../src/case/security-group.ts';
import { awsError, denied } from './aws-error.ts';
import { containedScene, controlIn } from './contained-scene.ts';
import { namesOf, profileScene, rulesIn } from './profile-scene.ts';
import {
  anInterface,
  anIsolationGroup,
  anotherInterface,
  firstInterface,
  isolationId,
  otherVpcId,
  secondInterface,
  vpcId,
} from './sample-instance.ts';

const office = '198.51.100.0/24';
const responders = 'sg-00000000000000f01';
const endpointGroup = 'sg-00000000000000e01';
const s3List = 'pl-6da54004';
const bucket = 'evidence-111122223333';
const gatewayId = 'vpce-000000000000000a3';
const evidenceSubnet = anInterface().subnetId;
const otherSubnet = 'subnet-0000000000000000b';

const ssh = [`ingress tcp 22 22 ${office}`, `ingress tcp 3389 3389 ${office}`];
const toSystemsManager = `egress tcp 443 443 ${endpointGroup}`;
const toEvidence = `egress tcp 443 443 ${s3List}`;

const forensic = { isolationProfile: 'forensic', forensicCidrs: [office] } as const;
const withBucket = { ...forensic, forensicUploadBucket: bucket };

const systemsManager = (service = 'ssmmessages', groupId = endpointGroup, VpcId = vpcId) => ({
  VpcEndpointId: `vpce-of-${service}`,
  VpcEndpointType: 'Interface' as const,
  VpcId,
  ServiceName: `com.amazonaws.eu-central-1.${service}`,
  Groups: [{ GroupId: groupId }],
});

const gateway = (Resource: string | string[] = `arn:aws:s3:::${bucket}/*`) => ({
  VpcEndpointId: gatewayId,
  VpcEndpointType: 'Gateway' as const,
  VpcId: vpcId,
  ServiceName: 'com.amazonaws.eu-central-1.s3',
  PolicyDocument: JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 's3:*', Resource }] }),
});

/** One subnet leads to the gateway endpoint for S3, every other to the internet alone. */
const routeTables = [
  {
    RouteTableId: 'rtb-main',
    VpcId: vpcId,
    Associations: [{ Main: true }],
    Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' as const }],
  },
  {
    RouteTableId: 'rtb-evidence',
    VpcId: vpcId,
    Associations: [{ SubnetId: evidenceSubnet }],
    Routes: [
      { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' as const },
      { DestinationPrefixListId: s3List, GatewayId: gatewayId, State: 'active' as const },
    ],
  },
];

const risksOf = ({ risks }: { risks: readonly { risk: string }[] }) =>
  risks.map(({ risk }) => risk);

describe('responders who come by their security group', () => {
  it('may enter from it, instead of from addresses', async () => {
    const { world, isolate } = profileScene({
      settings: { isolationProfile: 'forensic', forensicSecurityGroupId: responders },
    });
    await isolate();
    expect(namesOf(world)).toEqual(['cordon-isolation-forensic']);
    expect(rulesIn(world, 'cordon-isolation-forensic')).toEqual([
      `ingress tcp 22 22 ${responders}`,
      `ingress tcp 3389 3389 ${responders}`,
    ]);
  });

  it('do not cost the cut where their group is of a VPC that the instance does not see', async () => {
    const { aws, world, isolate } = profileScene({
      settings: {
        isolationProfile: 'forensic',
        forensicSecurityGroupId: responders,
        connectionCut: 'none',
      },
    });
    const words = 'You have specified two resources that belong to different networks.';
    aws.ec2
      .on(AuthorizeSecurityGroupIngressCommand)
      .rejects(awsError('InvalidGroup.NotFound', words));
    await isolate();
    expect(namesOf(world)).toEqual(['cordon-isolation-forensic']);
    expect(rulesIn(world, 'cordon-isolation-forensic')).toEqual([]);
  });
});

describe('the agent of Systems Manager', () => {
  // threat A10
  it('reaches the endpoints of the VPC, and nothing else', async () => {
    const endpoints = [
      systemsManager('ssm'),
      systemsManager('ssmmessages'),
      systemsManager('ec2messages', 'sg-00000000000000e02'),
      systemsManager('monitoring', 'sg-00000000000000e03'),
    ];
    const { world, isolate } = profileScene({ settings: forensic, endpoints });
    const { prepared } = await isolate();
    expect(rulesIn(world, 'cordon-isolation-forensic')).toEqual([
      toSystemsManager,
      'egress tcp 443 443 sg-00000000000000e02',
      ...ssh,
    ]);
    expect(prepared.risks).toEqual([]);
  });

  it('reaches those of its own VPC, where the instance stands in two', async () => {
    const elsewhere = 'sg-00000000000000e09';
    const { world, isolate } = profileScene({
      settings: forensic,
      interfaces: [anInterface(), anotherInterface({ vpcId: otherVpcId })],
      endpoints: [systemsManager(), systemsManager('ssm', elsewhere, otherVpcId)],
    });
    await isolate();
    const rulesOf = (interfaceId: string) =>
      world.groupsOf(interfaceId).flatMap((id) => world.groups.rules(id).toSorted());
    expect(rulesOf(firstInterface)).toEqual([toSystemsManager, ...ssh]);
    expect(rulesOf(secondInterface)).toEqual([`egress tcp 443 443 ${elsewhere}`, ...ssh]);
  });

  it('gets no way out where the VPC has no endpoints: the internet is none', async () => {
    const { world, isolate } = profileScene({ settings: forensic });
    await isolate();
    expect(rulesIn(world, 'cordon-isolation-forensic')).toEqual(ssh);
  });

  it('gets its way in a group from an earlier case, when the endpoints came later', async () => {
    const group = anIsolationGroup({ name: 'cordon-isolation-forensic' });
    const { world, isolate } = profileScene({
      settings: forensic,
      groups: [group],
      endpoints: [systemsManager()],
    });
    await isolate();
    expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
    expect(world.groups.rules(isolationId).toSorted()).toEqual([toSystemsManager, ...ssh]);
  });

  it('gets nothing under the profile full, and nobody looks for endpoints', async () => {
    const { aws, world, prepare } = profileScene({ endpoints: [systemsManager()] });
    await prepare();
    expect(rulesIn(world, 'cordon-isolation-full')).toEqual([]);
    expect(aws.ec2).not.toHaveReceivedCommand(DescribeVpcEndpointsCommand);
  });
});

describe('evidence on its way to S3', () => {
  const scene = (endpoint = gateway(), interfaces = [anInterface()]) =>
    profileScene({ settings: withBucket, interfaces, endpoints: [endpoint], routeTables });

  it('leaves through a group of its own, where the way ends in the evidence bucket', async () => {
    const { world, isolate } = scene();
    const { prepared } = await isolate();
    expect(namesOf(world)).toEqual(['cordon-isolation-forensic-s3']);
    expect(rulesIn(world, 'cordon-isolation-forensic-s3')).toEqual([toEvidence, ...ssh]);
    expect(world.groups.named('cordon-isolation-forensic')).toBeUndefined();
    expect(risksOf(prepared)).toEqual([]);
  });

  it('leaves by the interface whose subnet leads there; the other has no way out, which is told', async () => {
    const interfaces = [anInterface(), anotherInterface({ subnetId: otherSubnet })];
    const { world, isolate } = scene(gateway(), interfaces);
    const { prepared } = await isolate();
    expect(namesOf(world, firstInterface)).toEqual(['cordon-isolation-forensic-s3']);
    expect(namesOf(world, secondInterface)).toEqual(['cordon-isolation-forensic']);
    expect(rulesIn(world, 'cordon-isolation-forensic')).toEqual(ssh);
    expect(prepared.risks).toEqual([
      expect.objectContaining({
        risk: 's3-egress',
        explanation: expect.stringContaining(`${secondInterface} was given no way to S3`),
      }),
    ]);
  });

  // threat A10
  it('does not leave through an endpoint that takes it to every bucket of the world', async () => {
    const { world, isolate } = scene(gateway('*'));
    const { prepared } = await isolate();
    expect(namesOf(world)).toEqual(['cordon-isolation-forensic']);
    expect(rulesIn(world, 'cordon-isolation-forensic')).toEqual(ssh);
    const [risk] = prepared.risks;
    expect(risk?.risk).toBe('s3-egress');
    expect(risk?.explanation).toContain(`the policy of ${gatewayId} allows more than ${bucket}`);
  });

  it('does not leave where no bucket is named, and no routes are read for it', async () => {
    const { aws, world, prepare } = profileScene({
      settings: forensic,
      endpoints: [gateway()],
      routeTables,
    });
    const { detail } = await prepare();
    expect(rulesIn(world, 'cordon-isolation-forensic')).toEqual(ssh);
    expect(risksOf(detail)).toEqual([]);
    expect(aws.ec2).not.toHaveReceivedCommand(DescribeRouteTablesCommand);
  });

  it('leaves beside the agent of Systems Manager, each to its own end', async () => {
    const { world, isolate } = profileScene({
      settings: withBucket,
      endpoints: [gateway(), systemsManager()],
      routeTables,
    });
    await isolate();
    expect(rulesIn(world, 'cordon-isolation-forensic-s3')).toEqual(
      [toEvidence, toSystemsManager, ...ssh].toSorted(),
    );
  });
});

describe('a second finding about an instance with ways for evidence', () => {
  it('finds it isolated, and opens nothing', async () => {
    const {
      world,
      describe: describeNow,
      isolate,
    } = profileScene({
      settings: withBucket,
      endpoints: [gateway(), systemsManager()],
      routeTables,
    });
    await isolate();
    const moves = [...world.moves];
    expect((await describeNow()).before.repeat).toBe(true);
    expect((await isolate()).outcome).toBe('already');
    expect(world.moves).toEqual(moves);
  });

  it('takes the way to S3 away again once it leads further than to the bucket', async () => {
    const subject = { settings: withBucket, routeTables };
    const first = profileScene({ ...subject, endpoints: [gateway()] });
    await first.isolate();
    first.aws.ec2.on(DescribeVpcEndpointsCommand).resolves({ VpcEndpoints: [gateway('*')] });
    const { prepared } = await first.isolate();
    expect(namesOf(first.world)).toEqual(['cordon-isolation-forensic']);
    expect(rulesIn(first.world, 'cordon-isolation-forensic')).toEqual(ssh);
    expect(risksOf(prepared)).toEqual(['s3-egress']);
    // From one isolation group to the other, never through the transition group.
    expect(first.world.moves).toHaveLength(3);
  });
});

describe('ways that cannot be read', () => {
  it.each([
    ['the endpoints', DescribeVpcEndpointsCommand],
    ['the routes', DescribeRouteTablesCommand],
  ])('are not opened, and the cut is made all the same: %s', async (_what, command) => {
    const { aws, world, isolate } = profileScene({
      settings: withBucket,
      endpoints: [gateway(), systemsManager()],
      routeTables,
    });
    aws.ec2.on(command).rejects(denied());
    const { outcome, prepared } = await isolate();
    expect(outcome).toBe('done');
    expect(namesOf(world)).toEqual(['cordon-isolation-forensic']);
    expect(rulesIn(world, 'cordon-isolation-forensic')).toEqual(ssh);
    expect(aws.ec2).not.toHaveReceivedCommandWith(AuthorizeSecurityGroupEgressCommand, {
      GroupId: world.groups.named('cordon-isolation-forensic'),
    });
    expect(risksOf(prepared)).toEqual(['evidence-ways-unread']);
    expect(prepared.risks[0]?.explanation).toContain('UnauthorizedOperation');
  });
});

describe('a forensic instance, read back', () => {
  const open = (port: number, peer: SecurityGroup['rules'][number]['peer']) => ({
    direction: 'egress' as const,
    protocol: 'tcp',
    fromPort: port,
    toPort: port,
    peer,
  });
  const systemsManagerRule = open(443, { kind: 'group', id: endpointGroup });
  const evidenceRule = open(443, { kind: 'prefix-list', id: s3List });
  const inGroup = (name: string, rules: SecurityGroup['rules'], endpoint = gateway()) =>
    containedScene({
      settings: withBucket,
      groups: [anIsolationGroup({ name, rules })],
      endpoints: [endpoint, systemsManager()],
      routeTables,
    });

  it('is proven with the ways that it may have, and the proof says who reaches whom', async () => {
    const { run } = inGroup('cordon-isolation-forensic-s3', [evidenceRule, systemsManagerRule]);
    const detail = await run();
    expect(controlIn(detail, 'eni-groups').holds).toBe(true);
    expect(controlIn(detail, 'group-rules')).toMatchObject({
      holds: true,
      observed: `${isolationId} (cordon-isolation-forensic-s3): in: nothing; out: tcp 443 to ${s3List}, tcp 443 to ${endpointGroup}`,
    });
  });

  it('is not proven in the plain group with the way to S3', async () => {
    const detail = await inGroup('cordon-isolation-forensic', [evidenceRule]).run();
    expect(controlIn(detail, 'group-rules')).toMatchObject({
      holds: false,
      observed: `${isolationId} allows egress tcp 443 ${s3List}`,
    });
  });

  // threat B16
  it('is not proven once somebody has widened the policy of the endpoint', async () => {
    const { run } = inGroup('cordon-isolation-forensic-s3', [evidenceRule], gateway('*'));
    expect(controlIn(await run(), 'group-rules').holds).toBe(false);
  });

  it('is not proven with a way out to anybody else on the same port', async () => {
    const peer = { kind: 'group', id: 'sg-00000000000000bad' } as const;
    const { run } = inGroup('cordon-isolation-forensic', [open(443, peer)]);
    expect(controlIn(await run(), 'group-rules').holds).toBe(false);
  });

  it('is not proven with its ways out when nobody can tell where they lead', async () => {
    const { aws, run } = inGroup('cordon-isolation-forensic', [systemsManagerRule]);
    aws.ec2.on(DescribeVpcEndpointsCommand).rejects(denied());
    expect(controlIn(await run(), 'group-rules').holds).not.toBe(true);
  });
});
