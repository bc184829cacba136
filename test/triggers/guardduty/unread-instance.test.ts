import { describe, expect, it } from 'vitest';
import { unreadMessage } from '../../../src/notify/unread.ts';
import { parseGuarddutyEvent } from '../../../src/triggers/guardduty/parse.ts';
import { accountId, instanceId, region } from '../../case/sample-before.ts';
import { attackSequenceOf, findingWith } from './sample-finding.ts';

const now = new Date('2026-11-20T03:00:00.000Z');

const requestOf = (event: unknown) => parseGuarddutyEvent(event, now);
const volume = 'vol-09d5050dea915943d';

describe('a finding about an instance that it does not name so that it can be read', () => {
  // fault S1
  it.each([
    [
      'no instance id',
      findingWith({ instance: { instanceId: undefined } }),
      /without an instance id/,
    ],
    ['an id that is none', findingWith({ instance: { instanceId: 'i-blart' } }), /"i-blart"/],
    [
      'an id that is no text',
      findingWith({ instance: { instanceId: 17 } }),
      /without an instance id/,
    ],
    ['no resource', findingWith({ detail: { resource: null } }), /names no resource/],
    [
      'a resource that nobody knew, without details',
      findingWith({ detail: { resource: { resourceType: 'Instance2' } } }),
      /"Instance2"/,
    ],
    [
      'an attack sequence whose uids say nothing',
      attackSequenceOf([{ uid: 'the web server', resourceType: 'EC2_INSTANCE' }]),
      /"AttackSequence"/,
    ],
    [
      'malware on volumes of a container host',
      findingWith({
        detail: {
          type: 'Execution:ECS/MaliciousFile',
          resource: {
            resourceType: 'ECSCluster',
            ebsVolumeDetails: {
              scannedVolumeDetails: [
                { volumeArn: `arn:aws:ec2:${region}:${accountId}:volume/${volume}` },
              ],
            },
          },
        },
      }),
      /without an instance id/,
    ],
    [
      'credentials of an instance that are used elsewhere',
      findingWith({
        detail: {
          type: 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
          resource: {
            resourceType: 'AccessKey',
            accessKeyDetails: { principalId: `AROAEXAMPLE:host-${instanceId}` },
          },
        },
      }),
      /"AccessKey"/,
    ],
  ])('is not taken for one about something else: %s', (_, event, why) => {
    const { instances, unread } = requestOf(event);
    expect(instances).toEqual([]);
    expect(unread?.why).toMatch(why);
  });

  // fault S1
  it('is told with what it mentions, and with what to do', () => {
    const event = findingWith({
      detail: {
        type: 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
        resource: {
          resourceType: 'AccessKey',
          accessKeyDetails: { principalId: `AROAEXAMPLE:host-${instanceId}` },
        },
      },
    });
    const { unread, trigger } = requestOf(event);
    expect(unread?.clues).toEqual([instanceId]);
    const message = unreadMessage({
      trigger,
      why: unread?.why ?? '',
      clues: unread?.clues ?? [],
      accountId,
      region,
    });
    expect(message.Subject).toMatch(/^\[Cordon\] NOT CONTAINED, INSTANCE UNKNOWN: Unauthorized/);
    expect(message.Subject.length).toBeLessThan(100);
    const { email } = JSON.parse(message.Message) as { email: string };
    expect(email.split('\n').slice(0, 3).join('\n')).toContain(region);
    expect(email).toContain(`cordon verify ${instanceId} --region ${region}`);
    expect(email).toContain('cordon contain <instance id>');
  });

  // fault S1
  it('does not keep the instances of a sequence that can be read from being contained', () => {
    const { instances, unread } = requestOf(
      attackSequenceOf([
        { uid: instanceId, resourceType: 'EC2_INSTANCE' },
        { uid: 'somewhere', resourceType: 'EC2_INSTANCE' },
      ]),
    );
    expect(instances.map((one) => one.instanceId)).toEqual([instanceId]);
    expect(unread).toBeDefined();
  });
});

describe('a field that is malformed', () => {
  // fault S1
  it.each([
    ['severity', 'high'],
    ['severity', -1],
    ['accountId', '12345678910'],
    ['region', 'Frankfurt'],
    ['id', 17],
    ['updatedAt', 'yesterday'],
  ])('does not cost what can be read: %s is %j', (key, value) => {
    const { instances, unread } = requestOf(findingWith({ detail: { [key]: value } }));
    expect(instances.map((one) => one.instanceId)).toEqual([instanceId]);
    expect(unread).toBeUndefined();
  });

  it('that is a number in quotation marks is the number', () => {
    expect(requestOf(findingWith({ detail: { severity: '8.5' } })).subject.severity).toBe(8.5);
  });

  // fault S1
  it('that is a resource type of tomorrow does not hide the instance that a host finding names', () => {
    const event = findingWith({ resource: { resourceType: 'ManagedInstance' } });
    expect(requestOf(event).instances.map((one) => one.instanceId)).toEqual([instanceId]);
  });
});

describe('a finding that is about something else', () => {
  it.each([
    ['Execution:EC2/MaliciousFile!Snapshot', 'EBSSnapshot'],
    ['Execution:EC2/MaliciousFile!AMI', 'EC2Image'],
    ['Discovery:S3/MaliciousIPCaller', 'S3Bucket'],
    ['Policy:IAMUser/RootCredentialUsage', 'AccessKey'],
    ['AttackSequence:IAM/CompromisedCredentials', 'AttackSequence'],
  ])('is nobody’s trouble: %s', (type, resourceType) => {
    const request = requestOf(findingWith({ detail: { type, resource: { resourceType } } }));
    expect(request.instances).toEqual([]);
    expect(request.unread).toBeUndefined();
  });
});
