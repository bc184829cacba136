import {
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import type { Before } from '../../src/case/before.ts';
import type { DeregisterDetail } from '../../src/case/details.ts';
import type { StepEntry } from '../../src/case/step.ts';
import { runStep } from '../../src/run/run-step.ts';
import { deregisterLoadBalancers } from '../../src/steps/deregister-load-balancers.ts';
import { denied } from './aws-error.ts';
import { containedScene } from './contained-scene.ts';
import {
  aCase,
  aMembership,
  anInstance,
  anInterface,
  instanceId,
  isolationId,
  targetGroupArn,
} from './sample-instance.ts';

type Balancing = NonNullable<Parameters<typeof containedScene>[0]>['balancing'];

const ours = { id: instanceId, port: 80 };
const tracked = ['TCP', 'UDP', 'TCP_UDP', 'TLS', 'GENEVE'];

/** Taken out of its load balancers, then verified, as the runbook does it. */
const scene = (balancing: Balancing, before: Partial<Before> = {}) => {
  const contained = containedScene({
    ...(balancing === undefined ? {} : { balancing }),
    before,
    ...(before.instance === undefined ? {} : { instance: before.instance }),
  });
  const isolated: StepEntry = {
    step: 'isolate-network',
    outcome: 'done',
    startedAt: '2026-03-01T03:07:00.000Z',
    finishedAt: '2026-03-01T03:07:02.000Z',
    detail: { cut: 'complete', risks: [] },
  };
  const run = async () => {
    const input = { case: aCase(), before: contained.before };
    const entry = await runStep(contained.aws.deps, 'deregister-load-balancers', () =>
      deregisterLoadBalancers(contained.aws.deps, input),
    );
    const { risks = [], targets = [] } = entry.detail as Partial<DeregisterDetail>;
    const { cut } = await contained.run({ steps: [isolated, entry] });
    return { entry, cut, targets, risks: risks.map(({ risk }) => risk), told: risks };
  };
  return { ...contained, run };
};

describe('the connections through a load balancer that AWS tracks whatever the rules', () => {
  // threat A1
  it.each(tracked)('are a risk behind %s, and the cut is of new flows only', async (protocol) => {
    const { balancing, run } = scene({ groups: [{ name: 'nlb', protocol, targets: [ours] }] });
    const { risks, cut, told } = await run();
    expect(balancing.registered).toEqual([]);
    expect(risks).toEqual(['nlb-tracked-flows']);
    expect(told[0]?.explanation).toContain('nlb/0123456789abcdef');
    expect(cut).toBe('new-flows-only');
  });

  it.each(['HTTP', 'HTTPS'])('are none behind %s', async (protocol) => {
    const { run } = scene({ groups: [{ name: 'alb', protocol, targets: [ours] }] });
    expect(await run()).toMatchObject({ risks: [], cut: 'complete' });
  });

  it('are none of others: the instance is in no group that has them', async () => {
    const others = [{ id: 'i-00000000000000099', port: 80 }];
    const { run } = scene({ groups: [{ name: 'nlb', protocol: 'TCP', targets: others }] });
    expect(await run()).toMatchObject({ risks: [], cut: 'complete' });
  });

  it('are a risk too where the target drains already when Cordon looks', async () => {
    const draining = [{ ...ours, state: 'draining' }];
    const { aws, run } = scene({ groups: [{ name: 'nlb', protocol: 'TCP', targets: draining }] });
    expect(await run()).toMatchObject({ risks: ['nlb-tracked-flows'], cut: 'new-flows-only' });
    expect(aws.loadBalancingV2).not.toHaveReceivedCommand(DeregisterTargetsCommand);
  });

  it('are a risk too where the detach was faster, and the registration is gone', async () => {
    const membership = aMembership({ targetGroupArns: [targetGroupArn('nlb')] });
    const groups = [{ name: 'nlb', protocol: 'TCP', targets: [] }];
    const { run } = scene({ groups }, { autoScaling: { known: true, membership } });
    expect(await run()).toMatchObject({ risks: ['nlb-tracked-flows'], cut: 'new-flows-only' });
  });

  it('are none where the detach was faster, and the group has HTTP alone', async () => {
    const membership = aMembership({ targetGroupArns: [targetGroupArn('alb')] });
    const groups = [{ name: 'alb', protocol: 'HTTP', targets: [] }];
    const { run } = scene({ groups }, { autoScaling: { known: true, membership } });
    expect(await run()).toMatchObject({ risks: [], cut: 'complete' });
  });

  it('have ended in a stopped instance', async () => {
    const instance = anInstance({
      state: 'stopped',
      networkInterfaces: [anInterface({ groupIds: [isolationId] })],
      volumes: [],
    });
    const groups = [{ name: 'nlb', protocol: 'TCP', targets: [ours] }];
    const { run } = scene({ groups }, { instance });
    expect(await run()).toMatchObject({ risks: [], cut: 'complete' });
  });

  it('are not forgotten because another target group could not be read', async () => {
    const { aws, run } = scene({
      groups: [
        { name: 'nlb', protocol: 'TCP', targets: [ours] },
        { name: 'api', protocol: 'HTTP', targets: [] },
      ],
    });
    aws.loadBalancingV2
      .on(DescribeTargetHealthCommand, { TargetGroupArn: targetGroupArn('api') })
      .rejectsOnce(denied());
    const { entry, cut } = await run();
    expect(entry.outcome).toBe('failed');
    expect(cut).toBe('new-flows-only');
  });
});

describe('a target of whatever kind', () => {
  it('is taken out of a Gateway Load Balancer, on its port', async () => {
    const appliance = { id: instanceId, port: 6081 };
    const groups = [{ name: 'gwlb', protocol: 'GENEVE', targets: [appliance] }];
    const { aws, balancing, run } = scene({ groups });
    expect((await run()).targets).toMatchObject([{ targetId: instanceId, port: 6081 }]);
    expect(balancing.registered).toEqual([]);
    expect(aws.loadBalancingV2).toHaveReceivedCommandWith(DeregisterTargetsCommand, {
      Targets: [{ Id: instanceId, Port: 6081 }],
    });
  });

  it('is found by its IPv6 address, and by an address of a range that it has', async () => {
    const instance = anInstance({
      networkInterfaces: [
        anInterface({
          groupIds: [isolationId],
          ipv6Addresses: ['2a05:d014::10'],
          prefixes: ['10.0.0.64/28', '2a05:d014:1::/80'],
        }),
      ],
      volumes: [],
    });
    const type = 'ip' as const;
    const targets = ['2a05:d014::10', '10.0.0.66', '2a05:d014:1::7', '2a05:d014::11'].map((id) => ({
      id,
      port: 443,
    }));
    const groups = [{ name: 'nlb', type, protocol: 'TLS', targets }];
    const { balancing, run } = scene({ groups }, { instance });
    const { risks, targets: found } = await run();
    expect(found).toHaveLength(3);
    expect(balancing.registered).toEqual(['nlb 2a05:d014::11:443']);
    expect(risks).toEqual(['nlb-tracked-flows']);
  });

  it('is never looked for in groups of functions, nor of load balancers', async () => {
    const { aws, run } = scene({
      groups: [
        { name: 'function', type: 'lambda', targets: [ours] },
        { name: 'alb-of-nlb', type: 'alb', protocol: 'TCP', targets: [ours] },
        { name: 'web', protocol: 'HTTP', targets: [] },
      ],
    });
    await run();
    for (const { args } of aws.loadBalancingV2.commandCalls(DescribeTargetHealthCommand)) {
      expect(args[0].input.TargetGroupArn).toBe(targetGroupArn('web'));
    }
    expect(aws.loadBalancingV2).not.toHaveReceivedCommand(DeregisterTargetsCommand);
  });
});
