import {
  CreateTrafficMirrorFilterCommand,
  CreateTrafficMirrorFilterRuleCommand,
  CreateTrafficMirrorSessionCommand,
  CreateTrafficMirrorTargetCommand,
  DeleteTrafficMirrorFilterCommand,
  DeleteTrafficMirrorSessionCommand,
  DescribeTrafficMirrorFiltersCommand,
  DescribeTrafficMirrorSessionsCommand,
  ModifyTrafficMirrorFilterNetworkServicesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { useEmulator } from '../fixture.ts';
import { createNetwork, launch } from '../world.ts';

const aws = useEmulator();

const scene = async (InstanceType: 't3.micro' | 't2.micro' = 't3.micro') => {
  const { subnetId: SubnetId } = await createNetwork(aws.ec2);
  const source = await launch(aws.ec2, { SubnetId, InstanceType });
  const tool = await launch(aws.ec2, { SubnetId, InstanceType: 't3.micro' });
  const interfaceOf = ({ NetworkInterfaces }: typeof source) =>
    NetworkInterfaces?.[0]?.NetworkInterfaceId ?? '';
  const { TrafficMirrorTarget } = await aws.ec2.send(
    new CreateTrafficMirrorTargetCommand({ NetworkInterfaceId: interfaceOf(tool) }),
  );
  const { TrafficMirrorFilter } = await aws.ec2.send(
    new CreateTrafficMirrorFilterCommand({ Description: 'all', ClientToken: 'a' }),
  );
  const session = (SessionNumber: number, more: object = {}) =>
    aws.ec2.send(
      new CreateTrafficMirrorSessionCommand({
        NetworkInterfaceId: interfaceOf(source),
        TrafficMirrorTargetId: TrafficMirrorTarget?.TrafficMirrorTargetId,
        TrafficMirrorFilterId: TrafficMirrorFilter?.TrafficMirrorFilterId,
        SessionNumber,
        ...more,
      }),
    );
  return { session, filterId: TrafficMirrorFilter?.TrafficMirrorFilterId };
};

describe('a traffic mirror filter', () => {
  test('has the rules and services that it was given, each number once in a direction', async () => {
    const { filterId: TrafficMirrorFilterId } = await scene();
    const rule = (TrafficDirection: 'ingress' | 'egress') =>
      aws.ec2.send(
        new CreateTrafficMirrorFilterRuleCommand({
          TrafficMirrorFilterId,
          TrafficDirection,
          RuleNumber: 100,
          RuleAction: 'accept',
          SourceCidrBlock: '0.0.0.0/0',
          DestinationCidrBlock: '0.0.0.0/0',
        }),
      );
    await rule('ingress');
    await rule('egress');
    await expect(rule('egress')).rejects.toMatchObject({
      name: 'TrafficMirrorFilterRuleAlreadyExists',
    });
    await aws.ec2.send(
      new ModifyTrafficMirrorFilterNetworkServicesCommand({
        TrafficMirrorFilterId,
        AddNetworkServices: ['amazon-dns'],
      }),
    );
    const { TrafficMirrorFilters } = await aws.ec2.send(
      new DescribeTrafficMirrorFiltersCommand({
        Filters: [{ Name: 'description', Values: ['all'] }],
      }),
    );
    expect(TrafficMirrorFilters).toMatchObject([
      {
        IngressFilterRules: [{ RuleNumber: 100, RuleAction: 'accept' }],
        EgressFilterRules: [{ RuleNumber: 100 }],
        NetworkServices: ['amazon-dns'],
      },
    ]);
  });

  test('is made once for one client token', async () => {
    const { filterId } = await scene();
    const again = (Description: string) =>
      aws.ec2.send(new CreateTrafficMirrorFilterCommand({ Description, ClientToken: 'a' }));
    expect((await again('all')).TrafficMirrorFilter?.TrafficMirrorFilterId).toBe(filterId);
    await expect(again('other')).rejects.toMatchObject({ name: 'IdempotentParameterMismatch' });
  });
});

describe('a traffic mirror session', () => {
  test('is found by its interface, and keeps its filter from being deleted', async () => {
    const { session, filterId: TrafficMirrorFilterId } = await scene();
    const { TrafficMirrorSession } = await session(7);
    const { TrafficMirrorSessions } = await aws.ec2.send(
      new DescribeTrafficMirrorSessionsCommand({
        Filters: [
          {
            Name: 'network-interface-id',
            Values: [TrafficMirrorSession?.NetworkInterfaceId ?? ''],
          },
        ],
      }),
    );
    expect(TrafficMirrorSessions).toMatchObject([{ SessionNumber: 7, TrafficMirrorFilterId }]);
    const deleteFilter = () =>
      aws.ec2.send(new DeleteTrafficMirrorFilterCommand({ TrafficMirrorFilterId }));
    await expect(deleteFilter()).rejects.toMatchObject({ name: 'TrafficMirrorFilterInUse' });
    const gone = () =>
      aws.ec2.send(
        new DeleteTrafficMirrorSessionCommand({
          TrafficMirrorSessionId: TrafficMirrorSession?.TrafficMirrorSessionId,
        }),
      );
    await gone();
    await expect(gone()).rejects.toMatchObject({ name: 'InvalidTrafficMirrorSessionId.NotFound' });
    await deleteFilter();
    await expect(deleteFilter()).rejects.toMatchObject({
      name: 'InvalidTrafficMirrorFilterId.NotFound',
    });
  });

  test('is refused beyond three, with a number in use, and on types that cannot', async () => {
    const { session } = await scene();
    await session(1);
    await expect(session(1)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await session(2);
    await session(3);
    await expect(session(4)).rejects.toMatchObject({
      name: 'TrafficMirrorSessionsPerInterfaceLimitExceeded',
    });
    await aws.emulator.reset();
    const other = await scene('t2.micro');
    await expect(other.session(1)).rejects.toMatchObject({ name: 'NetworkInterfaceNotSupported' });
  });
});
