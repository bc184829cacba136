import { underCase } from './aws/current-case.ts';
import { asCordonError } from './aws/errors.ts';
import type { Instance } from './case/before.ts';
import { defined } from './case/defined.ts';
import { UnintelligibleEventError } from './case/errors.ts';
import type { CaseReport } from './case/report.ts';
import { assembleReport } from './case/report.ts';
import { sealControl } from './case/seal-control.ts';
import type { StepEntry } from './case/step.ts';
import type { VerifiedCase } from './case/verdict.ts';
import { verdictOf } from './case/verdict.ts';
import type { FoundCase, VerifyCaseDeps } from './find-case.ts';
import { findCase } from './find-case.ts';
import { statusTag } from './record/trail/keys.ts';
import { taggedCaseId } from './record/trail/tagged-case.ts';
import { verify } from './steps/verify.ts';

/** What a case is found to be now: the report of a case of which only verify has run. */
export const verifyFound = async (
  deps: VerifyCaseDeps,
  { case: theCase, before, seals }: FoundCase,
  { once = false }: { readonly once?: boolean } = {},
): Promise<CaseReport> => {
  const { clock } = deps;
  const startedAt = clock.now().toISOString();
  const described: StepEntry = {
    step: 'describe',
    outcome: 'done',
    startedAt,
    finishedAt: startedAt,
    detail: { case: theCase, before },
  };
  const result = await underCase(theCase.caseId, () =>
    verify(deps, { case: theCase, before, once }),
  ).catch((error: unknown) => {
    throw asCordonError(error, 'Verifying');
  });
  const finishedAt = clock.now().toISOString();
  const seal = { ...sealControl(seals), required: false, readAt: finishedAt };
  const { proof } = result.detail;
  const verified: StepEntry = {
    step: 'verify',
    startedAt,
    finishedAt,
    ...result,
    detail: { ...result.detail, proof: [...proof, seal] },
  };
  return assembleReport({
    case: theCase,
    steps: [described, verified],
    finished: true,
    now: clock.now(),
  });
};

/**
 * Whether AWS may be slow to show the isolation, so that it is looked for again: an instance in no
 * group of Cordon's, of which no case is open, is just as it is.
 */
const isToBeIsolated = (
  { networkInterfaces }: Instance,
  caseId: string | undefined,
  status: string | undefined,
): boolean =>
  networkInterfaces.some(({ cordonGroupIds = [] }) => cordonGroupIds.length > 0) ||
  (caseId !== undefined && status !== 'released' && status !== 'closed');

/**
 * Reads a contained instance back from AWS, at any time after its case.
 *
 * @param subject a case id, or the id of the instance.
 * @throws UnintelligibleEventError when the instance has another case than the one named.
 * @throws InstanceNotFoundError when EC2 does not know the instance any more.
 */
export const verifyCase = async (
  deps: VerifyCaseDeps,
  subject: { readonly instanceId: string; readonly caseId?: string },
  region: string,
): Promise<VerifiedCase> => {
  const found = await findCase(deps, subject.instanceId, region);
  const { instance } = found.before;
  const named = taggedCaseId(instance, deps.clock.now());
  if (subject.caseId !== undefined && subject.caseId !== named) {
    throw new UnintelligibleEventError(
      `The trail of ${subject.instanceId} does not name ${subject.caseId}, but ${found.before.instance.tags['cordon:case'] ?? 'no case'}; verify the instance by its id.`,
    );
  }
  const taggedStatus = instance.tags[statusTag];
  const once = !isToBeIsolated(instance, named, taggedStatus);
  const report = await verifyFound(deps, found, { once });
  return {
    ...report,
    verdict: verdictOf({ instance, proof: report.proof, caseId: named, taggedStatus }),
    ...defined({ knownCaseId: named }),
  };
};
