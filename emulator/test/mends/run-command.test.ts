import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import {
  CreateDocumentCommand,
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HostCommand, StepEnd } from '../../hosts/hosts.ts';
import { eventually, useEmulator } from '../fixture.ts';

const aws = useEmulator();
let ssm: SSMClient;
let InstanceId: string;

const document = {
  schemaVersion: '2.2',
  parameters: {
    What: { type: 'String', allowedValues: ['this', 'that'] },
    Which: { type: 'String', allowedPattern: '^[a-z]+$', default: 'all' },
  },
  mainSteps: [
    {
      action: 'aws:runShellScript',
      name: 'onLinux',
      precondition: { StringEquals: ['platformType', 'Linux'] },
      inputs: { runCommand: ['do {{ What }}', 'end'] },
    },
    {
      action: 'aws:runPowerShellScript',
      name: 'onWindows',
      precondition: { StringEquals: ['platformType', 'Windows'] },
      inputs: { runCommand: ['Do-It {{What}}'] },
    },
  ],
};

beforeAll(() => {
  const { endpoint, region } = aws.emulator;
  const credentials = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
  ssm = new SSMClient({ endpoint, region, credentials, maxAttempts: 1 });
});
afterAll(() => ssm.destroy());

beforeEach(async () => {
  const { Instances = [] } = await aws.ec2.send(
    new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1 }),
  );
  InstanceId = Instances[0]?.InstanceId ?? '';
  await ssm.send(
    new CreateDocumentCommand({
      Name: 'do-it',
      DocumentType: 'Command',
      DocumentFormat: 'JSON',
      Content: JSON.stringify(document),
    }),
  );
});

const sendIt = async (more: object = {}): Promise<string> => {
  const { Command } = await ssm.send(
    new SendCommandCommand({
      DocumentName: 'do-it',
      InstanceIds: [InstanceId],
      Parameters: { What: ['this'] },
      ...more,
    }),
  );
  return Command?.CommandId ?? '';
};

const invocation = (CommandId: string, PluginName?: string) =>
  ssm.send(
    new GetCommandInvocationCommand({
      CommandId,
      InstanceId,
      ...(PluginName === undefined ? {} : { PluginName }),
    }),
  );

/** A host that ends its steps when it is told to. */
const manageLinux = async () => {
  const taken: HostCommand[] = [];
  const end = Promise.withResolvers<readonly StepEnd[] | undefined>();
  await aws.emulator.hosts.manage(InstanceId, {
    platform: 'Linux',
    run: (command) => {
      taken.push(command);
      return end.promise;
    },
  });
  return { taken, end: end.resolve };
};

const ended = (commandId: string, step?: string) =>
  eventually(async () => {
    try {
      const answer = await invocation(commandId, step);
      return /Pending|InProgress/.test(answer.Status ?? '') ? undefined : answer;
    } catch (error) {
      if ((error as Error).name === 'InvocationDoesNotExist') return undefined;
      throw error;
    }
  });

test('Systems Manager manages only the instances that have an agent', async () => {
  const managed = async () =>
    (await ssm.send(new DescribeInstanceInformationCommand({}))).InstanceInformationList;
  expect(await managed()).toEqual([]);
  await aws.emulator.hosts.manage(InstanceId, {
    platform: 'Windows',
    online: false,
    run: async () => undefined,
  });
  expect(await managed()).toMatchObject([
    { InstanceId, PingStatus: 'ConnectionLost', PlatformType: 'Windows' },
  ]);
  await aws.emulator.hosts.forget(InstanceId);
  expect(await managed()).toEqual([]);
});

describe('A command', () => {
  test('is taken up by the agent with the script of its platform, and goes from pending to its end', async () => {
    const { taken, end } = await manageLinux();
    const commandId = await sendIt();
    await expect(invocation(commandId)).rejects.toMatchObject({ name: 'InvocationDoesNotExist' });
    await eventually(async () => taken[0]);
    expect(taken[0]?.scripts).toEqual([{ step: 'onLinux', text: 'do this\nend' }]);
    expect(await invocation(commandId)).toMatchObject({ Status: 'InProgress', ResponseCode: -1 });
    end([{ step: 'onLinux', exitCode: 0, stdout: 'done', stderr: 'quietly' }]);
    expect(await ended(commandId)).toMatchObject({ Status: 'Success', StandardOutputContent: '' });
    expect(await ended(commandId, 'onLinux')).toMatchObject({
      Status: 'Success',
      ResponseCode: 0,
      StandardOutputContent: 'done',
      StandardErrorContent: 'quietly',
    });
    await expect(invocation(commandId, 'elsewhere')).rejects.toMatchObject({
      name: 'InvalidPluginName',
    });
  });

  test('fails where its script does', async () => {
    const { end } = await manageLinux();
    const commandId = await sendIt();
    end([{ step: 'onLinux', exitCode: 3, stdout: 'x'.repeat(30_000) }]);
    expect(await ended(commandId)).toMatchObject({ Status: 'Failed' });
    const step = await ended(commandId, 'onLinux');
    expect(step).toMatchObject({ Status: 'Failed', ResponseCode: 3 });
    expect(step.StandardOutputContent).toHaveLength(24_000);
  });

  test('is not delivered to an agent that does not take it up', async () => {
    const { end } = await manageLinux();
    const commandId = await sendIt();
    end(undefined);
    expect(await ended(commandId)).toMatchObject({
      Status: 'TimedOut',
      StatusDetails: 'DeliveryTimedOut',
    });
  });

  test.each([
    [
      'to an instance without an agent',
      'InvalidInstanceId',
      { InstanceIds: ['i-0123456789abcdef0'] },
    ],
    ['of a document that there is not', 'InvalidDocument', { DocumentName: 'other' }],
    [
      'of another version of the document',
      'InvalidDocument',
      { DocumentHash: 'a'.repeat(64), DocumentHashType: 'Sha256' },
    ],
    ['with a value that is not allowed', 'InvalidParameters', { Parameters: { What: ['those'] } }],
    [
      'with a value of another form',
      'InvalidParameters',
      { Parameters: { What: ['this'], Which: ["x'; reboot"] } },
    ],
    ['without a parameter', 'InvalidParameters', { Parameters: {} }],
    [
      'with a parameter that there is not',
      'InvalidParameters',
      { Parameters: { What: ['this'], More: ['x'] } },
    ],
    ['that is to be delivered in no time', 'ValidationException', { TimeoutSeconds: 29 }],
  ])('is refused %s', async (_, name, more) => {
    await manageLinux();
    await expect(sendIt(more)).rejects.toMatchObject({ name });
  });
});
