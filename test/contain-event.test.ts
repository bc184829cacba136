import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { PublishCommand } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import type { StepName } from '../src/case/step.ts';
import { containEvent } from '../src/contain-event.ts';
import { awsError } from './steps/aws-error.ts';
import { runbookScene } from './steps/runbook-scene.ts';
import {
  accountId,
  caseId,
  firstInterface,
  instanceId,
  region,
  webGroup,
} from './steps/sample-instance.ts';

const finding = (change: object = {}) => ({
  source: 'aws.guardduty',
  'detail-type': 'GuardDuty Finding',
  time: '2026-03-01T03:06:00Z',
  detail: {
    id: 'a0b1c2',
    type: 'Backdoor:EC2/C&CActivity.B',
    severity: 8,
    accountId,
    region,
    updatedAt: '2026-03-01T03:05:00Z',
    resource: { resourceType: 'Instance', instanceDetails: { instanceId } },
    ...change,
  },
});

const scene = (settings: Parameters<typeof runbookScene>[0] = {}) => {
  const { aws, ...rest } = runbookScene(settings);
  const began: StepName[] = [];
  const run = (event: unknown, warnings: readonly string[] = []) =>
    containEvent(aws.deps, { settings: aws.deps.settings, warnings }, { region }, event, {
      watcher: { began: (step) => began.push(step), ended: () => {} },
    });
  return { ...rest, aws, began, contain: run };
};

describe('a manual event', () => {
  it('contains the instance and hands the report back', async () => {
    const { world, contain } = scene();
    const { cases, skipped } = await contain({ instanceId, requestedBy: 'on-call' });
    expect(skipped).toBeUndefined();
    expect(cases).toHaveLength(1);
    expect(cases[0]).toMatchObject({
      caseId,
      accountId,
      region,
      status: 'contained',
      trigger: { source: 'manual', requestedBy: 'on-call', severity: null },
    });
    expect(cases[0]).not.toHaveProperty('secondsFromFinding');
    expect(world.groupsOf(firstInterface)).not.toEqual([webGroup]);
  });

  it('contains in Mode=observe too, unless it says dryRun', async () => {
    const settings = { mode: 'observe' } as const;
    const serious = await scene({ settings }).contain({ instanceId });
    expect(serious.cases[0]?.status).toBe('contained');
    const rehearsal = await scene({ settings }).contain({ instanceId, dryRun: true });
    expect(rehearsal.cases[0]?.status).toBe('planned');
  });

  it('shows the steps to whoever looks on', async () => {
    const { began, contain } = scene();
    await contain({ instanceId });
    expect(began[0]).toBe('describe');
    expect(began).toEqual(expect.arrayContaining(['isolate-network', 'verify', 'notify']));
  });

  it('about another Region changes nothing and says where to go', async () => {
    const { aws, contain } = scene();
    await expect(contain({ instanceId, region: 'us-west-2' })).rejects.toMatchObject({
      name: 'ForeignInstanceError',
      message: expect.stringContaining('us-west-2'),
    });
    expect(aws.ec2).not.toHaveReceivedAnyCommand();
  });

  it('about an instance of another account fails in the report, and is told', async () => {
    const { subjects, contain } = scene();
    const { cases } = await contain({ instanceId, accountId: '999999999999' });
    expect(cases[0]?.status).toBe('failed');
    expect(cases[0]?.steps[0]?.error?.code).toBe('ForeignInstanceError');
    expect(subjects[0]).toContain('NOT CONTAINED');
  });

  it('with a misspelt key contains nothing', async () => {
    const { aws, contain } = scene();
    await expect(contain({ instanceId, dryrun: true })).rejects.toMatchObject({
      name: 'UnintelligibleEventError',
    });
    expect(aws.ec2).not.toHaveReceivedAnyCommand();
  });

  it('about an instance that does not exist ends with a report, not with an exception', async () => {
    const { aws, contain } = scene();
    aws.ec2.on(DescribeInstancesCommand).rejects(awsError('InvalidInstanceID.NotFound'));
    const { cases } = await contain({ instanceId });
    expect(cases[0]).toMatchObject({ status: 'failed', proof: [] });
  });
});

describe('a finding', () => {
  it('is contained as in Lambda, with the time since it was seen', async () => {
    const { cases } = await scene().contain(finding());
    expect(cases[0]).toMatchObject({ status: 'contained', trigger: { source: 'guardduty' } });
    expect(cases[0]?.secondsFromFinding).toBeGreaterThan(120);
  });

  it('is only rehearsed in Mode=observe, and published', async () => {
    const { aws, contain } = scene({ settings: { mode: 'observe' } });
    const { cases } = await contain(finding());
    expect(cases[0]?.status).toBe('planned');
    expect(aws.sns).toHaveReceivedCommandTimes(PublishCommand, 1);
  });

  it('of low severity ends as skipped, with the reason', async () => {
    const { aws, contain } = scene();
    const { cases } = await contain(finding({ severity: 2 }));
    expect(cases[0]).toMatchObject({
      status: 'skipped',
      reason: expect.stringContaining('MinimumSeverity'),
    });
    expect(aws.ec2).not.toHaveReceivedAnyCommand();
  });

  it('about no instance leads to no case', async () => {
    const result = await scene().contain(
      finding({ type: 'Policy:IAMUser/Root', resource: { resourceType: 'AccessKey' } }),
    );
    expect(result).toEqual({
      cases: [],
      skipped: [{ reason: expect.stringContaining('not about an EC2 instance') }],
    });
  });

  // fault S1
  it('about an instance that it does not name says so, and is no silence', async () => {
    const result = await scene().contain(finding({ resource: null }));
    expect(result).toEqual({
      cases: [],
      skipped: [{ reason: expect.stringContaining('is about an EC2 instance, but it names no') }],
    });
  });
});

it('a setting that was not understood is told with the report', async () => {
  const { cases } = await scene().contain({ instanceId }, ['CONNECTION_CUT is "yes"']);
  const risk = cases[0]?.residualRisks.find((one) => one.risk === 'setting-not-understood');
  expect(risk?.explanation).toContain('CONNECTION_CUT is "yes"');
});
