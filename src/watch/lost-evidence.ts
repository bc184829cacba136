import { readContainedInstances } from '../aws/contained-instances.ts';
import { inWords } from '../aws/errors.ts';
import type { CheckReaders } from '../aws/readers/batch-reader.ts';
import { readTogether } from '../aws/readers/batch-reader.ts';
import { sweep } from '../aws/sweep.ts';
import type { Control } from '../case/control.ts';
import { controlOf } from '../case/control.ts';
import type { CaseReport } from '../case/report.ts';
import { findCase } from '../find-case.ts';
import { verifyFound } from '../verify-case.ts';
import type { RecordedCall } from './event.ts';
import { recordCaseOf, tellAndRecord } from './record-case.ts';
import type { CheckedInstance, DriftDeps } from './result.ts';
import { bareOrQuoted, whoOf } from './tell.ts';

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

/** Cases at once. */
const width = 10;

const lostOf = (report: CaseReport): Control | undefined => {
  const snapshots = controlOf(report.proof, 'snapshots');
  return snapshots?.holds === false ? snapshots : undefined;
};

/** Reads a case back; one that seems to lack a snapshot is read again, alone, before it is told. */
const readEvidence = async (
  deps: DriftDeps,
  { together, afresh }: CheckReaders,
  instanceId: string,
): Promise<CaseReport> => {
  const read = async (reading: DriftDeps) =>
    verifyFound(reading, await findCase(reading, instanceId, deps.region));
  const report = await read({ ...deps, reader: together });
  return lostOf(report) === undefined ? report : read({ ...deps, reader: afresh });
};

/** Tells of the case if it lacks a snapshot. */
const tellIfLost = async (
  deps: DriftDeps,
  readers: CheckReaders,
  instanceId: string,
  call: RecordedCall,
): Promise<CheckedInstance | undefined> => {
  const report = await readEvidence(deps, readers, instanceId);
  const lost = lostOf(report);
  if (lost === undefined) return undefined;
  const { caseId, accountId, region, proof } = report;
  await tellAndRecord(deps, await recordCaseOf(deps, instanceId), {
    ...{ kind: 'touched', instanceId, caseId, accountId, region },
    at: deps.clock.now().toISOString(),
    what: `${bareOrQuoted(call.name)} deleted evidence, of this case or of nobody's: ${lost.observed}`,
    who: whoOf(call),
    proof,
  });
  return { instanceId, caseId, drifted: ['snapshots'], reisolated: [], told: ['touched'] };
};

/** Tells of every open case that lacks a snapshot, with who has just deleted one. */
export const tellLostEvidence = async (
  deps: DriftDeps,
  call: RecordedCall,
): Promise<readonly CheckedInstance[]> => {
  const instanceIds = await readContainedInstances(deps.clients.ec2);
  if (instanceIds.length === 0) return [];
  const readers = await readTogether(deps, instanceIds);
  const told = new Map<string, CheckedInstance>();
  const failures = await sweep(
    instanceIds,
    async (id) => {
      const checked = await tellIfLost(deps, readers, id, call);
      if (checked !== undefined) told.set(id, checked);
    },
    width,
  );
  for (const { item: instanceId, error } of failures) {
    deps.log.error('it could not be read whether the evidence is there', {
      instanceId,
      error: inWords(error),
    });
  }
  return instanceIds.flatMap((id) => told.get(id) ?? []);
};
