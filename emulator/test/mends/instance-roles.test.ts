import {
  AssociateIamInstanceProfileCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DisassociateIamInstanceProfileCommand,
  ModifyInstanceMetadataOptionsCommand,
  type ModifyInstanceMetadataOptionsRequest,
  ReplaceIamInstanceProfileAssociationCommand,
} from '@aws-sdk/client-ec2';
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  DeleteRolePolicyCommand,
  GetInstanceProfileCommand,
  GetRolePolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, test } from 'vitest';
import { useEmulator } from '../fixture.ts';
import { createNetwork, describeInstance, launch } from '../world.ts';

const aws = useEmulator();
let instanceId: string;

const createProfile = async (InstanceProfileName: string) => {
  await aws.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
  await aws.iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: 'web' }));
};

beforeEach(async () => {
  await aws.iam.send(new CreateRoleCommand({ RoleName: 'web', AssumeRolePolicyDocument: '{}' }));
  await createProfile('web');
  const { subnetId } = await createNetwork(aws.ec2);
  const { InstanceId } = await launch(aws.ec2, {
    SubnetId: subnetId,
    IamInstanceProfile: { Name: 'web' },
  });
  instanceId = InstanceId;
});

const profile = async () => {
  const { InstanceProfile } = await aws.iam.send(
    new GetInstanceProfileCommand({ InstanceProfileName: 'web' }),
  );
  return InstanceProfile;
};

const shown = async () => (await describeInstance(aws.ec2, instanceId)).IamInstanceProfile;

describe('the profile of an instance', () => {
  const associations = async () => {
    const { IamInstanceProfileAssociations } = await aws.ec2.send(
      new DescribeIamInstanceProfileAssociationsCommand({
        Filters: [{ Name: 'instance-id', Values: [instanceId] }],
      }),
    );
    return IamInstanceProfileAssociations ?? [];
  };

  const disassociate = (AssociationId: string | undefined) =>
    aws.ec2.send(new DisassociateIamInstanceProfileCommand({ AssociationId }));

  const associate = (IamInstanceProfile: { Name: string } | { Arn: string }) =>
    aws.ec2.send(
      new AssociateIamInstanceProfileCommand({ InstanceId: instanceId, IamInstanceProfile }),
    );

  test('is shown with its own id and its role', async () => {
    const web = await profile();
    expect(web?.Roles?.map(({ RoleName }) => RoleName)).toEqual(['web']);
    const expected = { Arn: web?.Arn, Id: web?.InstanceProfileId };
    expect(await shown()).toEqual(expected);
    expect(await associations()).toMatchObject([
      { InstanceId: instanceId, IamInstanceProfile: expected, State: 'associated' },
    ]);
  });

  test('is taken off and given back', async () => {
    const [association] = await associations();
    await disassociate(association?.AssociationId);
    expect(await shown()).toBeUndefined();
    expect(await associations()).toEqual([]);
    await expect(disassociate(association?.AssociationId)).rejects.toMatchObject({
      name: 'InvalidAssociationID.NotFound',
    });
    const Arn = (await profile())?.Arn ?? '';
    await associate({ Arn });
    expect(await shown()).toMatchObject({ Arn });
    await expect(associate({ Arn })).rejects.toMatchObject({ name: 'IncorrectState' });
  });

  test('is replaced', async () => {
    await createProfile('other');
    const [before] = await associations();
    await aws.ec2.send(
      new ReplaceIamInstanceProfileAssociationCommand({
        AssociationId: before?.AssociationId,
        IamInstanceProfile: { Name: 'other' },
      }),
    );
    expect((await shown())?.Arn).toMatch(/instance-profile\/other$/);
    expect((await associations())[0]?.AssociationId).not.toBe(before?.AssociationId);
  });

  test('is one that exists', async () => {
    const [association] = await associations();
    await disassociate(association?.AssociationId);
    await expect(associate({ Name: 'unknown' })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  });
});

describe('an inline policy of a role', () => {
  const PolicyName = 'cordon-deny';
  const statement = {
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: { StringLike: { 'aws:userid': '*:i-0123456789abcdef0' } },
  };
  const document = (Statement: object) => JSON.stringify({ Version: '2012-10-17', Statement });

  const put = (PolicyDocument: string, name = PolicyName) =>
    aws.iam.send(new PutRolePolicyCommand({ RoleName: 'web', PolicyName: name, PolicyDocument }));

  const get = async () => {
    const { PolicyDocument } = await aws.iam.send(
      new GetRolePolicyCommand({ RoleName: 'web', PolicyName }),
    );
    return decodeURIComponent(PolicyDocument ?? '');
  };

  test('is put, read and deleted', async () => {
    await put(document([statement]));
    expect(await get()).toBe(document([statement]));
    const remove = () => aws.iam.send(new DeleteRolePolicyCommand({ RoleName: 'web', PolicyName }));
    await remove();
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchEntityException' });
    await expect(remove()).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  });

  test.each([
    ['no JSON', '{'],
    ['an unknown effect', document([{ ...statement, Effect: 'Refuse' }])],
    ['a principal', document([{ ...statement, Principal: '*' }])],
  ])('is refused with %s', async (_, text) => {
    await expect(put(text)).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
    await expect(get()).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  });

  test('has a name that fits, and room beside the others', async () => {
    await expect(put(document([statement]), 'a/b')).rejects.toMatchObject({
      name: 'ValidationError',
    });
    const resources = (count: number) =>
      Array.from({ length: count }, (_, n) => `arn:aws:s3:::${'x'.repeat(80)}${n}`);
    await put(document([{ ...statement, Resource: resources(80) }]), 'large');
    await expect(put(document([{ ...statement, Resource: resources(40) }]))).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
    await put(document([statement]));
  });
});

test('the metadata service is turned off and on', async () => {
  const modify = (more: Omit<ModifyInstanceMetadataOptionsRequest, 'InstanceId'>) =>
    aws.ec2.send(new ModifyInstanceMetadataOptionsCommand({ InstanceId: instanceId, ...more }));
  const options = async () => (await describeInstance(aws.ec2, instanceId)).MetadataOptions;
  const before = await options();
  expect(before).toMatchObject({ HttpEndpoint: 'enabled', State: 'applied' });
  await expect(modify({ HttpEndpoint: 'disabled', DryRun: true })).rejects.toMatchObject({
    name: 'DryRunOperation',
  });
  expect(await options()).toEqual(before);
  const { InstanceMetadataOptions } = await modify({ HttpEndpoint: 'disabled' });
  expect(InstanceMetadataOptions).toMatchObject({ HttpEndpoint: 'disabled', State: 'pending' });
  expect(await options()).toEqual({ ...before, HttpEndpoint: 'disabled' });
  await modify({ HttpEndpoint: 'enabled', InstanceMetadataTags: 'enabled' });
  expect(await options()).toEqual({ ...before, InstanceMetadataTags: 'enabled' });
  await expect(modify({ HttpEndpoint: 'off' as 'disabled' })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
  });
});
