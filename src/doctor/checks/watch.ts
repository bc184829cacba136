import { DescribeRuleCommand } from '@aws-sdk/client-eventbridge';
import type { Check } from '../check.ts';
import { fail, ok } from '../check.ts';

/** The rule of the findings has a check of its own; a function that is not started early still works. */
const isElsewhere = (logicalId: string): boolean =>
  logicalId === 'TriggerRule' || /Warm$/.test(logicalId);

/** Every other rule: the watch over open cases, its schedules, and what tells of failed executions. */
export const watch: Check = {
  name: 'watch',
  permissions: ['events:DescribeRule'],
  look: async ({ clients, stack }) => {
    const { resources } = await stack;
    const rules = Object.entries(resources).filter(
      ([logicalId, { type }]) => type === 'AWS::Events::Rule' && !isElsewhere(logicalId),
    );
    const states = await Promise.all(
      rules.map(async ([logicalId, { id }]) => {
        // A rule of a stack is named with its bus where that is not the default one.
        const Name = id.split('|').at(-1) ?? id;
        const { State } = await clients.eventBridge.send(new DescribeRuleCommand({ Name }));
        return { logicalId, enabled: State === 'ENABLED' };
      }),
    );
    const off = states.filter(({ enabled }) => !enabled).map(({ logicalId }) => logicalId);
    return off.length === 0
      ? ok(`all ${states.length} other rules are enabled`)
      : fail(`switched off: ${off.join(', ')}`, 'enable them in EventBridge');
  },
};
