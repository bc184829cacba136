import { readOpenCaseId } from '../aws/contained-instances.ts';
import type { DriftEvent } from './event.ts';
import type { DriftDeps, DriftResult } from './result.ts';
import { tell } from './tell.ts';

/** States that say something about the evidence, or that traffic may flow again. */
const noteworthy = new Set(['running', 'stopping', 'stopped', 'shutting-down', 'terminated']);

/** Tells of a change of state, if the instance is contained; the log line is the record. */
export const recordState = async (
  deps: DriftDeps,
  { instanceId, state, at }: Extract<DriftEvent, { kind: 'state' }>,
): Promise<DriftResult> => {
  if (!noteworthy.has(state)) return { checked: [] };
  // A terminated instance has no interface any more; its tags stay for about an hour.
  const caseId = await readOpenCaseId(deps.clients.ec2, instanceId);
  if (caseId === undefined) return { checked: [] };
  const { region } = deps;
  const what = `EC2 says that the contained instance is ${state}`;
  await tell(deps, { kind: 'state', instanceId, caseId, region, at, what, proof: [] });
  return { checked: [{ instanceId, caseId, drifted: [], reisolated: [], told: ['state'] }] };
};
