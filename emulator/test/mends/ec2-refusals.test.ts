import {
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeVpcsCommand,
  ModifyManagedResourceVisibilityCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { attachInterface } from '../../world/sample-hardware.ts';
import { buildSampleWorld } from '../../world/sample-world.ts';
import { worldClients } from '../../world/world-clients.ts';
import { useEmulator } from '../fixture.ts';

const aws = useEmulator();

const refused = (name: string) => expect.objectContaining({ name });

describe('a filter', () => {
  test.each([
    [
      'group-name',
      new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'group-name', Values: ['a'] }] }),
    ],
    [
      'tag-value',
      new DescribeInstancesCommand({ Filters: [{ Name: 'tag-value', Values: ['a'] }] }),
    ],
    ['instance-id', new DescribeVpcsCommand({ Filters: [{ Name: 'instance-id', Values: ['a'] }] })],
  ])(
    'that the documentation of the operation does not list is refused: %s',
    async (name, command) => {
      await expect(aws.ec2.send(command as DescribeVpcsCommand)).rejects.toMatchObject({
        name: 'InvalidParameterValue',
        message: `The filter '${name}' is invalid`,
      });
    },
  );

  test('by any tag is taken where tags are', async () => {
    const Filters = [{ Name: 'tag:anything at all', Values: ['a'] }];
    for (const command of [
      new DescribeInstancesCommand({ Filters }),
      new DescribeNetworkInterfacesCommand({ Filters }),
      new DescribeSnapshotsCommand({ Filters }),
    ]) {
      await aws.ec2.send(command as DescribeInstancesCommand);
    }
  });

  test('takes 200 values and no more', async () => {
    const idsOf = (count: number) =>
      Array.from({ length: count }, (_, index) => `sg-${String(index).padStart(17, '0')}`);
    const ask = (count: number) =>
      aws.ec2.send(
        new DescribeSecurityGroupsCommand({
          Filters: [{ Name: 'group-id', Values: idsOf(count) }],
        }),
      );
    await ask(200);
    await expect(ask(201)).rejects.toEqual(refused('FilterLimitExceeded'));
  });
});

test('a parameter that the operation does not have is refused', async () => {
  const ask = async (body: string) => {
    const response = await fetch(aws.emulator.endpoint, {
      method: 'POST',
      headers: {
        authorization:
          'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=0',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: `Action=DescribeVpcs&Version=2016-11-15${body}`,
    });
    return response.text();
  };
  expect(await ask('&Filter.1.Name=is-default&Filter.1.Value.1=true')).toContain('<vpcSet');
  expect(await ask('&Colour=red')).toContain('UnknownParameter');
  expect(await ask('&Filter.1.Colour=red')).toContain('UnknownParameter');
  expect(await ask('&IncludeManagedResources=true')).toContain('UnknownParameter');
});

test('ids and a page size are refused together', async () => {
  for (const command of [
    new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: ['eni-1'], MaxResults: 5 }),
    new DescribeInstancesCommand({ InstanceIds: ['i-1'], MaxResults: 5 }),
    new DescribeSecurityGroupsCommand({ GroupIds: ['sg-1'], MaxResults: 5 }),
  ]) {
    await expect(aws.ec2.send(command as DescribeInstancesCommand)).rejects.toEqual(
      refused('InvalidParameterCombination'),
    );
  }
  await aws.ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], MaxResults: 5 }));
});

describe('an account with many resources', () => {
  const by = (Name: string) => ({ Filters: [{ Name, Values: ['any'] }] });

  test('gets long lists in pages only', async () => {
    const whole = [
      new DescribeNetworkInterfacesCommand({}),
      new DescribeNetworkInterfacesCommand(by('network-interface-id')),
      new DescribeInstancesCommand(by('instance-id')),
      new DescribeSnapshotsCommand({ OwnerIds: ['self'] }),
    ];
    for (const command of whole) await aws.ec2.send(command as DescribeInstancesCommand);
    await aws.emulator.account({ manyResources: true });
    for (const command of whole) {
      await expect(aws.ec2.send(command as DescribeInstancesCommand)).rejects.toEqual(
        refused('OperationNotPermitted'),
      );
    }
    await aws.ec2.send(
      new DescribeNetworkInterfacesCommand({ ...by('network-interface-id'), MaxResults: 1000 }),
    );
  });

  test('gets interfaces in one piece by the filters that AWS exempts', async () => {
    await aws.emulator.account({ manyResources: true });
    for (const name of ['attachment.instance-id', 'group-id', 'subnet-id', 'vpc-id']) {
      await aws.ec2.send(new DescribeNetworkInterfacesCommand(by(name)));
    }
  });
});

test('an instance is found by the group of any of its interfaces', async () => {
  const clients = worldClients(aws.emulator);
  const world = await buildSampleWorld(aws.emulator, clients, {});
  const { GroupId = '' } = await aws.ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'lone', Description: 'x', VpcId: world.vpcId }),
  );
  const { id } = await attachInterface(clients, world, world.healthyId, 1);
  await aws.ec2.send(
    new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: id, Groups: [GroupId] }),
  );
  const { Reservations = [] } = await aws.ec2.send(
    new DescribeInstancesCommand({
      Filters: [{ Name: 'network-interface.group-id', Values: [GroupId] }],
    }),
  );
  expect(Reservations.flatMap(({ Instances = [] }) => Instances)).toMatchObject([
    { InstanceId: world.healthyId },
  ]);
});

test('what AWS services manage is hidden where the account says so, unless it is asked for', async () => {
  const clients = worldClients(aws.emulator);
  const world = await buildSampleWorld(aws.emulator, clients, {});
  await aws.ec2.send(
    new CreateTagsCommand({
      Resources: [world.suspectId],
      Tags: [{ Key: 'emulator:operator', Value: 'eks.amazonaws.com' }],
    }),
  );
  await aws.ec2.send(new ModifyManagedResourceVisibilityCommand({ DefaultVisibility: 'hidden' }));
  const seen = async (IncludeManagedResources?: boolean) => {
    const [instances, interfaces] = await Promise.all([
      aws.ec2.send(
        new DescribeInstancesCommand({ InstanceIds: [world.suspectId], IncludeManagedResources }),
      ),
      aws.ec2.send(
        new DescribeNetworkInterfacesCommand({
          Filters: [{ Name: 'attachment.instance-id', Values: [world.suspectId] }],
          IncludeManagedResources,
        }),
      ),
    ]);
    return [instances.Reservations?.length, interfaces.NetworkInterfaces?.length];
  };
  expect(await seen()).toEqual([0, 0]);
  expect(await seen(true)).toEqual([1, 2]);
});
