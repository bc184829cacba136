import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { PublishCommand } from '@aws-sdk/client-sns';
import { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { startAutomatic, stopAutomatic } from '../src/stop-automatic.ts';
import { awsError, denied } from './steps/aws-error.ts';
import { fakeAws } from './steps/fake-aws.ts';

const place = { stackName: 'cordon', region: 'eu-central-1' };
const topic = 'arn:aws:sns:eu-central-1:111122223333:cordon-NotificationTopic-1';
const Name = '/cordon/cordon/stop';
const request = { hours: 4, who: 'sam', reason: 'false alarms' };

const scene = () => {
  const aws = fakeAws();
  aws.cloudFormation.on(DescribeStacksCommand, { StackName: 'cordon' }).resolves({
    Stacks: [
      {
        StackName: 'cordon',
        CreationTime: new Date(0),
        StackStatus: 'CREATE_COMPLETE',
        Outputs: [{ OutputKey: 'NotificationTopicArn', OutputValue: topic }],
      },
    ],
  });
  aws.ssm.on(PutParameterCommand).resolves({});
  aws.ssm.on(DeleteParameterCommand).resolves({});
  aws.sns.on(PublishCommand).resolves({ MessageId: 'm-1' });
  return aws;
};

describe('cordon stop', () => {
  // fault D6
  it('writes the switch of the stack, and tells its topic at once', async () => {
    const { deps, ssm, sns } = scene();
    const { stop, untold } = await stopAutomatic(deps, place, request);
    expect(untold).toBeUndefined();
    expect(stop?.until.toISOString()).toBe('2026-03-01T07:07:00.000Z');
    expect(ssm).toHaveReceivedCommandWith(PutParameterCommand, {
      Name,
      Type: 'String',
      Overwrite: true,
      Value: '{"until":"2026-03-01T07:07:00.000Z","who":"sam","reason":"false alarms"}',
    });
    expect(sns).toHaveReceivedCommandWith(PublishCommand, {
      TopicArn: topic,
      Subject: '[Cordon] STOPPED: nothing is contained automatically',
    });
  });

  it('refuses a stack that is not there: its switch would stop nothing', async () => {
    const { deps, ssm, cloudFormation } = scene();
    cloudFormation
      .on(DescribeStacksCommand)
      .rejects(awsError('ValidationError', 'Stack with id cordno does not exist'));
    await expect(
      stopAutomatic(deps, { ...place, stackName: 'cordno' }, request),
    ).rejects.toMatchObject({ name: 'InvalidSettingsError' });
    expect(ssm).not.toHaveReceivedAnyCommand();
  });

  it('stops all the same where the stack cannot be read, and says that nobody was told', async () => {
    const { deps, ssm, cloudFormation } = scene();
    cloudFormation.on(DescribeStacksCommand).rejects(denied());
    const { untold } = await stopAutomatic(deps, place, request);
    expect(ssm).toHaveReceivedCommandWith(PutParameterCommand, { Name });
    expect(untold).toContain('cordon');
  });

  it('says that nobody was told where the topic refuses', async () => {
    const { deps, sns } = scene();
    sns.on(PublishCommand).rejects(awsError('AuthorizationError', 'no'));
    expect((await stopAutomatic(deps, place, request)).untold).toContain('AuthorizationError');
  });

  it('says nothing to the topic where the switch could not be written', async () => {
    const { deps, ssm, sns } = scene();
    ssm.on(PutParameterCommand).rejects(awsError('AccessDeniedException', 'no'));
    await expect(stopAutomatic(deps, place, request)).rejects.toMatchObject({
      name: 'AwsDeniedError',
    });
    expect(sns).not.toHaveReceivedAnyCommand();
  });

  it.each([0, -1, 24.1, Number.NaN])('refuses to stop for %d hours', async (hours) => {
    const { deps, ssm } = scene();
    await expect(stopAutomatic(deps, place, { ...request, hours })).rejects.toMatchObject({
      name: 'InvalidSettingsError',
    });
    expect(ssm).not.toHaveReceivedAnyCommand();
  });
});

describe('cordon start', () => {
  const words = { who: 'sam', reason: 'over' };

  // fault D6
  it('ends the stop, and tells the topic', async () => {
    const { deps, ssm, sns } = scene();
    expect(await startAutomatic(deps, place, words)).toEqual({ ended: true });
    expect(ssm).toHaveReceivedCommandWith(DeleteParameterCommand, { Name });
    expect(sns).toHaveReceivedCommandTimes(PublishCommand, 1);
  });

  it('is no error where nothing was stopped, and disturbs nobody', async () => {
    const { deps, ssm, sns } = scene();
    ssm.on(DeleteParameterCommand).rejects(awsError('ParameterNotFound', 'none'));
    expect(await startAutomatic(deps, place, words)).toEqual({ ended: false });
    expect(sns).not.toHaveReceivedAnyCommand();
  });
});
