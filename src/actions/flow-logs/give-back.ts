import { command } from '../../case/command.ts';
import type { Inverse } from '../../case/undo/inverse.ts';

/** The traffic of an interface is not logged any more; the records that lie in the store stay. */
export const flowLogEnds = (region: string, id: string, interfaceId: string): Inverse => ({
  phase: 'reinforcements',
  resource: id,
  what: `flow log of ${interfaceId} → none (its records stay)`,
  call: { api: 'ec2:DeleteFlowLogs', input: { FlowLogIds: [id] } },
  command: command([
    ...['aws', 'ec2', 'delete-flow-logs', '--region', region, '--flow-log-ids', id],
  ]),
});
