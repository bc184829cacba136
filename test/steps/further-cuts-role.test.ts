import {
  DescribeIamInstanceProfileAssociationsCommand,
  DisassociateIamInstanceProfileCommand,
  ModifyInstanceMetadataOptionsCommand,
} from '@aws-sdk/client-ec2';
import { GetInstanceProfileCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { printed } from '../../src/case/undo/inverse.ts';
import 'aws-sdk-client-mock-vitest/extend';
import { revocationPolicy } from '../../src/case/revocation.ts';
import { awsError, denied } from './aws-error.ts';
import { profileArn } from './fake-further-cuts.ts';
import { namesOfRisks, outcomesOf, reinforceScene, undoOf } from './reinforce-scene.ts';
import { anInstance, instanceId, region } from './sample-instance.ts';

describe('the metadata service', () => {
  const settings = { optedInto: ['disable-imds'] } as const;

  // threat A5
  it('is switched off, and nothing else of it is changed', async () => {
    const { aws, run } = reinforceScene({ settings });
    const told = await run();
    expect(aws.ec2).toHaveReceivedCommandExactlyOnceWith(ModifyInstanceMetadataOptionsCommand, {
      InstanceId: instanceId,
      HttpEndpoint: 'disabled',
    });
    expect(undoOf(told, 'disable-imds')).toEqual([
      `aws ec2 modify-instance-metadata-options --region ${region} --instance-id ${instanceId} --http-endpoint enabled`,
    ]);
  });

  it('that is off stays off, and no undo would switch it on', async () => {
    const { aws, run } = reinforceScene({ settings, instance: { metadataService: 'disabled' } });
    const told = await run();
    expect(outcomesOf(told, 'disable-imds')).toEqual([`${instanceId} already`]);
    expect(undoOf(told, 'disable-imds')).toEqual([]);
    expect(aws.ec2).not.toHaveReceivedCommand(ModifyInstanceMetadataOptionsCommand);
  });
});

describe('the credentials that were taken from the host', () => {
  const settings = { optedInto: ['revoke-credentials'] } as const;
  const scene = (more: Parameters<typeof reinforceScene>[0] = {}) =>
    reinforceScene({ settings, instance: { instanceProfileArn: profileArn }, ...more });

  it('are denied everything by a policy of this instance, in its role', async () => {
    const { aws, world, run } = scene();
    const told = await run();
    expect(aws.iam).toHaveReceivedCommandWith(GetInstanceProfileCommand, {
      InstanceProfileName: 'web',
    });
    expect([...world.rolePolicies]).toEqual([
      [
        `web-role cordon-deny-${instanceId}`,
        revocationPolicy(anInstance({ instanceProfileArn: profileArn }), 'AROAWEB-ROLE'),
      ],
    ]);
    expect(undoOf(told, 'revoke-credentials')).toEqual([
      `aws iam delete-role-policy --role-name web-role --policy-name cordon-deny-${instanceId}`,
    ]);
  });

  it('are denied once more without harm: a repeat puts the same policy', async () => {
    const { world, run } = scene();
    await run();
    const first = new Map(world.rolePolicies);
    expect(outcomesOf(await run({}, { repeat: true }), 'revoke-credentials')).toEqual([
      'web-role done',
    ]);
    expect(world.rolePolicies).toEqual(first);
  });

  it('are none where the instance has no profile, or the profile no role', async () => {
    const bare = scene({ instance: {} });
    expect(outcomesOf(await bare.run(), 'revoke-credentials')).toEqual([
      `${instanceId} not-applicable`,
    ]);
    expect(bare.aws.iam).not.toHaveReceivedAnyCommand();
    const empty = scene({ world: { roles: [] } });
    expect(outcomesOf(await empty.run(), 'revoke-credentials')).toEqual(['web not-applicable']);
    expect(empty.aws.iam).not.toHaveReceivedCommand(PutRolePolicyCommand);
  });

  it('stay valid where the profile is gone or may not be read, which is told', async () => {
    for (const error of [awsError('NoSuchEntityException'), awsError('AccessDenied')]) {
      const { aws, run } = scene();
      aws.iam.on(GetInstanceProfileCommand).rejects(error);
      const told = await run();
      expect(outcomesOf(told, 'revoke-credentials')).toEqual([`${instanceId} failed`]);
      expect(namesOfRisks(told)).toEqual(['revoke-credentials-failed']);
    }
  });
});

describe('the instance profile', () => {
  const settings = { optedInto: ['disassociate-profile'] } as const;
  const scene = () => reinforceScene({ settings, world: { association: 'iip-assoc-1' } });

  it('is taken away, and it is said that delivered credentials live on', async () => {
    const { aws, world, run } = scene();
    const told = await run();
    expect(world.profileIsAssociated).toBe(false);
    expect(aws.ec2).toHaveReceivedCommandWith(DescribeIamInstanceProfileAssociationsCommand, {
      Filters: [{ Name: 'instance-id', Values: [instanceId] }],
    });
    const [one] = told.reinforcements.filter(({ cut }) => cut === 'disassociate-profile');
    expect(one?.what).toMatch(/profile web is taken away.*stay valid until they expire/);
    expect(one?.undo.flatMap(printed)).toEqual([
      `aws ec2 associate-iam-instance-profile --region ${region} --instance-id ${instanceId} --iam-instance-profile '{"Arn":"${profileArn}"}'`,
    ]);
  });

  it('that is not there needs nothing, also when a repeat looks for it', async () => {
    const { aws, run } = scene();
    await run();
    const told = await run({}, { repeat: true });
    expect(outcomesOf(told, 'disassociate-profile')).toEqual([`${instanceId} not-applicable`]);
    expect(aws.ec2).toHaveReceivedCommandTimes(DisassociateIamInstanceProfileCommand, 1);
  });

  it('that went meanwhile is gone, which is no failure', async () => {
    const { aws, run } = scene();
    aws.ec2
      .on(DisassociateIamInstanceProfileCommand)
      .rejects(awsError('InvalidAssociationID.NotFound'));
    expect(outcomesOf(await run(), 'disassociate-profile')).toEqual(['iip-assoc-1 done']);
  });

  it('that is on its way out is not taken away again', async () => {
    const { aws, run } = scene();
    aws.ec2.on(DescribeIamInstanceProfileAssociationsCommand).resolves({
      IamInstanceProfileAssociations: [
        { AssociationId: 'iip-assoc-1', State: 'disassociating' },
        { AssociationId: 'iip-assoc-0', State: 'disassociated' },
      ],
    });
    await run();
    expect(aws.ec2).not.toHaveReceivedCommand(DisassociateIamInstanceProfileCommand);
  });

  it('is left, and that is told, where it may not be looked up', async () => {
    const { aws, run } = scene();
    aws.ec2.on(DescribeIamInstanceProfileAssociationsCommand).rejects(denied());
    const told = await run();
    expect(namesOfRisks(told)).toEqual(['disassociate-profile-failed']);
  });
});
