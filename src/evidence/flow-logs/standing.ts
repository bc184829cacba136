import { readFlowLogs } from '../../aws/flow-logs.ts';
import { readAttachedInterfaces } from '../../aws/instance.ts';
import type { FlowLog } from '../../case/flow-log.ts';
import { flowFolder } from '../../case/flow-log.ts';
import type { EvidenceDeps } from '../collector.ts';
import type { EvidenceInput } from '../kind.ts';

/** The attached interfaces, and the flow logs that the case has of them. */
export const readStanding = async (
  { clients }: Pick<EvidenceDeps, 'clients'>,
  { case: theCase }: Pick<EvidenceInput, 'case'>,
): Promise<{ readonly ids: readonly string[]; readonly logs: readonly FlowLog[] }> => {
  const [attached, logs] = await Promise.all([
    readAttachedInterfaces(clients.ec2, theCase.instanceId),
    readFlowLogs(clients.ec2, theCase),
  ]);
  const ids = attached.flatMap(({ NetworkInterfaceId }) => NetworkInterfaceId ?? []);
  return { ids, logs: logs.filter(({ interfaceId }) => ids.includes(interfaceId)) };
};

/** Records each flow log as a piece; one that is on record stays as it is there. */
export const noteFlowLogs = async (
  { store }: Pick<EvidenceDeps, 'store'>,
  { case: theCase }: Pick<EvidenceInput, 'case'>,
  logs: readonly FlowLog[],
  how: string,
): Promise<void> => {
  for (const { id, interfaceId } of logs) {
    await store.note({
      collector: 'flow-logs',
      name: id,
      what: `Flow log of ${interfaceId}; its records lie below ${flowFolder(theCase)}`,
      how,
      resource: id,
    });
  }
};
