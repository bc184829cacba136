import {
  DeleteVpcEndpointsCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcEndpointsCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { DescribeDetail } from '../../src/case/details.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { lastOf } from '../../src/case/step-detail.ts';
import { textOf } from '../../src/notify/text.ts';
import { lint } from '../template/cfn-lint.ts';
import type { Scene } from './by-hand.ts';
import { useScene } from './by-hand.ts';
import { deployExample, exampleText, uploadBucket } from './forensic-example.ts';
import { groupNamesOf } from './world-state.ts';

const scenes = useScene();

const forensic = {
  ISOLATION_PROFILE: 'forensic',
  FORENSIC_CIDRS: '203.0.113.0/24',
  FORENSIC_UPLOAD_BUCKET: uploadBucket,
};

const endpointsOf = async ({ clients, world }: Scene) => {
  const { VpcEndpoints = [] } = await clients.ec2.send(
    new DescribeVpcEndpointsCommand({ Filters: [{ Name: 'vpc-id', Values: [world.vpcId] }] }),
  );
  return VpcEndpoints;
};

const deleteEndpoint = async (scene: Scene, service: string): Promise<void> => {
  const found = (await endpointsOf(scene)).filter(({ ServiceName = '' }) =>
    ServiceName.endsWith(`.${service}`),
  );
  await scene.clients.ec2.send(
    new DeleteVpcEndpointsCommand({
      VpcEndpointIds: found.flatMap(({ VpcEndpointId }) => VpcEndpointId ?? []),
    }),
  );
};

const pathIn = ({ steps }: CaseReport) =>
  lastOf<Partial<DescribeDetail>>(steps, 'describe')?.detail.forensicPath;

const rehearse = (scene: Scene) => scene.contain(scene.world.suspectId, { dryRun: true });

describe('The example of endpoints for the forensic path', () => {
  it('is a template that cfn-lint takes', async () => {
    expect(await lint(exampleText)).toEqual([]);
  });

  it('leads to the bucket alone, and into a group of its own that begins no connection', async () => {
    const scene = await scenes.open();
    const { outputs } = await deployExample(scene);
    const endpoints = await endpointsOf(scene);
    expect(endpoints.map(({ ServiceName }) => ServiceName?.split('.').at(-1)).toSorted()).toEqual([
      'ec2messages',
      's3',
      'ssm',
      'ssmmessages',
    ]);
    const gateway = endpoints.find(({ VpcEndpointType }) => VpcEndpointType === 'Gateway');
    const { Statement } = JSON.parse(gateway?.PolicyDocument ?? '') as {
      Statement: readonly { readonly Resource: string }[];
    };
    expect(Statement.map(({ Resource }) => Resource)).toEqual([
      'arn:aws:s3:::evidence-uploads/*',
      'arn:aws:s3:::evidence-uploads',
    ]);
    const { SecurityGroups = [] } = await scene.clients.ec2.send(
      new DescribeSecurityGroupsCommand({ GroupIds: [outputs.EndpointGroupId ?? ''] }),
    );
    expect(SecurityGroups[0]?.IpPermissionsEgress).toMatchObject([{ IpProtocol: 'icmp' }]);
  });

  it('makes no way to S3 where no route table is named, and further endpoints where they are asked for', async () => {
    const scene = await scenes.open();
    await deployExample(scene, {
      RouteTableIds: '',
      WithEc2Messages: 'false',
      WithKms: 'true',
      WithLogs: 'true',
    });
    const services = (await endpointsOf(scene)).map(({ ServiceName = '' }) =>
      ServiceName.split('.').at(-1),
    );
    expect(services.toSorted()).toEqual(['kms', 'logs', 'ssm', 'ssmmessages']);
  });

  it('is taken by the profile forensic: the host reaches the endpoints and the bucket, and no more', async () => {
    const scene = await scenes.open({}, forensic);
    await deployExample(scene);
    const report = await scene.contain();
    const name = 'cordon-isolation-forensic-s3';
    expect(await groupNamesOf(scene, scene.world.suspectId)).toEqual([[name], [name]]);
    expect(report.residualRisks.map(({ risk }) => risk)).not.toContain('s3-egress');
  });
});

describe('The forensic path, in a dry run', () => {
  it('is there once the example is deployed', async () => {
    const scene = await scenes.open({}, forensic);
    await deployExample(scene);
    const report = await rehearse(scene);
    expect(pathIn(report)).toEqual({
      state: 'there',
      sentence: expect.stringMatching(/^there: /),
    });
    expect(textOf(report)).toMatch(/^ {2}Forensic path: there: /m);
  });

  it.each([
    ['ssm', 'ssm-endpoint'],
    ['ssmmessages', 'ssmmessages-endpoint'],
    ['s3', 'upload-way'],
  ])('is missing where the endpoint for %s is gone, and says so', async (service, missing) => {
    const scene = await scenes.open({}, forensic);
    await deployExample(scene);
    await deleteEndpoint(scene, service);
    const report = await rehearse(scene);
    expect(pathIn(report)).toMatchObject({ state: 'missing', missing: [missing] });
    expect(textOf(report)).toMatch(/^ {2}Forensic path: missing: .*forensic-endpoints\.yaml/m);
  });

  it('does not miss ec2messages, which an agent of today does without', async () => {
    const scene = await scenes.open({}, forensic);
    await deployExample(scene);
    await deleteEndpoint(scene, 'ec2messages');
    expect(pathIn(await rehearse(scene))).toMatchObject({ state: 'there' });
  });

  it('is missing where the endpoints let other ranges in than that of the host', async () => {
    const scene = await scenes.open({}, forensic);
    await deployExample(scene, { InstanceCidr: '192.168.0.0/16' });
    expect(pathIn(await rehearse(scene))).toMatchObject({
      state: 'missing',
      missing: ['endpoint-inbound'],
    });
  });

  it('is missing by design under full isolation, whatever is deployed', async () => {
    const scene = await scenes.open({}, { FORENSIC_UPLOAD_BUCKET: uploadBucket });
    await deployExample(scene);
    const report = await rehearse(scene);
    expect(pathIn(report)).toMatchObject({ state: 'missing', missing: ['profile'] });
    expect(textOf(report)).toContain(
      'by design, so collecting memory needs IsolationProfile=forensic',
    );
  });

  it.each([
    ['ssm', 'DescribeInstanceInformation', /agent is online could not be read/],
    ['ec2', 'DescribeVpcEndpoints', /VPC endpoints could not be read/],
  ])('is unknown where %s:%s is denied, and says so', async (service, action, words) => {
    const scene = await scenes.open({}, forensic);
    await deployExample(scene);
    scene.emulator.traffic.inject({
      service,
      action,
      kind: 'denied',
      times: Number.POSITIVE_INFINITY,
    });
    expect(pathIn(await rehearse(scene))).toEqual({
      state: 'unknown',
      sentence: expect.stringMatching(words),
    });
  });
});

describe('The forensic path, in a case', () => {
  it('costs no call: under forensic nothing is said of it, under full what needs no reading', async () => {
    const scene = await scenes.open({}, forensic);
    expect(pathIn(await scene.contain())).toBeUndefined();
    const asked = scene.emulator.traffic.calls.map(({ action }) => action);
    expect(asked).not.toContain('DescribeInstanceInformation');
    const other = await scenes.open();
    expect(pathIn(await other.contain())).toMatchObject({ state: 'missing', missing: ['profile'] });
  });
});
