import { protect as action } from '../actions/protect/action.ts';
import type { ProtectingChange, Protection } from '../actions/protect/plan.ts';
import { planProtections, protections } from '../actions/protect/plan.ts';
import { valuesToWrite, vouchedFor } from '../actions/protect/values-to-write.ts';
import type { Deps } from '../aws/clients.ts';
import { inWords, isUnavailable } from '../aws/errors.ts';
import type { Before } from '../case/before.ts';
import type { PlanDetail, Vouched } from '../case/details.ts';
import { AwsUnavailableError, ProtectionIncompleteError } from '../case/errors.ts';
import { givenBackReason, isGivenBack } from '../case/given-back.ts';
import { impossibleProtections } from '../case/protection.ts';
import type { ResidualRisk } from '../case/risk.ts';
import { undoFromLogOnly } from '../case/risks/record.ts';
import type { StepResult } from '../case/step.ts';
import type { StepInput } from '../case/step-input.ts';
import { vouching } from '../case/vouched.ts';
import { perform } from '../engine/perform.ts';
import { rehearse } from '../engine/rehearse.ts';
import type { Sent } from '../engine/send.ts';
import { tagging } from '../engine/tagging.ts';
import { volumeTags } from '../record/trail/before-tags.ts';
import { withDescribe } from './with-describe.ts';

export const permissions = withDescribe(action.permissions);

export interface ProtectDetail extends Vouched {
  readonly protected: readonly Protection[];
  readonly already: readonly Protection[];
  /** What AWS does not allow for this instance, and why. */
  readonly notApplicable: Readonly<Record<string, string>>;
  readonly volumes: number;
  readonly risks: readonly ResidualRisk[];
  /** Why the step had nothing to do. */
  readonly because?: string;
}

const nothing: ProtectDetail = {
  protected: [],
  already: [],
  notApplicable: {},
  volumes: 0,
  risks: [],
};

const plan = async (
  deps: Deps<'ec2'>,
  before: Before,
  possible: readonly ProtectingChange[],
  caseId: string,
): Promise<StepResult<PlanDetail>> => {
  const tags = before.instance.volumes.map((volume) =>
    tagging(deps, volume.id, volumeTags(caseId, before, volume)),
  );
  return { outcome: 'planned', detail: { calls: await rehearse([...tags, ...possible]) } };
};

/** @throws ProtectionIncompleteError, AwsUnavailableError when one was refused that is allowed. */
const requireAll = (sent: readonly Sent<ProtectingChange>[]): void => {
  const failed = sent.filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) return;
  const words = failed.map(({ change, error }) => `${change.name}: ${inWords(error)}`).join('; ');
  const Failure = failed.some(({ error }) => isUnavailable(error))
    ? AwsUnavailableError
    : ProtectionIncompleteError;
  const done = sent.filter(({ outcome }) => outcome === 'done').length;
  throw new Failure(
    `${done} of ${sent.length} protections were switched on (${words}). Switch on the rest by hand.`,
    { cause: failed[0]?.error },
  );
};

/**
 * Step 6: termination protection, stop protection, shutdown means stop, no volume is deleted with
 * the instance. What AWS does not allow (Spot, instance store) is not applicable, not failed.
 *
 * @throws ProtectionIncompleteError when a protection that is allowed could not be switched on;
 *   all others were.
 * @throws AwsUnavailableError when that was for load.
 */
export const protect = async (
  deps: Deps<'ec2'>,
  input: StepInput,
): Promise<StepResult<ProtectDetail | PlanDetail>> => {
  const { case: theCase, before } = input;
  const { instance } = before;
  if (isGivenBack(before, action.phase)) {
    return { outcome: 'skipped', detail: { ...nothing, because: givenBackReason } };
  }
  const impossible = impossibleProtections(instance);
  const wanted = planProtections(deps, input);
  const possible = wanted.filter(({ name }) => impossible[name] === undefined);
  if (theCase.dryRun) return plan(deps, before, possible, theCase.caseId);
  // Prepare has written the instance's before-values already, but this step may run alone.
  const values = valuesToWrite(theCase.caseId, before);
  const { sent, unwritten } = await perform(deps, theCase, possible, values);
  requireAll(sent);
  const done = sent.flatMap(({ change, outcome }) => (outcome === 'done' ? [change.name] : []));
  const notApplicable: Record<string, string> = {
    ...impossible,
    ...Object.fromEntries(
      sent
        .filter(({ outcome }) => outcome === 'not-applicable')
        .map(({ change, error }) => [change.name, inWords(error)]),
    ),
  };
  const already = protections.filter(
    (name) => !wanted.some((one) => one.name === name) && notApplicable[name] === undefined,
  );
  return {
    outcome: done.length > 0 ? 'done' : already.length > 0 ? 'already' : 'not-applicable',
    detail: {
      protected: done,
      already,
      notApplicable,
      volumes: instance.volumes.length,
      risks: unwritten.length > 0 ? [undoFromLogOnly(unwritten.join(', '))] : [],
      ...vouching(vouchedFor(theCase.caseId, before)),
    },
  };
};
