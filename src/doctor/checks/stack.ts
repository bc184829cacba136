import type { Check } from '../check.ts';
import { fail, ok, warn } from '../check.ts';

/** States from which the stack works as its template says. */
const settled = /^(?:CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE$/;

/** The stack, and what it does by itself. */
export const stack: Check = {
  name: 'stack',
  permissions: ['cloudformation:DescribeStacks', 'cloudformation:ListStackResources'],
  look: async ({ foundStack, stackName, region }) => {
    const found = await foundStack;
    if (found === undefined) {
      return fail(
        `there is no stack "${stackName}" in ${region}, so nothing is contained automatically`,
        'deploy it, or name it with --stack and --region',
      );
    }
    if ((found.outputs.TriggerRuleName ?? '') === '') {
      return fail(`the stack "${stackName}" is none of Cordon's`, 'name it with --stack');
    }
    if (!settled.test(found.status)) {
      return /_IN_PROGRESS$/.test(found.status)
        ? warn(`"${stackName}" is ${found.status}`, 'run it again when that has ended')
        : fail(`"${stackName}" is ${found.status}`, 'deploy it again');
    }
    const mode = found.parameters.Mode ?? 'observe';
    return mode === 'observe'
      ? warn(`"${stackName}" has Mode=observe: it contains nothing`, 'deploy with Mode=contain')
      : ok(`"${stackName}" is deployed with Mode=${mode}`);
  },
};
