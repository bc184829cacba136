import {
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  SendCommandCommand,
} from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { readManagedAgent } from '../../src/aws/managed-agent.ts';
import { followCommand, sendDocument } from '../../src/aws/run-command.ts';
import { fakeAws } from '../steps/fake-aws.ts';

const order = {
  documentName: 'cordon-host',
  documentHash: 'a'.repeat(64),
  instanceId: 'i-1',
  parameters: { Action: ['cut'] },
  comment: 'c'.repeat(120),
  deliverySeconds: 5,
  executionSeconds: 60,
} as const;

const notKnownYet = () => Object.assign(new Error(''), { name: 'InvocationDoesNotExist' });
const throttled = () => Object.assign(new Error('slow'), { name: 'ThrottlingException' });

const follow = (aws: ReturnType<typeof fakeAws>, step?: string) =>
  followCommand(
    { ssm: aws.deps.clients.ssm, clock: aws.deps.clock, log: aws.deps.log },
    {
      commandId: 'c-1',
      instanceId: 'i-1',
      patienceMilliseconds: 10_000,
      ...(step === undefined ? {} : { step }),
    },
  );

describe('A document that is sent', () => {
  it('is pinned to its hash, and within what Systems Manager takes', async () => {
    const aws = fakeAws();
    aws.ssm.on(SendCommandCommand).resolves({ Command: { CommandId: 'c-1' } });
    expect(await sendDocument(aws.deps.clients.ssm, order)).toBe('c-1');
    expect(aws.ssm.commandCalls(SendCommandCommand)[0]?.args[0].input).toEqual({
      DocumentName: 'cordon-host',
      DocumentHash: 'a'.repeat(64),
      DocumentHashType: 'Sha256',
      InstanceIds: ['i-1'],
      Parameters: { Action: ['cut'], executionTimeout: ['60'] },
      Comment: 'c'.repeat(100),
      TimeoutSeconds: 30,
    });
  });

  it('is not known to run where the answer names no command', async () => {
    const aws = fakeAws();
    aws.ssm.on(SendCommandCommand).resolves({});
    await expect(sendDocument(aws.deps.clients.ssm, order)).rejects.toMatchObject({
      name: 'AwsUnavailableError',
    });
  });
});

describe('A command that is followed', () => {
  it('may not be known yet, or asked for too often, before it runs and ends', async () => {
    const aws = fakeAws();
    aws.ssm
      .on(GetCommandInvocationCommand)
      .rejectsOnce(notKnownYet())
      .rejectsOnce(throttled())
      .resolvesOnce({ Status: 'InProgress' })
      .resolves({ Status: 'Success', ResponseCode: 0, StandardOutputContent: 'out' });
    expect(await follow(aws)).toMatchObject({ status: 'Success', exitCode: 0, stdout: 'out' });
  });

  it('is asked for the output of its step once the whole has ended', async () => {
    const aws = fakeAws();
    aws.ssm
      .on(GetCommandInvocationCommand)
      .resolves({ Status: 'Success' })
      .on(GetCommandInvocationCommand, { PluginName: 'cutLinux' })
      .resolves({ Status: 'Success', ResponseCode: 0, StandardOutputContent: 'of the step' });
    expect(await follow(aws, 'cutLinux')).toMatchObject({ stdout: 'of the step' });
  });

  it.each([
    ['goes on for ever', { Status: 'InProgress' }, 'InProgress'],
    ['is never delivered', { Status: 'TimedOut', StatusDetails: 'DeliveryTimedOut' }, 'TimedOut'],
    ['fails', { Status: 'Failed' }, 'Failed'],
  ] as const)('and %s is told as it stands', async (_, answer, status) => {
    const aws = fakeAws();
    aws.ssm.on(GetCommandInvocationCommand).resolves(answer);
    expect((await follow(aws, 'cutLinux')).status).toBe(status);
  });

  it('and is never known is pending when the patience is over', async () => {
    const aws = fakeAws();
    aws.ssm.on(GetCommandInvocationCommand).rejects(notKnownYet());
    expect(await follow(aws)).toMatchObject({ status: 'Pending', exitCode: -1 });
  });

  it('and may not be read says so at once', async () => {
    const aws = fakeAws();
    const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    aws.ssm.on(GetCommandInvocationCommand).rejects(denied);
    await expect(follow(aws)).rejects.toBe(denied);
  });
});

describe('An agent', () => {
  it.each([
    ['is there', { PingStatus: 'Online', PlatformType: 'Linux' }, 'Linux', true],
    ['is lost', { PingStatus: 'ConnectionLost', PlatformType: 'Windows' }, 'Windows', false],
    ['runs on nothing known', { PingStatus: 'Online', PlatformType: 'Plan9' }, undefined, true],
  ] as const)('that %s', async (_, found, platform, online) => {
    const aws = fakeAws();
    aws.ssm.on(DescribeInstanceInformationCommand).resolves({
      InstanceInformationList: [{ InstanceId: 'i-1', ...found } as never],
    });
    expect(await readManagedAgent(aws.deps.clients.ssm, 'i-1')).toEqual({
      online,
      ...(platform === undefined ? {} : { platform }),
    });
  });

  it('of another instance is none', async () => {
    const aws = fakeAws();
    aws.ssm
      .on(DescribeInstanceInformationCommand)
      .resolves({ InstanceInformationList: [{ InstanceId: 'i-2', PingStatus: 'Online' }] });
    expect(await readManagedAgent(aws.deps.clients.ssm, 'i-1')).toBeUndefined();
  });
});
