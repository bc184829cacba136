import {
  DescribeInstancesCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { verifyCase } from '../src/verify-case.ts';
import { anyText } from './case/any-text.ts';
import { awsError } from './steps/aws-error.ts';
import { containedScene, controlIn } from './steps/contained-scene.ts';
import {
  anInterface,
  caseId,
  firstInterface,
  instanceId,
  isolationId,
  region,
  webGroup,
} from './steps/sample-instance.ts';

const done = (detail: string) => `2026-03-01T03:01:00.000Z done ${detail}`;

/** A case that ended well some minutes ago; its trail is what a test makes of it. */
const scene = (trail: Record<string, string> = {}) => {
  const contained = containedScene();
  contained.world.tag(instanceId, {
    'cordon:status': 'contained',
    'cordon:step:isolate-network': done('interfaces=1 cut=complete profile=full'),
    'cordon:step:verify': done('proof=10 cut=complete risks=3'),
    ...trail,
  });
  const run = (asked?: string) =>
    verifyCase(
      contained.aws.deps,
      { instanceId, ...(asked === undefined ? {} : { caseId: asked }) },
      region,
    );
  return { ...contained, run };
};

describe('a case that is verified afterwards', () => {
  it('is contained while everything holds, and nothing of it is changed', async () => {
    const { aws, run } = scene();
    const report = await run();
    expect(report).toMatchObject({ caseId, instanceId, status: 'contained', cut: 'complete' });
    expect(report.trigger).toMatchObject({ source: 'guardduty', severity: 8 });
    expect(report.undo).toContain(webGroup);
    expect(aws.ec2).not.toHaveReceivedCommand(ModifyNetworkInterfaceAttributeCommand);
  });

  it('is found by its own id as by that of the instance', async () => {
    expect((await scene().run(caseId)).caseId).toBe(caseId);
  });

  it('is failed when an interface was moved out, and says which', async () => {
    const { world, run } = scene();
    world.place(firstInterface, [webGroup]);
    const report = await run();
    expect(report.status).toBe('failed');
    expect(controlIn({ ...report, risks: [] }, 'eni-groups').observed).toContain(webGroup);
  });

  it('claims no more of open connections than the trail does', async () => {
    for (const trail of [
      { 'cordon:step:isolate-network': '-' },
      { 'cordon:step:isolate-network': done('cut=new-flows-only') },
      { 'cordon:step:verify': done('cut=new-flows-only') },
    ]) {
      expect(await scene(trail).run()).toMatchObject({
        status: 'partial',
        cut: 'new-flows-only',
      });
    }
  });

  it.each([
    ['no trail', ''],
    ['the id of another instance', '20260301T0300Z-i-00000000000000099'],
    ['an id in the future', `20260301T0400Z-${instanceId}`],
    ['garbage', '{"$ne": null}'],
  ])('is judged by what is read where the tag has %s', async (_what, value) => {
    const report = await scene({ 'cordon:case': value }).run();
    expect(report.caseId).toMatch(new RegExp(`-${instanceId}$`));
    expect(report.caseId).not.toBe(value);
    expect(controlIn({ ...report, risks: [] }, 'eni-groups').holds).toBe(true);
    expect(controlIn({ ...report, risks: [] }, 'trail').holds).toBe(false);
  });

  it('claims nothing of open connections on a trail whose case cannot be that of the instance', async () => {
    const foreign = { 'cordon:case': '20260301T0300Z-i-00000000000000099' };
    expect((await scene(foreign).run()).cut).toBe('new-flows-only');
  });

  it('is not confused by an id from before the instance was made', async () => {
    const forged = `20240101T0000Z-${instanceId}`;
    const contained = containedScene({ instance: { madeAt: '2026-02-01T00:00:00.000Z' } });
    contained.world.tag(instanceId, { 'cordon:case': forged });
    const report = await verifyCase(contained.aws.deps, { instanceId }, region);
    expect(report.caseId).not.toBe(forged);
  });

  it('is told whatever the tags say: no text of them stops the reading', async () => {
    const anything = anyText({ maxLength: 256 });
    await fc.assert(
      fc.asyncProperty(
        anything,
        anything,
        anything,
        anything,
        async (id, trigger, step, groups) => {
          const { world, run } = scene({
            'cordon:case': id,
            'cordon:trigger': trigger,
            'cordon:step:isolate-network': step,
            'cordon:step:verify': step,
          });
          world.tag(firstInterface, { 'cordon:original-groups': groups });
          const report = await run();
          expect(report.proof).toHaveLength(11);
          expect(report.status === 'contained' && report.cut !== 'complete').toBe(false);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('a case id that is asked for', () => {
  it('is refused when the trail names another, which is said', async () => {
    const other = `20260228T2350Z-${instanceId}`;
    const running = scene().run(other);
    await expect(running).rejects.toMatchObject({ name: 'UnintelligibleEventError' });
    await expect(running).rejects.toThrow(new RegExp(`${other}.*${caseId}`));
  });

  it('is refused when the trail names none', async () => {
    const running = scene({ 'cordon:case': 'released' }).run(`20260228T2350Z-${instanceId}`);
    await expect(running).rejects.toMatchObject({ name: 'UnintelligibleEventError' });
  });

  it('is refused when the trail names none, though it is of these ten minutes', async () => {
    await expect(scene({ 'cordon:case': 'released' }).run(caseId)).rejects.toMatchObject({
      name: 'UnintelligibleEventError',
    });
  });
});

describe('an instance that is verified', () => {
  it('and gone is said to be gone', async () => {
    const { aws, run } = scene();
    aws.ec2.on(DescribeInstancesCommand).rejects(awsError('InvalidInstanceID.NotFound'));
    await expect(run()).rejects.toMatchObject({ name: 'InstanceNotFoundError' });
  });

  it('without any interface proves no isolation', async () => {
    const contained = containedScene({ instance: { networkInterfaces: [] } });
    const report = await verifyCase(contained.aws.deps, { instanceId }, region);
    expect(report.status).toBe('failed');
  });

  it('is measured by the profile under which it was isolated', async () => {
    const contained = containedScene({
      settings: { isolationProfile: 'egress-lockdown' },
      instance: { networkInterfaces: [anInterface({ groupIds: [isolationId] })] },
    });
    contained.world.tag(instanceId, {
      'cordon:step:isolate-network': done('cut=complete profile=full'),
    });
    const { proof } = await verifyCase(contained.aws.deps, { instanceId }, region);
    expect(
      proof.every(({ control, required }) => required || /^(?:trail|seal)$/.test(control)),
    ).toBe(true);
  });
});
