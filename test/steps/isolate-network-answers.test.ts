import {
  DescribeNetworkInterfacesCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { AwsUnavailableError, IsolationIncompleteError } from '../../src/case/errors.ts';
import { timed } from '../../src/record.ts';
import { awsError, denied, throttled } from './aws-error.ts';
import { isolationScene } from './isolation-scene.ts';
import {
  anInterface,
  anotherInterface,
  firstInterface,
  isolationId,
  secondInterface,
  vpcId,
  webGroup,
} from './sample-instance.ts';

describe('the detach from the Auto Scaling group', () => {
  it('is waited for, because health checks fail from the cut on', async () => {
    const { aws, run } = isolationScene({ settings: { transitionHoldSeconds: 0 } });
    let detachedAt = 0;
    const detached = aws.clock.sleep(800).then(() => {
      detachedAt = aws.clock.elapsed;
    });
    const cutAt: number[] = [];
    aws.ec2
      .on(ModifyNetworkInterfaceAttributeCommand, { Groups: [isolationId] })
      .callsFake(async () => {
        cutAt.push(aws.clock.elapsed);
        return {};
      });
    await run({ detached }).catch(() => undefined);
    expect(detachedAt).toBe(800);
    expect(cutAt[0]).toBe(800);
  });

  it('is not waited for for ever', async () => {
    const { aws, world, run } = isolationScene();
    await run({ detached: new Promise(() => {}) });
    expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
    expect(aws.clock.elapsed).toBeLessThanOrEqual(10_000);
  });

  it('is not waited for with the interface wide open', async () => {
    const { aws, run } = isolationScene();
    const { detail } = await run({ detached: aws.clock.sleep(4_000) });
    expect(detail.openMilliseconds).toBe(1_000);
  });

  it('does not cost the cut when it is refused', async () => {
    const { aws, world, run } = isolationScene();
    const detached = aws.clock.sleep(2_000).then(() => Promise.reject(awsError('ValidationError')));
    await run({ detached }).catch(() => undefined);
    expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
  });
});

describe('what it answers when not every interface is isolated', () => {
  it('names the one that was denied, and has isolated the others', async () => {
    const { aws, world, run } = isolationScene({ interfaces: [anInterface(), anotherInterface()] });
    aws.ec2
      .on(ModifyNetworkInterfaceAttributeCommand, { NetworkInterfaceId: secondInterface })
      .rejects(denied());
    const running = run();
    await expect(running).rejects.toThrow(IsolationIncompleteError);
    await expect(running).rejects.toThrow(/not authorized/);
    expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
  });

  it('names the interface in the message', async () => {
    const { aws, run } = isolationScene({ interfaces: [anInterface(), anotherInterface()] });
    aws.ec2
      .on(ModifyNetworkInterfaceAttributeCommand, { NetworkInterfaceId: secondInterface })
      .rejects(denied());
    await expect(run()).rejects.toThrow(secondInterface);
  });

  it('never says isolated when the reading back shows other groups', async () => {
    const { aws, run } = isolationScene();
    aws.ec2.on(DescribeNetworkInterfacesCommand).resolves({
      NetworkInterfaces: [{ NetworkInterfaceId: firstInterface, Groups: [{ GroupId: webGroup }] }],
    });
    const running = run();
    await expect(running).rejects.toThrow(IsolationIncompleteError);
    await expect(running).rejects.toThrow(`${firstInterface} has ${webGroup}`);
  });

  it('never says isolated when an old group is still beside the isolation group', async () => {
    const { aws, run } = isolationScene();
    aws.ec2.on(DescribeNetworkInterfacesCommand).resolves({
      NetworkInterfaces: [
        {
          NetworkInterfaceId: firstInterface,
          Groups: [{ GroupId: isolationId }, { GroupId: webGroup }],
        },
      ],
    });
    await expect(run()).rejects.toThrow(IsolationIncompleteError);
  });

  it('reads back again while AWS does not show the change yet', async () => {
    const { aws, run } = isolationScene();
    aws.ec2
      .on(DescribeNetworkInterfacesCommand)
      .resolvesOnce({ NetworkInterfaces: [] })
      .resolves({
        NetworkInterfaces: [
          { NetworkInterfaceId: firstInterface, Groups: [{ GroupId: isolationId }] },
        ],
      });
    expect((await run()).outcome).toBe('done');
  });

  it('is unavailable, and worth repeating, when AWS was too busy to be read back', async () => {
    const { aws, run } = isolationScene();
    aws.ec2.on(DescribeNetworkInterfacesCommand).rejects(throttled());
    await expect(timed(aws.clock, 'isolate-network', run)).rejects.toThrow(AwsUnavailableError);
  });

  it('names the interface whose VPC has no isolation group, and asks for no others', async () => {
    const { aws, run } = isolationScene();
    await expect(run({ prepared: { groups: {}, originals: {}, risks: [] } })).rejects.toThrow(
      `${firstInterface} has no isolation group in ${vpcId}`,
    );
    // An empty list of ids would ask AWS for every interface of the account.
    expect(aws.ec2).not.toHaveReceivedCommandWith(DescribeNetworkInterfacesCommand, {
      NetworkInterfaceIds: [],
    });
  });
});
