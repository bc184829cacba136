import {
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { AwsUnavailableError, IsolationIncompleteError } from '../../src/case/errors.ts';
import { runStep } from '../../src/run/run-step.ts';
import { denied, throttled } from './aws-error.ts';
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

  // threat B3
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
    aws.ec2.on(DescribeInstancesCommand).rejects(throttled());
    await expect(runStep(aws.deps, 'isolate-network', run)).rejects.toThrow(AwsUnavailableError);
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
