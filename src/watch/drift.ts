import { containedPermissions, readContainedInstances } from '../aws/contained-instances.ts';
import { executionPermissions } from '../aws/executions.ts';
import { stopReadPermissions } from '../aws/stop-switch.ts';
import { sealingPermissions } from '../aws/trail-key.ts';
import { cutCasesPermissions } from '../record/case-table/cut-cases.ts';
import { knownCasesPermissions } from '../record/case-table/known-cases.ts';
import { reminderPermissions } from '../record/case-table/note-reminder.ts';
import { permissions as isolatePermissions } from '../steps/isolate-alone.ts';
import { permissions as notifyPermissions } from '../steps/notify.ts';
import { permissions as verifyPermissions } from '../steps/verify.ts';
import { checkEach } from './check-each.ts';
import type { DriftEvent } from './event.ts';
import { watched } from './open-in-table.ts';
import { prepareGroups } from './prepare-groups.ts';
import { reactToCall } from './react-to-call.ts';
import { recordState } from './record-state.ts';
import { remindOfReview } from './remind-of-review.ts';
import { remindOfStop } from './remind-of-stop.ts';
import type { DriftDeps, DriftResult } from './result.ts';
import { watchTransition } from './watch-transition.ts';

export const permissions: readonly string[] = [
  ...new Set([
    ...containedPermissions,
    ...verifyPermissions,
    ...isolatePermissions,
    ...notifyPermissions,
    ...executionPermissions,
    ...stopReadPermissions,
    ...sealingPermissions,
    ...cutCasesPermissions,
    ...knownCasesPermissions,
    ...reminderPermissions,
    // For the groups of every VPC.
    'ec2:DescribeVpcs',
  ]),
];

/**
 * What watches over contained instances between their case and their release: a schedule that
 * reads every one of them back, a watch over transition groups, calls that CloudTrail recorded,
 * and EC2's changes of state.
 *
 * @throws NotificationRefusedError when SNS does not take the news; it is in the log then.
 */
export const drift = async (deps: DriftDeps, event: DriftEvent): Promise<DriftResult> => {
  const { ec2 } = deps.clients;
  switch (event.kind) {
    case 'check': {
      const [inTable, shown] = await Promise.all([deps.openInTable(), readContainedInstances(ec2)]);
      const result = await checkEach(deps, await watched(deps, inTable, shown));
      await remindOfStop(deps);
      await remindOfReview(deps);
      return result;
    }
    case 'transition':
      return watchTransition(deps);
    case 'prepare':
      return { checked: [], prepared: await prepareGroups(deps) };
    case 'call':
      return reactToCall(deps, event.call);
    case 'state':
      return recordState(deps, event);
  }
};
