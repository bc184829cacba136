import { readFileSync } from 'node:fs';
import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import { deploy } from '../../emulator/deploy/deploy.ts';
import { parseTemplate } from '../../emulator/deploy/template.ts';
import { awaitExecution, followExecution } from '../../emulator/follow/execution.ts';
import { ensurePython } from '../../emulator/moto/python.ts';
import { inProject } from '../../emulator/project.ts';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import { lint } from '../template/cfn-lint.ts';
import { useAccount } from './account.ts';
import { groupNamesOf } from './world-state.ts';

const text = readFileSync(inProject('examples', 'outbound-alarm.yaml'), 'utf8');

const accounts = useAccount();

describe('The example of alarms on outbound traffic', () => {
  it('is a template that cfn-lint takes', async () => {
    expect(await lint(text)).toEqual([]);
  });

  it.each([
    ['outbound-', { InstanceId: true }],
    ['outbound-quiet-', { QuietInstanceId: true, FlowLogGroupName: 'flows' }],
  ] as const)(
    '%s…, in ALARM, cuts the ways out of its server, which goes on serving behind its load balancer',
    async (prefix, given) => {
      const account = await accounts.open({
        parameters: { AlarmNames: 'outbound-*', IsolationProfile: 'egress-lockdown' },
      });
      const { emulator, clients, world, stage } = account;
      await deploy(emulator, await ensurePython(), {
        template: parseTemplate(text),
        definitionOf: () => '',
        stackName: 'outbound',
        parameters: Object.fromEntries(
          Object.entries(given).map(([name, value]) => [
            name,
            value === true ? world.suspectId : value,
          ]),
        ),
      });
      const cloudWatch = new CloudWatchClient(clientConfiguration(emulator));
      await cloudWatch.send(
        new SetAlarmStateCommand({
          AlarmName: `${prefix}${world.suspectId}`,
          StateValue: 'ALARM',
          StateReason: 'more than ever before',
        }),
      );
      const ended = await followExecution(
        clients,
        await awaitExecution(clients, stage.stateMachineArn),
      );
      expect(ended.output).toMatchObject({
        trigger: { source: 'cloudwatch-alarm', type: `${prefix}${world.suspectId}` },
      });
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
