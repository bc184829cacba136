import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { DeregisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import type { CaseReport } from '../../src/case/report.ts';
import { denied, throttled } from './aws-error.ts';
import { outcomesOf, runbookScene } from './runbook-scene.ts';
import { instanceId, targetGroupArn } from './sample-instance.ts';

const ours = { id: instanceId, port: 80 };
const risksOf = ({ residualRisks }: CaseReport): string[] => residualRisks.map(({ risk }) => risk);

/** The undo has the command, or the report says that only the log has it. */
const isUndoable = (report: CaseReport, name: string): boolean =>
  report.undo.includes(
    `register-targets --region eu-central-1 --target-group-arn ${targetGroupArn(name)}`,
  ) || risksOf(report).includes('undo-from-log-only');

describe('what was taken away is never forgotten', () => {
  it('when another target group refused', async () => {
    const { aws, balancing, run } = runbookScene({
      balancing: { groups: ['web', 'api'].map((name) => ({ name, targets: [ours] })) },
    });
    aws.loadBalancingV2
      .on(DeregisterTargetsCommand, { TargetGroupArn: targetGroupArn('api') })
      .rejects(denied());
    const report = await run();
    expect(outcomesOf(report)['deregister-load-balancers']).toBe('failed');
    expect(balancing.registered).toEqual([`api ${instanceId}:80`]);
    expect(isUndoable(report, 'web')).toBe(true);
  });

  it('when the step had to run again, and the first run had taken it away already', async () => {
    const { aws, run } = runbookScene({
      // Without a load balancer in front nothing drains: the registration is gone at once.
      balancing: {
        drains: false,
        groups: ['web', 'api'].map((name) => ({ name, targets: [ours] })),
      },
    });
    aws.loadBalancingV2
      .on(DeregisterTargetsCommand, { TargetGroupArn: targetGroupArn('api') })
      .rejectsOnce(throttled())
      .resolves({});
    const report = await run();
    expect(outcomesOf(report)['deregister-load-balancers']).toBe('done');
    expect(isUndoable(report, 'web')).toBe(true);
  });

  it('when a volume could not be tagged with what it was', async () => {
    const { aws, run } = runbookScene();
    aws.ec2.on(CreateTagsCommand, { Resources: ['vol-00000000000000001'] }).rejects(denied());
    expect(risksOf(await run())).toContain('undo-from-log-only');
  });

  it('when the tags of the instance found no room', async () => {
    const tags = Object.fromEntries(Array.from({ length: 48 }, (_, n) => [`team:${n}`, 'x']));
    const report = await runbookScene({ instance: { tags } }).run();
    const told = report.residualRisks
      .filter(({ risk }) => risk === 'undo-from-log-only')
      .map(({ explanation }) => explanation)
      .join(' ');
    expect(told).toContain(`${instanceId} (cordon:before:protect)`);
    expect(told).toContain('web/0123456789abcdef');
  });
});
