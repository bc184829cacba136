import { makeSsmClient } from '../../aws/client/ssm.ts';
import type { ManagedAgent } from '../../aws/managed-agent.ts';
import { readManagedAgent } from '../../aws/managed-agent.ts';
import type { EvidenceKind } from '../kind.ts';
import { preconditionPermissions, readiness } from './preconditions.ts';

/**
 * The memory of the instance, which only the host itself can read.
 *
 * @param agentOf the agent of Systems Manager on an instance; undefined where it has none.
 */
export const memoryKindWith = (
  agentOf?: (instanceId: string) => Promise<ManagedAgent | undefined>,
): EvidenceKind => ({
  name: 'memory',
  what: 'memory',
  isOptedInto: ({ toolkitSnapshotId }) => toolkitSnapshotId !== '',
  afterTheCut: true,
  foreseePermissions: preconditionPermissions,
  foresee: async (deps, input) => {
    const find = agentOf ?? ((id: string) => readManagedAgent(makeSsmClient(deps.log), id));
    const ready = await readiness(deps, find, input);
    if (!ready.can) return ready;
    return { can: true, sentence: 'Memory is written onto a volume of the case, after the cut.' };
  },
});

export const memoryKind: EvidenceKind = memoryKindWith();
