import {
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { awsError, denied, lostAnswer } from './aws-error.ts';
import { isolationScene, risksOf } from './isolation-scene.ts';
import { firstInterface, isolationId, transitionId, webGroup } from './sample-instance.ts';

const never = () => new Promise(() => {});
const toTransition = { Groups: [transitionId] };
const toIsolation = { Groups: [isolationId] };

describe('a change of groups that is never answered', () => {
  // fault A7
  it('costs the transition three seconds, and never the cut', async () => {
    const { aws, world, run } = isolationScene();
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand, toTransition).callsFake(never);
    const { detail } = await run();
    expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
    expect(world.movedAt[0]).toBe(3_000);
    expect(risksOf(detail)).toContain('transition-failed');
  });

  // fault A7
  it('is sent again where it isolates', async () => {
    const { aws, world, run } = isolationScene({ settings: { connectionCut: 'none' } });
    let asked = 0;
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand, toIsolation).callsFake(async () => {
      asked += 1;
      if (asked === 1) return never();
      world.place(firstInterface, [isolationId]);
      return {};
    });
    expect((await run()).outcome).toBe('done');
  });

  // fault A7: twice, and the message, must fit into 30 seconds
  it('is given up in time to tell', async () => {
    const { aws, run } = isolationScene();
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand).callsFake(never);
    await expect(run()).rejects.toThrow(/did not answer/);
    expect(aws.clock.elapsed).toBeLessThanOrEqual(11_000);
  });

  // fault O3
  it('that AWS applies after the isolating one is found, and the interface isolated again', async () => {
    const { aws, world, run } = isolationScene();
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand, toTransition).callsFake(() => {
      void aws.clock.sleep(4_500).then(() => world.place(firstInterface, [transitionId]));
      return Promise.reject(lostAnswer());
    });
    const { detail } = await run();
    expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
    expect(detail.cut).toBe('new-flows-only');
  });
});

describe('a read that is never answered', () => {
  // fault A7
  it('of the interfaces is replaced by one of the instance, which shows the groups as well', async () => {
    const { aws, run } = isolationScene();
    aws.ec2.on(DescribeNetworkInterfacesCommand).callsFake(never);
    const { outcome, detail } = await run();
    expect(outcome).toBe('done');
    expect(detail.interfaces).toHaveLength(1);
  });

  // fault A7
  it('of the routes leaves the cut in doubt, and does not delay the word of it', async () => {
    const { aws, run } = isolationScene();
    aws.ec2.on(DescribeRouteTablesCommand).callsFake(never);
    const { detail } = await run();
    expect(detail.cut).toBe('new-flows-only');
    expect(aws.clock.elapsed).toBe(3_000);
  });
});

describe('an interface that somebody else has isolated since it was described', () => {
  // fault O2
  it('is not opened: prepare has read it beside the tags', async () => {
    const { world, prepared, run } = isolationScene();
    world.place(firstInterface, [isolationId]);
    const { outcome } = await run({
      prepared: { ...prepared, groupsNow: { [firstInterface]: [isolationId] } },
    });
    expect(outcome).toBe('already');
    expect(world.moves).toEqual([]);
  });

  // fault O2
  it('is read before it is opened where prepare could not read it', async () => {
    const { world, prepared, run } = isolationScene();
    world.place(firstInterface, [transitionId]);
    const { groupsNow: _unread, ...unread } = prepared;
    const { outcome } = await run({ prepared: unread });
    expect(outcome).toBe('done');
    expect(world.moves).toEqual([`${firstInterface} ${isolationId}`]);
  });

  // fault O2
  it('is not opened where nobody can tell how it stands', async () => {
    const { aws, world, prepared, run } = isolationScene();
    const { groupsNow: _unread, ...unread } = prepared;
    aws.ec2
      .on(DescribeNetworkInterfacesCommand)
      .rejectsOnce(denied())
      .resolves({
        NetworkInterfaces: [
          { NetworkInterfaceId: firstInterface, Groups: [{ GroupId: isolationId }] },
        ],
      });
    aws.ec2.on(DescribeInstancesCommand).rejectsOnce(denied());
    const { detail } = await run({ prepared: unread });
    expect(world.moves).toEqual([`${firstInterface} ${isolationId}`]);
    expect(detail.cut).toBe('new-flows-only');
  });
});

describe('a group that was made in this run', () => {
  // fault O6
  it('may be denied for want of its tag: the change is tried again', async () => {
    const { aws, world, prepared, run } = isolationScene();
    let asked = 0;
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand, toIsolation).callsFake(async () => {
      asked += 1;
      if (asked <= 3) throw denied();
      world.place(firstInterface, [isolationId]);
      return {};
    });
    const made = [isolationId, transitionId];
    expect((await run({ prepared: { ...prepared, made } })).outcome).toBe('done');
  });

  it('is denied for good after a few seconds, any other group at once', async () => {
    const { aws, prepared, run } = isolationScene();
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand).rejects(denied());
    await expect(run()).rejects.toThrow('not authorized');
    expect(aws.ec2.commandCalls(ModifyNetworkInterfaceAttributeCommand)).toHaveLength(2);
    await expect(run({ prepared: { ...prepared, made: [isolationId] } })).rejects.toThrow(
      'not authorized',
    );
    expect(aws.clock.elapsed).toBeLessThanOrEqual(8_000);
  });
});

describe('an empty answer to a change of groups', () => {
  // fault A8
  it('is read back, and the change made again', async () => {
    const { aws, world, run } = isolationScene();
    let asked = 0;
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand, toIsolation).callsFake(async () => {
      asked += 1;
      if (asked > 1) world.place(firstInterface, [isolationId]);
      return {};
    });
    expect((await run()).outcome).toBe('done');
    expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
  });

  it('that stays without a change is told', async () => {
    const { aws, run } = isolationScene();
    aws.ec2.on(ModifyNetworkInterfaceAttributeCommand, toIsolation).resolves({});
    await expect(run()).rejects.toThrow(firstInterface);
  });

  it('is not needed where the group is unknown for a moment', async () => {
    const { aws, world, run } = isolationScene();
    aws.ec2
      .on(ModifyNetworkInterfaceAttributeCommand, toIsolation)
      .rejectsOnce(awsError('InvalidGroup.NotFound'))
      .callsFake(async () => world.place(firstInterface, [isolationId]));
    expect((await run()).outcome).toBe('done');
    expect(world.groupsOf(firstInterface)).not.toContain(webGroup);
  });
});
