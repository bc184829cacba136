import { readOpenCaseId } from '../aws/contained-instances.ts';
import type { DriftEvent } from './event.ts';
import { recordCaseOf, tellAndRecord } from './record-case.ts';
import type { DriftDeps, DriftResult } from './result.ts';

/** States that say something about the evidence, or that traffic may flow again. */
const noteworthy = new Set(['running', 'stopping', 'stopped', 'shutting-down', 'terminated']);

/** Tells of a change of state, if the instance is contained. */
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
  const news = { kind: 'state', instanceId, caseId, region, at, what, proof: [] } as const;
  await tellAndRecord(deps, await recordCaseOf(deps, instanceId), news);
  return { checked: [{ instanceId, caseId, drifted: [], reisolated: [], told: ['state'] }] };
};
