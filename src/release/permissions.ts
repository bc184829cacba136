import { runbookActions } from '../actions/index.ts';
import { sealingPermissions } from '../aws/trail-key.ts';
import { permissions as notifyPermissions } from '../steps/notify.ts';
import { permissions as verifyPermissions } from '../steps/verify.ts';

/** What every release needs; what it takes to give a reinforcement back stands with that. */
export const permissions: readonly string[] = [
  ...new Set([
    ...verifyPermissions,
    ...notifyPermissions,
    ...sealingPermissions,
    // What the execution of the case has written.
    'states:DescribeExecution',
    'states:GetExecutionHistory',
    // The trail.
    'ec2:CreateTags',
    'ec2:DeleteTags',
    // What still stands of the reinforcements, whichever run made them.
    'ec2:DescribeNetworkAcls',
    'ec2:DescribeFlowLogs',
    'iam:GetInstanceProfile',
    'iam:GetRolePolicy',
    // The inverses of the steps.
    ...runbookActions.flatMap(({ releasePermissions }) => releasePermissions),
  ]),
];
