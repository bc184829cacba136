import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import type { Before } from '../../src/case/before.ts';
import type { Case } from '../../src/case/case.ts';
import { TrailNotWrittenError } from '../../src/case/errors.ts';
import type { StepEntry } from '../../src/case/step.ts';
import type { TagDetail } from '../../src/steps/tag.ts';
import { tag } from '../../src/steps/tag.ts';
import { awsError, denied, throttled } from './aws-error.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeEc2 } from './fake-ec2.ts';
import {
  aBefore,
  aCase,
  aMembership,
  anInstance,
  aRegistration,
  caseId,
  instanceId,
} from './sample-instance.ts';

const scene = (change: Partial<Before> = {}, theCase: Partial<Case> = {}) => {
  const aws = fakeAws();
  const before = aBefore(change);
  const world = new FakeEc2(aws, { instance: before.instance });
  const run = async (steps?: readonly StepEntry[]) => {
    const input = { case: aCase(theCase), before, ...(steps === undefined ? {} : { steps }) };
    const { outcome, detail } = await tag(aws.deps, input);
    return { outcome, detail: detail as TagDetail };
  };
  return { aws, world, run };
};

const entry = (change: Partial<StepEntry>): StepEntry => ({
  step: 'describe',
  outcome: 'done',
  startedAt: '2026-03-01T03:07:00.000Z',
  finishedAt: '2026-03-01T03:07:01.000Z',
  detail: {},
  ...change,
});

describe('the trail at the start', () => {
  it('says who, why, and what was before', async () => {
    const membership = aMembership({ protectedFromScaleIn: true });
    const { world, run } = scene({ autoScaling: { known: true, membership } });
    expect(await run()).toEqual({ outcome: 'done', detail: { written: 5, left: [] } });
    expect(world.tagsOf(instanceId)).toEqual({
      Name: 'web-1',
      'cordon:case': caseId,
      'cordon:status': 'running',
      'cordon:trigger': 'guardduty Backdoor:EC2/C&CActivity.B 8 a0b1c2',
      'cordon:before:protect': 'term=0 stop=0 shutdown=terminate imds=enabled',
      'cordon:before:asg': 'web-asg InService protected=1',
    });
  });

  // threat C1
  it('overwrites what somebody wrote under its names', async () => {
    const tags = { 'cordon:case': 'nothing to see', 'cordon:status': 'released' };
    const { world, run } = scene({ instance: anInstance({ tags }) });
    await run();
    expect(world.tagsOf(instanceId)).toMatchObject({ 'cordon:case': caseId });
  });

  it('does not say again in a repeat what was before: that is Cordon itself now', async () => {
    const { world, run } = scene({ repeat: true });
    await run();
    expect(world.tagsOf(instanceId)).not.toHaveProperty('cordon:before:protect');
  });

  it('is on one line, whatever the trigger says of itself', async () => {
    const trigger = {
      ...aCase().trigger,
      source: 'manual' as const,
      type: 'a\nb',
      id: 'x y\u0000',
    };
    const { world, run } = scene({}, { trigger: { ...trigger, severity: null } });
    await run();
    expect(world.tagsOf(instanceId)['cordon:trigger']).toBe('manual a_b - x_y');
  });
});

describe('the trail at the end', () => {
  const steps = [
    entry({ step: 'describe' }),
    entry({
      step: 'detach-auto-scaling',
      detail: {
        groupName: 'web-asg',
        targets: [aRegistration({ viaAutoScaling: true })],
        loadBalancers: ['old-web'],
      },
    }),
    entry({
      step: 'deregister-load-balancers',
      detail: {
        targets: [
          aRegistration(),
          aRegistration({ targetId: '10.0.0.10', port: 443, zone: 'all' }),
        ],
        loadBalancers: [],
        risks: [],
      },
    }),
    entry({
      step: 'snapshot',
      outcome: 'failed',
      error: { code: 'SnapshotsFailedError', message: 'no' },
    }),
  ];

  it('has the status, and one tag per step', async () => {
    const { world, run } = scene();
    await run(steps);
    expect(world.tagsOf(instanceId)).toMatchObject({
      'cordon:status': 'failed',
      'cordon:step:describe': '2026-03-01T03:07:01.000Z done',
      'cordon:step:detach-auto-scaling':
        '2026-03-01T03:07:01.000Z done groupName=web-asg targets=1 loadBalancers=1',
      'cordon:step:snapshot': '2026-03-01T03:07:01.000Z failed SnapshotsFailedError',
    });
  });

  it('leaves out what finds no room beside fifty tags, the undo last, and names it', async () => {
    const many = Array.from({ length: 44 }, (_, n) => [`team:${n}`, 'x']);
    const tags = { ...Object.fromEntries(many), 'aws:autoscaling:groupName': 'web-asg' };
    const { world, run } = scene({ instance: anInstance({ tags }) });
    const { detail } = await run(steps);
    const written = world.tagsOf(instanceId);
    // Two are taken by the registrations that the deregistering step has written.
    expect(Object.keys(written).filter((key) => !key.startsWith('aws:'))).toHaveLength(48);
    expect(written).toHaveProperty('cordon:before:protect');
    expect(written).not.toHaveProperty('cordon:step:describe');
    expect(detail.left).toContain('cordon:step:describe');
  });
});

describe('tags that AWS does not take', () => {
  const full = () => awsError('TagLimitExceeded');

  // threat C8
  it('are reduced to case and status when somebody filled the tags meanwhile', async () => {
    const { aws, run } = scene();
    aws.ec2.on(CreateTagsCommand).rejectsOnce(full()).resolves({});
    const { outcome, detail } = await run();
    expect(outcome).toBe('done');
    expect(aws.ec2).toHaveReceivedLastCommandWith(CreateTagsCommand, {
      Tags: [
        { Key: 'cordon:case', Value: caseId },
        { Key: 'cordon:status', Value: 'running' },
      ],
    });
    expect(detail).toEqual({ written: 2, left: ['cordon:before:protect', 'cordon:trigger'] });
  });

  it('are not written when even those two find no room', async () => {
    const { aws, run } = scene();
    aws.ec2.on(CreateTagsCommand).rejects(full());
    await expect(run()).rejects.toThrow(TrailNotWrittenError);
  });

  it('are denied as denied', async () => {
    const { aws, run } = scene();
    aws.ec2.on(CreateTagsCommand).rejects(denied());
    await expect(run()).rejects.toMatchObject({ name: 'AwsDeniedError' });
  });

  it('are worth another try when it was for load', async () => {
    const { aws, run } = scene();
    aws.ec2.on(CreateTagsCommand).rejects(throttled());
    await expect(run()).rejects.toMatchObject({ name: 'AwsUnavailableError' });
  });

  it('are told with the words of AWS when it was for another reason', async () => {
    const { aws, run } = scene();
    aws.ec2.on(CreateTagsCommand).rejects(awsError('InvalidParameterValue', 'bad tag'));
    await expect(run()).rejects.toThrow(/bad tag/);
  });
});

it('a dry run writes nothing, and says whether it could', async () => {
  const { world, run } = scene({}, { dryRun: true });
  expect(await run()).toEqual({
    outcome: 'planned',
    detail: {
      calls: [
        {
          call: 'ec2:CreateTags',
          resource: instanceId,
          before: 'the tags that it has',
          after: expect.stringMatching(/^with cordon:case, cordon:/),
          permission: 'allowed',
        },
      ],
    },
  });
  expect(world.tagsOf(instanceId)).toEqual({ Name: 'web-1' });
});
