import {
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { PublishCommand } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { NotificationRefusedError } from '../../src/case/errors.ts';
import { prepareGroups } from '../../src/watch/prepare-groups.ts';
import type { DriftDeps } from '../../src/watch/result.ts';
import { awsError } from '../steps/aws-error.ts';
import { fakeAws } from '../steps/fake-aws.ts';
import { FakeGroups } from '../steps/fake-groups.ts';
import { accountId, region, vpcId } from '../steps/sample-instance.ts';

const scene = () => {
  const aws = fakeAws();
  const tags = new Map<string, Map<string, string>>();
  const tagsOf = (id: string) => {
    const its = tags.get(id) ?? new Map<string, string>();
    tags.set(id, its);
    return its;
  };
  new FakeGroups(aws, [], [], tagsOf);
  aws.ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [{ VpcId: vpcId, OwnerId: accountId }] });
  aws.sns.on(PublishCommand).resolves({});
  const deps = { ...aws.deps, region, stateMachineArn: '' } as unknown as DriftDeps;
  return { aws, deps };
};

const published = ({ aws }: ReturnType<typeof scene>) =>
  aws.sns.commandCalls(PublishCommand).map(({ args: [{ input }] }) => input);

describe('The groups of every VPC', () => {
  it('are made, and nobody is told where all is well', async () => {
    const one = scene();
    const vpcs = await prepareGroups(one.deps);
    expect(vpcs.map(({ vpcId: id, error, groups }) => [id, error, groups.length])).toEqual([
      [vpcId, undefined, 2],
    ]);
    expect(published(one)).toEqual([]);
  });

  it('that cannot be made are told, with what to do', async () => {
    const one = scene();
    one.aws.ec2.on(CreateSecurityGroupCommand).rejects(awsError('SecurityGroupLimitExceeded'));
    await prepareGroups(one.deps);
    const [message] = published(one);
    expect(message?.Subject).toBe('[Cordon] NOT READY: 1 VPC has no isolation groups');
    expect(message?.Message).toContain(vpcId);
    expect(message?.Message).toContain(`cordon prepare --region ${region}`);
  });

  it('that cannot be made, and of which nobody can be told, fail the function', async () => {
    const one = scene();
    one.aws.ec2.on(CreateSecurityGroupCommand).rejects(awsError('SecurityGroupLimitExceeded'));
    one.aws.sns.on(PublishCommand).rejects(awsError('NotFound'));
    await expect(prepareGroups(one.deps)).rejects.toThrow(NotificationRefusedError);
  });

  it('that cannot even be listed fail the function, which is repeated', async () => {
    const one = scene();
    one.aws.ec2.on(DescribeSecurityGroupsCommand).rejects(awsError('RequestLimitExceeded'));
    await expect(prepareGroups(one.deps)).rejects.toThrow('RequestLimitExceeded');
  });
});
