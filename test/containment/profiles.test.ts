import {
  AuthorizeSecurityGroupEgressCommand,
  CreateSecurityGroupCommand,
  CreateVpcEndpointCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
} from '@aws-sdk/client-ec2';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import { controlOf } from '../../src/case/control.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { outcomes } from './account.ts';
import type { Scene } from './by-hand.ts';
import { useScene } from './by-hand.ts';
import { groupNamesOf } from './world-state.ts';

const scenes = useScene();

const risks = (report: CaseReport): string[] => report.residualRisks.map(({ risk }) => risk);

const rulesOf = async ({ clients, world }: Scene, name: string) => {
  const { SecurityGroups = [] } = await clients.ec2.send(
    new DescribeSecurityGroupsCommand({
      Filters: [
        { Name: 'vpc-id', Values: [world.vpcId] },
        { Name: 'group-name', Values: [name] },
      ],
    }),
  );
  const [group] = SecurityGroups;
  return {
    id: group?.GroupId ?? '',
    ingress: (group?.IpPermissions ?? []).map(({ FromPort }) => FromPort).toSorted(),
    egress: (group?.IpPermissionsEgress ?? []).flatMap(
      ({ FromPort, UserIdGroupPairs = [], PrefixListIds = [], IpRanges = [] }) =>
        [
          ...UserIdGroupPairs.map(({ GroupId }) => GroupId),
          ...PrefixListIds.map(({ PrefixListId }) => PrefixListId),
          ...IpRanges.map(({ CidrIp }) => CidrIp),
        ].map((peer) => `${FromPort} ${peer}`),
    ),
  };
};

describe('The profile forensic', () => {
  const settings = {
    ISOLATION_PROFILE: 'forensic',
    FORENSIC_CIDRS: '203.0.113.0/24',
    FORENSIC_UPLOAD_BUCKET: 'evidence',
  };

  /** Systems Manager behind a group of its own, and S3 behind a gateway with this policy. */
  const addEndpoints = async ({ clients, world, emulator }: Scene, policy: object) => {
    const { GroupId = '' } = await clients.ec2.send(
      new CreateSecurityGroupCommand({
        VpcId: world.vpcId,
        GroupName: 'endpoints',
        Description: 'endpoints',
      }),
    );
    for (const service of ['ssm', 'ssmmessages', 'ec2messages']) {
      await clients.ec2.send(
        new CreateVpcEndpointCommand({
          VpcId: world.vpcId,
          VpcEndpointType: 'Interface',
          ServiceName: `com.amazonaws.${emulator.region}.${service}`,
          SubnetIds: [world.subnetIds[0]],
          SecurityGroupIds: [GroupId],
        }),
      );
    }
    const { RouteTables = [] } = await clients.ec2.send(
      new DescribeRouteTablesCommand({
        Filters: [{ Name: 'association.subnet-id', Values: [world.subnetIds[0]] }],
      }),
    );
    await clients.ec2.send(
      new CreateVpcEndpointCommand({
        VpcId: world.vpcId,
        VpcEndpointType: 'Gateway',
        ServiceName: `com.amazonaws.${emulator.region}.s3`,
        RouteTableIds: RouteTables.flatMap(({ RouteTableId }) => RouteTableId ?? []),
        PolicyDocument: JSON.stringify(policy),
      }),
    );
    return GroupId;
  };

  const allowing = (Resource: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource }],
  });

  it('lets the responders in, and out only what evidence needs: Systems Manager and the bucket', async () => {
    const scene = await scenes.open({}, settings);
    const endpoints = await addEndpoints(scene, allowing('arn:aws:s3:::evidence/*'));
    const report = await scene.contain();
    const name = 'cordon-isolation-forensic-s3';
    expect(await groupNamesOf(scene, scene.world.suspectId)).toEqual([[name], [name]]);
    const { ingress, egress } = await rulesOf(scene, name);
    expect(ingress).toEqual([22, 3389]);
    expect(egress).toHaveLength(2);
    expect(egress).toContain(`443 ${endpoints}`);
    expect(egress).toContainEqual(expect.stringMatching(/^443 pl-/));
    // fault C1
    expect(report).toMatchObject({ status: 'partial', cut: 'new-flows-only' });
    expect(report.proof.filter(({ holds, required }) => required && holds !== true)).toEqual([]);
    expect(risks(report)).toContain('interface-endpoint-tracked-flows');
    expect(risks(report)).not.toContain('s3-egress');
    const observed = controlOf(report.proof, 'group-rules')?.observed ?? '';
    expect(observed).toContain('tcp 22, tcp 3389 from 203.0.113.0/24');
    expect(observed).toContain(`tcp 443 to ${endpoints}`);
    expect((await scene.verify()).status).toBe('partial');
  });

  // fault C1
  it('says in the dry run that a session through the endpoints may outlive the cut', async () => {
    const scene = await scenes.open({}, settings);
    await addEndpoints(scene, allowing('arn:aws:s3:::evidence/*'));
    const report = await scene.contain(scene.world.suspectId, { dryRun: true });
    expect(report.status).toBe('planned');
    expect(risks(report)).toContain('interface-endpoint-tracked-flows');
  });

  it('refuses the way to S3 where the endpoint leads to every bucket of the world', async () => {
    const scene = await scenes.open({}, settings);
    await addEndpoints(scene, allowing('*'));
    const report = await scene.contain();
    const name = 'cordon-isolation-forensic';
    expect(await groupNamesOf(scene, scene.world.suspectId)).toEqual([[name], [name]]);
    expect((await rulesOf(scene, name)).egress.join()).not.toContain('pl-');
    expect(risks(report)).toContain('s3-egress');
  });

  it('holds no longer when somebody adds a way out', async () => {
    const scene = await scenes.open({}, settings);
    await scene.contain();
    const { id } = await rulesOf(scene, 'cordon-isolation-forensic');
    await scene.clients.ec2.send(
      new AuthorizeSecurityGroupEgressCommand({
        GroupId: id,
        IpPermissions: [
          { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
        ],
      }),
    );
    const report = await scene.verify();
    expect(controlOf(report.proof, 'group-rules')).toMatchObject({ holds: false });
    expect(report.status).toBe('failed');
  });
});

describe('The profile egress-lockdown', () => {
  const settings = {
    ISOLATION_PROFILE: 'egress-lockdown',
    EGRESS_ALLOW_LIST: 'tcp/5432:10.20.2.0/24',
  };

  it('keeps the server serving, lets nothing out but the allow list, and claims no more', async () => {
    const scene = await scenes.open({}, settings);
    const { world, clients } = scene;
    const report = await scene.contain();
    const clone = (id: string) => `cordon-isolation-egress-lockdown-${id}`;
    expect(await groupNamesOf(scene, world.suspectId)).toEqual([
      [clone(world.webGroupId)],
      [clone(world.webGroupId), clone(world.adminGroupId)].toSorted(),
    ]);
    const web = await rulesOf(scene, clone(world.webGroupId));
    expect(web.ingress).toEqual([80]);
    expect(web.egress).toEqual(['5432 10.20.2.0/24']);
    expect(report).toMatchObject({ status: 'partial', cut: 'new-flows-only' });
    expect(report.proof.filter(({ holds, required }) => required && holds !== true)).toEqual([]);
    expect(outcomes(report)).toMatchObject({
      'detach-auto-scaling': 'skipped',
      'deregister-load-balancers': 'skipped',
    });
    const { TargetHealthDescriptions = [] } = await clients.loadBalancingV2.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: world.targetGroupArns.override }),
    );
    expect(TargetHealthDescriptions.map(({ Target }) => Target?.Id)).toContain(world.suspectId);
  });

  it('opens no interface on the way: no transition group is made', async () => {
    const scene = await scenes.open({}, settings);
    const report = await scene.contain();
    const made = scene.emulator.traffic.calls.flatMap(({ action, params }) =>
      action === 'CreateSecurityGroup' && params instanceof URLSearchParams
        ? [params.get('GroupName') ?? '']
        : [],
    );
    expect(made).toHaveLength(2);
    expect(made).not.toContain('cordon-transition');
    expect(report.steps.find(({ step }) => step === 'isolate-network')?.detail).toMatchObject({
      openMilliseconds: 0,
    });
  });

  it('is gone beyond by a request for the profile full, and keeps what the interface had first', async () => {
    const scene = await scenes.open({}, settings);
    await scene.contain();
    const report = await scene.contain(scene.world.suspectId, { isolationProfile: 'full' });
    expect(report.status).toBe('contained');
    expect(await groupNamesOf(scene, scene.world.suspectId)).toEqual([
      ['cordon-isolation-full'],
      ['cordon-isolation-full'],
    ]);
    const { NetworkInterfaces = [] } = await scene.clients.ec2.send(
      new DescribeNetworkInterfacesCommand({
        Filters: [{ Name: 'attachment.instance-id', Values: [scene.world.suspectId] }],
      }),
    );
    const originals = NetworkInterfaces.flatMap(({ TagSet = [] }) =>
      TagSet.filter(({ Key }) => Key === 'cordon:original-groups').map(({ Value }) => Value),
    );
    expect(originals).toContain(scene.world.webGroupId);
  });

  it('stops before the change, and asks, where a quota does not allow the clones', async () => {
    const scene = await scenes.open({}, settings);
    await scene.emulator.quotas({ securityGroups: 1 });
    const before = await groupNamesOf(scene, scene.world.suspectId);
    const report = await scene.contain();
    expect(report.status).toBe('asked');
    expect(await groupNamesOf(scene, scene.world.suspectId)).toEqual(before);
    expect(scene.subjects().at(-1)).toContain('ASKED, THE HOST IS OPEN NOW');
  });
});
