import { readContainedInstances } from '../aws/contained-instances.ts';
import { inWords } from '../aws/errors.ts';
import { controlOf } from '../case/control.ts';
import { findCase, verifyFound } from '../verify-case.ts';
import type { RecordedCall } from './event.ts';
import type { CheckedInstance, DriftDeps } from './result.ts';
import { bareOrQuoted, tell, whoOf } from './tell.ts';

/**
 * Calls after which nothing names the case any more: what they deleted is gone with its tags, and
 * CloudTrail tells of a call minutes after it was made.
 */
const deleting = ['DeleteSnapshot', 'DeleteVolume'];

/** Backups and their rules delete snapshots of their own all day. */
const isService = ({ by }: RecordedCall): boolean => by.endsWith('.amazonaws.com');

/** Whether the call deleted what may have been evidence of a case that is open. */
export const mayHaveDeletedEvidence = (call: RecordedCall): boolean =>
  deleting.includes(call.name) && !isService(call);

/** Tells of every open case that lacks a snapshot, with who has just deleted one. */
export const tellLostEvidence = async (
  deps: DriftDeps,
  call: RecordedCall,
): Promise<readonly CheckedInstance[]> => {
  const checked: CheckedInstance[] = [];
  for (const instanceId of await readContainedInstances(deps.clients.ec2)) {
    try {
      const report = await verifyFound(deps, await findCase(deps, instanceId, deps.region));
      const snapshots = controlOf(report.proof, 'snapshots');
      if (snapshots?.holds !== false) continue;
      const { caseId, accountId, region } = report;
      await tell(deps, {
        ...{ kind: 'touched', instanceId, caseId, accountId, region },
        at: deps.clock.now().toISOString(),
        what: `${bareOrQuoted(call.name)} deleted evidence, of this case or of nobody's: ${snapshots.observed}`,
        who: whoOf(call),
        proof: report.proof,
      });
      checked.push({
        ...{ instanceId, caseId, drifted: ['snapshots'], reisolated: [] },
        told: ['touched'],
      });
    } catch (error) {
      deps.log.error('it could not be read whether the evidence is there', {
        instanceId,
        error: inWords(error),
      });
    }
  }
  return checked;
};
