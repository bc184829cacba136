import type { Action } from '../action.ts';
import { flowLogEnds } from './give-back.ts';

/** The traffic of the interfaces is logged to the evidence store, which a collector begins and follows. */
export const flowLogs: Action = {
  name: 'flow-logs',
  phase: 'reinforcements',
  permissions: ['ec2:CreateFlowLogs'],
  releasePermissions: ['ec2:DeleteFlowLogs', 'logs:DeleteLogDelivery'],
  controls: [],
  inverses: ({ region, now }) =>
    (now.flowLogs ?? []).map(({ id, interfaceId }) => flowLogEnds(region, id, interfaceId)),
};
