import { DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { withAttachedInstances } from '../../src/intake/attached-instances.ts';
import { decide } from '../../src/triggers/decide.ts';
import { parseGuarddutyEvent } from '../../src/triggers/guardduty/parse.ts';
import { accountId, region } from '../case/sample-before.ts';
import { awsError } from '../steps/aws-error.ts';
import { fakeAws } from '../steps/fake-aws.ts';

const instanceId = 'i-0c0d0e0f0a0b0c0d1';
const volumeArn = `arn:aws:ec2:${region}:${accountId}:volume/vol-0123456789abcdef0`;
const place = { region, accountId };

const finding = (type: string, volumeArns: readonly (string | null)[]) => ({
  source: 'aws.guardduty',
  'detail-type': 'GuardDuty Finding',
  account: accountId,
  region,
  detail: {
    id: 'f',
    type,
    severity: 8,
    accountId,
    region,
    resource: {
      resourceType: 'Instance',
      ebsVolumeDetails: { scannedVolumeDetails: volumeArns.map((one) => ({ volumeArn: one })) },
    },
  },
});

const scene = (type: string, ...volumeArns: readonly (string | null)[]) => {
  const aws = fakeAws();
  const request = parseGuarddutyEvent(finding(type, volumeArns), aws.clock.now());
  const attach = (...attachments: readonly object[]) =>
    aws.ec2.on(DescribeVolumesCommand).resolves({ Volumes: [{ Attachments: [...attachments] }] });
  return { aws, request, attach, read: () => withAttachedInstances(aws.deps, place, request) };
};

const malware = 'Execution:EC2/MaliciousFile';

describe('Malware on volumes that no finding says the host of', () => {
  it('contains what they are attached to', async () => {
    const { aws, attach, read } = scene(malware, volumeArn);
    attach({ InstanceId: instanceId, State: 'attached' });
    const request = await read();
    expect(request.unread).toBeUndefined();
    expect(decide(request, aws.deps.settings, place, aws.clock.now())).toMatchObject([
      { kind: 'contain', case: { instanceId } },
    ]);
  });

  it('asks about a host of containers, whatever the severity', async () => {
    const { aws, attach, read } = scene('Execution:ECS/MaliciousFile', volumeArn);
    attach({ InstanceId: instanceId, State: 'attached' });
    const request = await read();
    const critical = { ...request, subject: { ...request.subject, severity: 9.5 } };
    expect(decide(critical, aws.deps.settings, place, aws.clock.now())).toMatchObject([
      { kind: 'ask', reason: expect.stringContaining('containers on its volumes') },
    ]);
  });

  it.each([
    ['attached to nothing', [{ InstanceId: instanceId, State: 'detached' }]],
    ['without an attachment', []],
  ])('is told where they are %s', async (_, attachments) => {
    const { attach, read, request } = scene(malware, volumeArn);
    attach(...attachments);
    expect(await read()).toEqual(request);
    expect(request.unread).toBeDefined();
  });

  it('is told where they cannot be read', async () => {
    const { aws, read, request } = scene(malware, volumeArn);
    aws.ec2.on(DescribeVolumesCommand).rejects(awsError('UnauthorizedOperation'));
    expect(await read()).toEqual(request);
  });

  it.each([
    'arn:aws:ec2:eu-west-1:123456789012:volume/vol-0123456789abcdef0',
    `arn:aws:ec2:${region}:999999999999:volume/vol-0123456789abcdef0`,
    `arn:aws:ec2:${region}:${accountId}:volume/vol-0123456789abcdef0\nvol-1`,
    'vol-0123456789abcdef0',
    '',
    null,
  ])('asks EC2 for no volume that is not here, or none at all: %j', async (arn) => {
    const { aws, read, request } = scene(malware, arn);
    expect(await read()).toEqual(request);
    expect(aws.ec2.commandCalls(DescribeVolumesCommand)).toEqual([]);
  });
});
