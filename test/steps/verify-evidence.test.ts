import {
  DescribeInstanceConnectEndpointsCommand,
  DescribeInstanceStatusCommand,
  DescribeRouteTablesCommand,
  DescribeVpcEndpointsCommand,
  GetSerialConsoleAccessStatusCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { VerifyDetail } from '../../src/case/details.ts';
import type { StepEntry } from '../../src/case/step.ts';
import { denied } from './aws-error.ts';
import { containedScene, controlIn } from './contained-scene.ts';
import { anInterface, instanceId, isolationId, otherVpcId } from './sample-instance.ts';

const risksOf = ({ risks }: VerifyDetail): string[] => risks.map(({ risk }) => risk);
const on = { termination: true, stop: true, shutdownBehavior: 'stop' } as const;

describe('the protections', () => {
  it('do not hold where one is off, which is said', async () => {
    const protection = { termination: false, stop: false, shutdownBehavior: 'terminate' } as const;
    const volumes = [{ id: 'vol-1', device: '/dev/xvda', deleteOnTermination: true }];
    const detail = await containedScene({ instance: { protection, volumes } }).run();
    expect(detail.proof.filter(({ holds }) => holds === false).map((one) => one.observed)).toEqual([
      'DisableApiTermination is off',
      'DisableApiStop is off',
      'a shutdown from inside terminates',
      'on for vol-1 (/dev/xvda)',
    ]);
  });

  // fault C8
  it('are not applicable where AWS does not allow them: Spot; that is no proof, and a risk', async () => {
    const protection = { ...on, termination: false, stop: false };
    const detail = await containedScene({ instance: { spot: true, protection } }).run();
    for (const name of ['termination-protection', 'stop-protection'] as const) {
      expect(controlIn(detail, name)).toMatchObject({
        holds: 'not-applicable',
        required: false,
        observed: expect.stringContaining('Spot'),
      });
    }
    expect(detail.risks.map(({ risk }) => risk)).toContain('spot-interruption');
  });

  // fault C8
  it('of volumes are not applicable where there are none; the loss is told', async () => {
    const detail = await containedScene({ instance: { volumes: [] }, snapshots: 'none' }).run();
    const notApplicable = { holds: 'not-applicable', required: false };
    expect(controlIn(detail, 'delete-on-termination')).toMatchObject(notApplicable);
    expect(controlIn(detail, 'snapshots')).toMatchObject(notApplicable);
    expect(detail.risks.map(({ risk }) => risk)).toContain('no-volume');
  });
});

describe('snapshots', () => {
  const twoVolumes = [
    { id: 'vol-1', device: '/dev/xvda', deleteOnTermination: false },
    { id: 'vol-2', device: '/dev/sdf', deleteOnTermination: false },
  ];

  it.each(['pending', 'completed'] as const)('hold when each volume has one, %s', async (state) => {
    const { run } = containedScene({ instance: { volumes: twoVolumes }, snapshots: state });
    expect(controlIn(await run(), 'snapshots').holds).toBe(true);
  });

  // threat E2
  it('do not hold when one volume has none', async () => {
    const { world, run } = containedScene({ instance: { volumes: twoVolumes } });
    world.snapshots.pop();
    expect(controlIn(await run(), 'snapshots').holds).toBe(false);
  });

  it('do not hold when one is in error', async () => {
    const { run } = containedScene({ snapshots: 'error' });
    expect(controlIn(await run(), 'snapshots')).toMatchObject({
      holds: false,
      observed: expect.stringContaining('error'),
    });
  });

  it('do not hold when one of this case failed, though a later one is good', async () => {
    const { aws, world, run } = containedScene({ snapshots: 'error' });
    world.snapshots.push({
      SnapshotId: 'snap-second',
      VolumeId: 'vol-1',
      State: 'completed',
      StartTime: aws.clock.now(),
    });
    world.tag('snap-second', { 'cordon:instance': instanceId });
    expect(controlIn(await run(), 'snapshots').holds).toBe(false);
  });

  // threat C9
  it('do not hold by old ones, whoever tagged them', async () => {
    const { world, run } = containedScene({ snapshots: 'none' });
    world.snapshots.push({
      SnapshotId: 'snap-old',
      VolumeId: 'vol-1',
      State: 'completed',
      StartTime: new Date('2026-02-01T00:00:00Z'),
    });
    world.tag('snap-old', { 'cordon:instance': instanceId });
    expect(controlIn(await run(), 'snapshots').holds).toBe(false);
  });
});

describe('targets', () => {
  const target = { id: instanceId, port: 80 };

  it('do not hold while one is registered; group and port are named', async () => {
    const { run } = containedScene({ balancing: { groups: [{ name: 'web', targets: [target] }] } });
    expect(controlIn(await run(), 'targets')).toMatchObject({
      holds: false,
      observed: expect.stringContaining(`web/0123456789abcdef ${instanceId}:80 healthy`),
    });
  });

  it('do not hold while a classic load balancer has the instance', async () => {
    const { run } = containedScene({ balancing: { classic: { 'old-web': [instanceId] } } });
    expect(controlIn(await run(), 'targets').observed).toContain('old-web');
  });

  it('hold while they drain', async () => {
    const targets = [{ ...target, state: 'draining' }];
    const { run } = containedScene({ balancing: { groups: [{ name: 'web', targets }] } });
    expect(controlIn(await run(), 'targets')).toMatchObject({
      holds: true,
      observed: expect.stringContaining('1 draining'),
    });
  });

  // fault C3
  it('are unknown where an address of the instance is a target in another VPC, by peering or not', async () => {
    const targets = [{ id: '10.0.0.10', port: 80 }];
    const groups = [{ name: 'peer', type: 'ip' as const, vpcId: otherVpcId, targets }];
    const { run } = containedScene({ balancing: { groups } });
    const detail = await run();
    expect(controlIn(detail, 'targets')).toMatchObject({ holds: 'unknown', required: true });
    expect(controlIn(detail, 'targets').observed).toContain('10.0.0.10');
    expect(detail.cut).toBe('new-flows-only');
    expect(risksOf(detail)).toContain('targets-unknown');
  });
});

describe('connections that were open', () => {
  const isolate = (change: Partial<StepEntry>): StepEntry => ({
    step: 'isolate-network',
    outcome: 'done',
    startedAt: '2026-03-01T03:07:00.000Z',
    finishedAt: '2026-03-01T03:07:02.000Z',
    detail: { cut: 'complete', risks: [] },
    ...change,
  });

  it('may live through a NAT gateway', async () => {
    const detail = await containedScene({ defaultRoute: 'nat-0123' }).run();
    expect(detail.cut).toBe('new-flows-only');
    expect(risksOf(detail)).toContain('nat-tracked-flows');
  });

  it('may live when the routes cannot be read', async () => {
    const { aws, run } = containedScene();
    aws.ec2.on(DescribeRouteTablesCommand).rejects(denied());
    const detail = await run();
    expect(detail.cut).toBe('new-flows-only');
    expect(risksOf(detail)).toContain('routes-unread');
  });

  it('may live when the transition failed, which only the isolating step knows', async () => {
    const failed = { risk: 'transition-failed', explanation: 'x', remedy: 'y' };
    const steps = [isolate({ detail: { cut: 'new-flows-only', risks: [failed] } })];
    const detail = await containedScene().run({ steps });
    expect(detail.cut).toBe('new-flows-only');
    expect(detail.risks).toContainEqual(failed);
  });

  it('may live when the isolating step did not end as it should', async () => {
    const steps = [
      isolate({ outcome: 'failed', detail: {}, error: { code: 'States.Timeout', message: '' } }),
    ];
    const detail = await containedScene().run({ steps });
    expect(detail.cut).toBe('new-flows-only');
    expect(risksOf(detail)).toContain('transition-failed');
  });

  it('are cut when the last run of the isolating step says so', async () => {
    const steps = [isolate({ outcome: 'failed', detail: {} }), isolate({})];
    expect((await containedScene().run({ steps })).cut).toBe('complete');
  });

  it('have ended in a stopped instance', async () => {
    const steps = [isolate({ outcome: 'failed', detail: {} })];
    const scene = containedScene({ instance: { state: 'stopped' }, defaultRoute: 'nat-0123' });
    expect((await scene.run({ steps })).cut).toBe('complete');
  });
});

describe('what no security group can stop', () => {
  it('is told every time: DNS over the resolver, and the metadata service', async () => {
    const { risks } = await containedScene().run();
    expect(risks.map(({ risk }) => risk)).toEqual([
      'icmp-tracked',
      'resolver-dns',
      'instance-metadata',
    ]);
  });

  it('is a side door that stands open: Systems Manager, Instance Connect, the serial console', async () => {
    const { aws, run } = containedScene();
    aws.ec2.on(DescribeVpcEndpointsCommand).resolves({
      VpcEndpoints: [
        {
          VpcEndpointId: 'vpce-1',
          VpcEndpointType: 'Interface',
          ServiceName: 'com.amazonaws.eu-central-1.ssmmessages',
        },
        {
          VpcEndpointId: 'vpce-2',
          VpcEndpointType: 'Gateway',
          ServiceName: 'com.amazonaws.eu-central-1.s3',
        },
      ],
    });
    aws.ec2
      .on(DescribeInstanceConnectEndpointsCommand)
      .resolves({ InstanceConnectEndpoints: [{ InstanceConnectEndpointId: 'eice-1' }] });
    aws.ec2.on(GetSerialConsoleAccessStatusCommand).resolves({ SerialConsoleAccessEnabled: true });
    const { risks } = await run();
    const explanations = risks.map(({ explanation }) => explanation).join(' ');
    expect(risks.map(({ risk }) => risk)).toEqual(
      expect.arrayContaining([
        'systems-manager-channel',
        'instance-connect-endpoint',
        'serial-console',
      ]),
    );
    expect(explanations).toContain('vpce-1');
    expect(explanations).not.toContain('vpce-2');
  });

  // fault C8
  it('says when AWS itself will stop, reboot or retire the host, and leaves out what is over', async () => {
    const { aws, run } = containedScene();
    aws.ec2.on(DescribeInstanceStatusCommand).resolves({
      InstanceStatuses: [
        {
          Events: [
            { Code: 'instance-retirement', NotBefore: new Date('2026-12-01T00:00:00Z') },
            { Code: 'system-reboot', Description: '[Completed] The host was rebooted.' },
          ],
        },
      ],
    });
    const told = (await run()).risks.filter(({ risk }) => risk === 'scheduled-event');
    expect(told).toHaveLength(1);
    expect(told[0]?.explanation).toContain('retires');
    expect(told[0]?.explanation).toContain('2026-12-01T00:00:00.000Z');
  });

  // fault C8
  it('says so when nobody could look whether AWS has scheduled its end', async () => {
    const { aws, run } = containedScene();
    aws.ec2.on(DescribeInstanceStatusCommand).rejects(denied());
    expect(risksOf(await run())).toContain('scheduled-events-unread');
  });

  it('is named when nobody could look whether it stands open', async () => {
    const { aws, run } = containedScene();
    aws.ec2.on(DescribeVpcEndpointsCommand).rejects(denied());
    expect(risksOf(await run())).toContain('side-doors-unread');
  });

  it('is the role too: its credentials work from anywhere, and the remedy is for this instance', async () => {
    const profile = 'arn:aws:iam::111122223333:instance-profile/web';
    const networkInterfaces = [anInterface({ groupIds: [isolationId] })];
    const { risks } = await containedScene({
      instance: { networkInterfaces, instanceProfileArn: profile },
    }).run();
    const risk = risks.find((one) => one.risk === 'role-credentials-valid');
    expect(risk?.remedy).toContain(`:instance/${instanceId}`);
  });
});
