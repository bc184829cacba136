import { DescribeRuleCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import type { Check } from '../check.ts';
import { fail, ok } from '../check.ts';
import { outputOf } from '../stack-now.ts';

/** The rule that hands findings to Cordon. */
export const trigger: Check = {
  name: 'trigger',
  permissions: ['events:DescribeRule', 'events:ListTargetsByRule'],
  look: async ({ clients, stack }) => {
    const found = await stack;
    const name = outputOf(found, 'TriggerRuleName');
    const intake = found.resources.IntakeFunction?.id ?? '';
    const [{ State }, { Targets = [] }] = await Promise.all([
      clients.eventBridge.send(new DescribeRuleCommand({ Name: name })),
      clients.eventBridge.send(new ListTargetsByRuleCommand({ Rule: name })),
    ]);
    if (State !== 'ENABLED') {
      return fail(
        `the rule of the findings is ${State ?? 'not known'}: none reaches Cordon`,
        'enable it in EventBridge, or deploy with RuleState=ENABLED',
      );
    }
    return Targets.some(({ Arn = '' }) => intake !== '' && Arn.endsWith(`:function:${intake}`))
      ? ok('findings are handed to Cordon')
      : fail('the rule of the findings does not lead to Cordon', 'deploy the stack again');
  },
};
