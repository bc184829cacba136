import type { Action } from '../action.ts';
import { groupInverses } from './give-back.ts';

/** The Auto Scaling group must not take the isolation for an outage and terminate the evidence. */
export const detachAutoScaling = {
  name: 'detach-auto-scaling',
  phase: 'auto-scaling',
  permissions: [
    'autoscaling:DetachInstances',
    'autoscaling:EnterStandby',
    'autoscaling:SuspendProcesses',
    'ec2:CreateTags',
  ],
  releasePermissions: [
    'autoscaling:AttachInstances',
    'autoscaling:EnterStandby',
    'autoscaling:ExitStandby',
    'autoscaling:ResumeProcesses',
    'autoscaling:SetInstanceProtection',
  ],
  controls: ['asg-membership'],
  inverses: groupInverses,
} as const satisfies Action;
