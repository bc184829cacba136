import {
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import type { PlanDetail } from '../../src/case/details.ts';
import { awsError, denied, rehearsed, throttled } from './aws-error.ts';
import { isolationScene, risksOf } from './isolation-scene.ts';
import {
  aCase,
  anInterface,
  anotherInterface,
  firstInterface,
  isolationId,
  secondInterface,
  transitionId,
} from './sample-instance.ts';

const toTransition = { Groups: [transitionId] };
const toIsolation = { Groups: [isolationId] };

describe('a transition that fails', () => {
  it('sends the interface directly to isolation, and says that old connections may live', async () => {
    const { aws, world, run } = isolationScene();
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand, toTransition).rejects(denied());
    const { outcome, detail } = await run();
    expect(outcome).toBe('done');
    expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
    expect(detail.cut).toBe('new-flows-only');
    expect(risksOf(detail)).toContain('transition-failed');
  });

  it('is told for its own interface only', async () => {
    const { aws, run } = isolationScene({ interfaces: [anInterface(), anotherInterface()] });
    aws.ec2
      .on(ModifyNetworkInterfaceAttributeCommand, {
        ...toTransition,
        NetworkInterfaceId: secondInterface,
      })
      .rejects(denied());
    const { detail } = await run();
    const risk = detail.risks.find((one) => one.risk === 'transition-failed');
    expect(risk?.explanation).toContain(secondInterface);
    expect(risk?.explanation).not.toContain(firstInterface);
  });

  it('is told as well when there was no transition group to go through', async () => {
    const { prepared, run } = isolationScene();
    const groups = { [firstInterface]: { isolation: [isolationId] } };
    const { detail } = await run({ prepared: { ...prepared, groups } });
    expect(detail.cut).toBe('new-flows-only');
  });

  it.each(['pending', 'stopping'])('is told for an instance that is still %s', async (state) => {
    const { aws, run } = isolationScene({ state });
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand, toTransition).rejects(denied());
    expect((await run()).detail.cut).toBe('new-flows-only');
  });

  it('does not matter for a stopped instance, which has no connections', async () => {
    const { aws, run } = isolationScene({ state: 'stopped' });
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand, toTransition).rejects(denied());
    expect((await run()).detail.cut).toBe('complete');
  });

  it('is not forgotten when the step has to run again', async () => {
    const { aws, run } = isolationScene();
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand, toTransition).rejects(denied());
    aws.ec2.on(DescribeNetworkInterfacesCommand).rejects(throttled());
    aws.ec2.on(DescribeInstancesCommand).rejects(throttled());
    await expect(run()).rejects.toThrow();
    // The first run has isolated without transition, and only its reading back was refused.
    aws.ec2.on(DescribeNetworkInterfacesCommand).resolves({
      NetworkInterfaces: [
        { NetworkInterfaceId: firstInterface, Groups: [{ GroupId: isolationId }] },
      ],
    });
    const { outcome, detail } = await run({ again: true });
    expect(outcome).toBe('already');
    expect(detail.cut).not.toBe('complete');
  });
});

describe('a tag that anybody may have written', () => {
  it('does not make the cut complete when the step has to run again', async () => {
    const { world, before, run } = isolationScene();
    const tags = { 'cordon:step:isolate-network': '2026-03-01T02:00:00.000Z done cut=complete' };
    world.place(firstInterface, [isolationId]);
    const instance = { ...before.instance, tags };
    const { detail } = await run({ again: true, before: { ...before, instance } });
    expect(detail.cut).toBe('new-flows-only');
  });
});

describe('an isolating change that AWS does not take', () => {
  // threat B12
  it('is tried again while AWS throttles', async () => {
    const { aws, world, run } = isolationScene();
    let tries = 0;
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand, toIsolation).callsFake(async () => {
      tries += 1;
      if (tries < 4) throw throttled();
      world.place(firstInterface, [isolationId]);
      return {};
    });
    expect((await run()).outcome).toBe('done');
    expect(tries).toBe(4);
  });

  it('is tried again while the new group has not reached the interface', async () => {
    const { aws, world, run } = isolationScene();
    let tries = 0;
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand, toIsolation).callsFake(async () => {
      tries += 1;
      if (tries < 3) throw awsError('InvalidGroup.NotFound');
      world.place(firstInterface, [isolationId]);
      return {};
    });
    expect((await run()).outcome).toBe('done');
  });

  // threat B12
  it('is tried no longer than the budget of 40 seconds, and is unavailable then', async () => {
    const { aws, run } = isolationScene();
    let tries = 0;
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand, toIsolation).callsFake(async () => {
      tries += 1;
      // A minute of the clock has passed: nobody should be trying any more.
      if (tries > 200) throw denied();
      throw throttled();
    });
    await expect(run()).rejects.toThrow(/not every network interface is isolated/i);
    expect(tries).toBeLessThan(200);
  });

  it('is not tried again when it is denied', async () => {
    const { aws, run } = isolationScene();
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand, toIsolation).rejects(denied());
    await expect(run()).rejects.toThrow(/by hand now/);
    const calls = aws.ec2.commandCalls(ModifyNetworkInterfaceAttributeCommand, toIsolation);
    expect(calls).toHaveLength(1);
  });
});

describe('connections that were open', () => {
  it('may live behind a NAT gateway, and the report says so', async () => {
    const { run } = isolationScene({ defaultRoute: 'nat-0123' });
    const { detail } = await run();
    expect(detail.cut).toBe('new-flows-only');
    expect(risksOf(detail)).toContain('nat-tracked-flows');
  });

  it('may live when the routes cannot be read; the cut is made all the same', async () => {
    const { aws, world, run } = isolationScene();
    aws.ec2.on(DescribeRouteTablesCommand).rejects(denied());
    const { detail } = await run();
    expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
    expect(detail.cut).toBe('new-flows-only');
    expect(risksOf(detail)).toContain('routes-unread');
  });
});

describe('a dry run', () => {
  const dry = { case: aCase({ dryRun: true }) };

  it('moves nothing, and says of each interface whether the move would be allowed', async () => {
    const { aws, world, run } = isolationScene({ interfaces: [anInterface(), anotherInterface()] });
    aws.ec2
      .on(ModifyNetworkInterfaceAttributeCommand, { DryRun: true })
      .rejectsOnce(rehearsed())
      .rejectsOnce(denied());
    const { outcome, detail } = await run(dry);
    expect(outcome).toBe('planned');
    expect((detail as unknown as PlanDetail).calls.map((call) => call.permission)).toEqual([
      'allowed',
      'denied',
    ]);
    expect(world.moves).toEqual([]);
  });

  it('rehearses with the isolation group: the policy allows no other group to be attached', async () => {
    const { aws, run } = isolationScene();
    await run(dry);
    expect(aws.ec2).toHaveReceivedCommandWith(ModifyNetworkInterfaceAttributeCommand, {
      NetworkInterfaceId: firstInterface,
      Groups: [isolationId],
      DryRun: true,
    });
  });
});
