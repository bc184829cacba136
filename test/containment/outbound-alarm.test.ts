import { readFileSync } from 'node:fs';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { putEvent } from '../../emulator/follow/event-bridge.ts';
import { awaitExecution, followExecution } from '../../emulator/follow/execution.ts';
import { inProject } from '../../emulator/project.ts';
import { lint } from '../template/cfn-lint.ts';
import { useAccount } from './account.ts';
import { groupNamesOf } from './world-state.ts';

const text = readFileSync(inProject('examples', 'outbound-alarm.yaml'), 'utf8');

type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

const scalar = (tag: string) => ({
  tag,
  resolve: (value: string) => ({ [tag]: value }),
});
const list = (tag: string) => ({
  tag,
  collection: 'seq' as const,
  resolve: (value: { toJSON(): unknown }) => ({ [tag]: value.toJSON() }),
});
const example = parse(text, {
  customTags: [...['!Ref', '!Sub'].map(scalar), ...['!Not', '!Equals', '!And', '!If'].map(list)],
}) as {
  readonly Resources: Readonly<Record<string, { readonly Properties: Record<string, Value> }>>;
};

/** The metrics of an alarm of the example, as the event of its change has them, about one server. */
const metricsOf = (alarm: string, instanceId: string) =>
  ((example.Resources[alarm]?.Properties.Metrics ?? []) as readonly Record<string, Value>[]).map(
    (one) => {
      const stat = one.MetricStat as
        | { readonly Metric: { readonly Dimensions: readonly { Name: string; Value: Value }[] } }
        | undefined;
      return {
        id: one.Id,
        ...(stat === undefined
          ? { expression: one.Expression }
          : {
              metricStat: {
                metric: {
                  dimensions: Object.fromEntries(
                    stat.Metric.Dimensions.map(({ Name }) => [
                      Name,
                      Name === 'InstanceId' ? instanceId : 'another',
                    ]),
                  ),
                },
              },
            }),
      };
    },
  );

const accounts = useAccount();

describe('The example of alarms on outbound traffic', () => {
  it('is a template that cfn-lint takes', async () => {
    expect(await lint(text)).toEqual([]);
  });

  it.each(['InstanceAlarm', 'QuietAlarm'])(
    '%s cuts the ways out of its server, which goes on serving behind its load balancer',
    async (alarm) => {
      const account = await accounts.open({
        parameters: { AlarmNames: 'outbound-*', IsolationProfile: 'egress-lockdown' },
      });
      const { emulator, clients, world, stage } = account;
      await putEvent(emulator, {
        source: 'aws.cloudwatch',
        'detail-type': 'CloudWatch Alarm State Change',
        resources: [`arn:aws:cloudwatch:${emulator.region}:${emulator.accountId}:alarm:outbound-x`],
        detail: {
          alarmName: 'outbound-x',
          state: { value: 'ALARM', timestamp: new Date().toISOString() },
          configuration: { metrics: metricsOf(alarm, world.suspectId) },
        },
      });
      const ended = await followExecution(
        clients,
        await awaitExecution(clients, stage.stateMachineArn),
      );
      expect(ended.output).toMatchObject({ trigger: { source: 'cloudwatch-alarm' } });
      for (const names of await groupNamesOf(account, world.suspectId)) {
        expect(names.length).toBeGreaterThan(0);
        expect(
          names.filter((name) => !name.startsWith('cordon-isolation-egress-lockdown')),
        ).toEqual([]);
      }
      const { TargetHealthDescriptions = [] } = await clients.loadBalancingV2.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: world.targetGroupArns.web ?? '' }),
      );
      const suspect = TargetHealthDescriptions.find(({ Target }) => Target?.Id === world.suspectId);
      expect(suspect?.TargetHealth?.State).not.toBe('draining');
      expect(suspect).toBeDefined();
    },
  );
});
