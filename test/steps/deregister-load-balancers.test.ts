import { DeregisterInstancesFromLoadBalancerCommand } from '@aws-sdk/client-elastic-load-balancing';
import {
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import type { Before } from '../../src/case/before.ts';
import type { DeregisterDetail } from '../../src/case/details.ts';
import { deregisterLoadBalancers } from '../../src/steps/deregister-load-balancers.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeLoadBalancing } from './fake-load-balancing.ts';
import {
  aBefore,
  aCase,
  aMembership,
  anInstance,
  anInterface,
  anotherInterface,
  instanceId,
  otherVpcId,
  targetGroupArn,
} from './sample-instance.ts';

type Balancing = ConstructorParameters<typeof FakeLoadBalancing>[1];

const scene = (balancing: Balancing, change: Partial<Before> = {}) => {
  const aws = fakeAws();
  const world = new FakeLoadBalancing(aws, balancing);
  const run = async (dryRun = false) => {
    const input = { case: aCase({ dryRun }), before: aBefore(change) };
    const { outcome, detail } = await deregisterLoadBalancers(aws.deps, input);
    return { outcome, detail: detail as DeregisterDetail };
  };
  return { aws, world, run };
};

const ours = { id: instanceId, port: 80 };

describe('an instance behind load balancers', () => {
  it('is taken out of every target group and every classic load balancer', async () => {
    const { world, run } = scene({
      groups: [
        { name: 'web', targets: [ours, { id: 'i-00000000000000099', port: 80 }] },
        { name: 'api', targets: [{ ...ours, port: 8080 }] },
        { name: 'others', targets: [{ id: 'i-00000000000000099', port: 80 }] },
      ],
      classic: { 'old-web': [instanceId, 'i-00000000000000099'], 'old-api': [] },
    });
    const { outcome, detail } = await run();
    expect(outcome).toBe('done');
    expect(world.registered).toEqual([
      'web i-00000000000000099:80',
      'others i-00000000000000099:80',
    ]);
    expect(world.instancesOf('old-web')).toEqual(['i-00000000000000099']);
    expect(detail.loadBalancers).toEqual(['old-web']);
    expect(detail.targets).toHaveLength(2);
  });

  it('is taken out on every port: without the port only the default one would go', async () => {
    const { aws, world, run } = scene({
      groups: [{ name: 'web', targets: [ours, { ...ours, port: 8080 }, { ...ours, port: 9090 }] }],
    });
    await run();
    expect(world.registered).toEqual([]);
    for (const { args } of aws.loadBalancingV2.commandCalls(DeregisterTargetsCommand)) {
      expect(args[0].input.Targets?.[0]?.Port).toBeTypeOf('number');
    }
  });

  it('is taken out by every address of every interface, IPv6 too, in its zone', async () => {
    const interfaces = [
      anInterface({
        privateAddresses: ['10.0.0.10', '10.0.0.20'],
        ipv6Addresses: ['2001:db8::10'],
      }),
      anotherInterface(),
    ];
    const { world, run } = scene(
      {
        groups: [
          {
            name: 'pods',
            type: 'ip',
            targets: [
              { id: '10.0.0.10', port: 80, zone: 'eu-central-1a' },
              { id: '10.0.0.20', port: 80, zone: 'all' },
              { id: '2001:db8::10', port: 80 },
              { id: '10.0.0.11', port: 443 },
              { id: '10.0.0.99', port: 80 },
            ],
          },
        ],
      },
      { instance: anInstance({ networkInterfaces: interfaces }) },
    );
    await run();
    expect(world.registered).toEqual(['pods 10.0.0.99:80']);
  });

  it('is found on a later page', async () => {
    const { world, run } = scene({
      pageSize: 2,
      groups: ['a', 'b', 'c', 'd', 'web'].map((name) => ({
        name,
        targets: name === 'web' ? [ours] : [],
      })),
      classic: { a: [], b: [], c: [], 'old-web': [instanceId] },
    });
    const { detail } = await run();
    expect(world.registered).toEqual([]);
    expect(world.instancesOf('old-web')).toEqual([]);
    expect(detail.targetGroupsRead).toBe(5);
  });

  // fault B3
  it('is left where it is draining already: somebody has taken it out before, and no undo puts it back', async () => {
    const { aws, run } = scene({
      groups: [{ name: 'web', targets: [{ ...ours, state: 'draining' }] }],
    });
    const { outcome, detail } = await run();
    expect(outcome).toBe('already');
    expect(detail.targets).toEqual([]);
    expect(aws.loadBalancingV2).not.toHaveReceivedCommand(DeregisterTargetsCommand);
  });

  it('is taken out where it is "unhealthy.draining", which is a registration all the same', async () => {
    const { world, run } = scene({
      groups: [{ name: 'web', targets: [{ ...ours, state: 'unhealthy.draining' }] }],
    });
    await run();
    expect(world.registered).toEqual([]);
  });

  it('has each registration logged before it goes', async () => {
    const { aws, run } = scene({ groups: [{ name: 'web', targets: [ours] }] });
    let logged = false;
    aws.loadBalancingV2.on(DeregisterTargetsCommand).callsFake(async () => {
      logged = aws.log.line('before deregister') !== undefined;
      return {};
    });
    await run();
    expect(logged).toBe(true);
  });

  it('is looked for in the groups of its Auto Scaling group first', async () => {
    const groups = Array.from({ length: 40 }, (_, n) => ({ name: `tg-${n}`, targets: [] }));
    const membership = aMembership({ targetGroupArns: [targetGroupArn('web')] });
    const { aws, run } = scene(
      { groups: [...groups, { name: 'web', targets: [ours] }] },
      { autoScaling: { known: true, membership } },
    );
    const { detail } = await run();
    const first = aws.loadBalancingV2.commandCalls(DescribeTargetHealthCommand)[0];
    expect(first?.args[0].input.TargetGroupArn).toBe(targetGroupArn('web'));
    expect(detail.targets[0]?.viaAutoScaling).toBe(true);
  });
});

describe('what is not this instance', () => {
  // threat F6
  it('is left alone: the same address in a target group of another VPC, which is reported', async () => {
    const { world, run } = scene({
      groups: [
        { name: 'peer', type: 'ip', vpcId: otherVpcId, targets: [{ id: '10.0.0.10', port: 80 }] },
      ],
    });
    const { outcome, detail } = await run();
    expect(outcome).toBe('not-applicable');
    expect(world.registered).toEqual(['peer 10.0.0.10:80']);
    expect(detail.risks.map(({ risk }) => risk)).toEqual(['ambiguous-ip-target']);
    expect(detail.risks[0]?.explanation).toContain(targetGroupArn('peer'));
  });

  it('costs no call: functions, load balancers behind load balancers, instances of other VPCs', async () => {
    const { aws, run } = scene({
      groups: [
        { name: 'function', type: 'lambda', targets: [] },
        { name: 'balancer', type: 'alb', targets: [] },
        { name: 'far', vpcId: otherVpcId, targets: [] },
      ],
    });
    expect((await run()).outcome).toBe('not-applicable');
    expect(aws.loadBalancingV2).not.toHaveReceivedCommand(DescribeTargetHealthCommand);
  });
});

it('a dry run takes nothing out, and says that nobody can test it', async () => {
  const { aws, world, run } = scene({
    groups: [{ name: 'web', targets: [ours] }],
    classic: { 'old-web': [instanceId] },
  });
  const { outcome, detail } = await run(true);
  expect(outcome).toBe('planned');
  expect(detail).toEqual({
    calls: [
      expect.objectContaining({ permission: 'untested' }),
      expect.objectContaining({ permission: 'untested' }),
    ],
  });
  expect(world.registered).toEqual([`web ${instanceId}:80`]);
  expect(aws.loadBalancing).not.toHaveReceivedCommand(DeregisterInstancesFromLoadBalancerCommand);
});
