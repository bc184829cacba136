import { describe, expect, it } from 'vitest';
import { lastResort, mayHaveInstanceStore, stopCommands } from '../../src/case/last-resort.ts';
import { evidenceRisks } from '../../src/case/risks/evidence.ts';
import { instanceId, instanceWith, region } from './sample-before.ts';

const namesOf = (changes: Parameters<typeof instanceWith>[0]) =>
  evidenceRisks(instanceWith(changes)).map(({ risk }) => risk);

describe('what may take the evidence away', () => {
  it('is nothing for an ordinary instance with volumes', () => {
    expect(namesOf({ instanceType: 'm5.large' })).toEqual([]);
  });

  // fault C8
  it.each([
    ['spot-interruption', { spot: true }],
    ['ends-by-schedule', { purchase: 'capacity-block' }],
    ['ends-by-schedule', { purchase: 'something-new' }],
    ['managed-instance', { managedBy: 'eks.amazonaws.com' }],
    ['instance-store-volatile', { rootDeviceType: 'instance-store' }],
    ['instance-store-volatile', { instanceType: 'm5d.large' }],
    ['no-volume', { volumes: [] }],
    ['owner-may-terminate', { tags: { 'aws:ec2:fleet-id': 'fleet-1' } }],
    ['owner-may-terminate', { tags: { 'aws:ec2spot:fleet-request-id': 'sfr-1' } }],
    ['owner-may-terminate', { tags: { 'aws:elasticmapreduce:job-flow-id': 'j-1' } }],
    ['owner-may-terminate', { tags: { AWSBatchServiceTag: 'batch' } }],
    [
      'owner-may-terminate',
      { tags: { 'aws:cloudformation:stack-name': 'awseb-e-abcdefghij-stack' } },
    ],
  ] as const)('is told: %s of %j', (risk, changes) => {
    expect(namesOf(changes)).toContain(risk);
  });

  it('is not the stack of somebody else, though it has a name', () => {
    expect(namesOf({ tags: { 'aws:cloudformation:stack-name': 'web' } })).toEqual([]);
  });

  it.each([
    ['i4i.xlarge', true],
    ['c6gd.medium', true],
    ['r5dn.large', true],
    ['x2idn.16xlarge', true],
    ['m3.medium', true],
    ['d3.xlarge', true],
    ['t3.micro', false],
    ['m7g.large', false],
    ['c5n.large', false],
    ['', false],
  ])('is a disk on the host of a %s: %s', (instanceType, expected) => {
    expect(mayHaveInstanceStore({ rootDeviceType: 'ebs', instanceType })).toBe(expected);
  });
});

describe('the last resort', () => {
  // fault C9
  it('switches stop protection off before it stops, and says what is lost', () => {
    expect(stopCommands(instanceWith())).toEqual([
      `aws ec2 modify-instance-attribute --region ${region} --instance-id ${instanceId} --no-disable-api-stop`,
      `aws ec2 stop-instances --region ${region} --instance-ids ${instanceId}`,
    ]);
    const known = instanceWith({ instanceType: 't3.micro' });
    expect(lastResort(known)).toContain('its memory is lost: aws ec2 modify-instance-attribute');
    expect(lastResort(instanceWith({ instanceType: 'i3.large' }))).toContain('instance store');
  });

  // fault C9
  it('is no command where AWS would refuse it', () => {
    const store = instanceWith({ rootDeviceType: 'instance-store' });
    expect(stopCommands(store)).toEqual([]);
    expect(lastResort(store)).toContain('cannot be stopped');
    const managed = instanceWith({ managedBy: 'eks.amazonaws.com' });
    expect(stopCommands(managed)).toEqual([]);
    expect(stopCommands(instanceWith({ spot: true }))).toHaveLength(1);
  });
});
