import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { makeStepFunctionsClient } from '../aws/client/step-functions.ts';
import type { Deps } from '../aws/clients.ts';
import { codeOf, inWords } from '../aws/errors.ts';
import { executionArnOf } from '../aws/executions.ts';
import type { Before } from '../case/before.ts';
import type { Case } from '../case/case.ts';
import type { CollectEvidenceDetail } from '../case/details.ts';
import type { StepResult } from '../case/step.ts';
import type { StepInput } from '../case/step-input.ts';
import type { ForeseeClients } from '../evidence/kind.ts';
import { evidenceKinds } from '../evidence/kinds.ts';
import { withDescribe } from './with-describe.ts';

export const permissions = withDescribe([
  'states:StartExecution',
  ...evidenceKinds.flatMap(({ foreseePermissions = [] }) => foreseePermissions),
]);

export type CollectEvidenceDeps = Deps<ForeseeClients> & {
  /** The machine that collects; empty where there is none. */
  readonly evidenceStateMachineArn: string;
};

/** Names have at most 80 characters; the same run has the same, whoever repeats the call. */
const nameOf = ({ caseId }: Case, { readAt }: Before): string =>
  `${caseId}-${readAt.slice(0, 19).replaceAll(/[-:]/g, '')}`;

/** What would be collected, and what could not be, before any incident. */
const foresee = async (
  deps: CollectEvidenceDeps,
  input: StepInput,
): Promise<StepResult<CollectEvidenceDetail>> => {
  const wanted = evidenceKinds.filter((one) => one.isOptedInto(deps.settings));
  const foreseen = await Promise.all(
    wanted.map(async (one) => {
      try {
        return { collector: one.name, ...(await one.foresee(deps, input)) };
      } catch (error) {
        const sentence = `It is not known whether it can be collected: ${inWords(error)}`;
        return { collector: one.name, can: false, sentence };
      }
    }),
  );
  return { outcome: 'planned', detail: { foreseen } };
};

/**
 * Step 8: starts the machine that collects evidence, beside the cut. It is a machine of its own, so that nothing
 * that it waits for or fails at can delay or change the case.
 */
export const collectEvidence = async (
  deps: CollectEvidenceDeps,
  input: StepInput,
): Promise<StepResult<CollectEvidenceDetail>> => {
  const { evidenceStateMachineArn: stateMachineArn, log } = deps;
  if (input.case.dryRun) return foresee(deps, input);
  if (stateMachineArn === '') {
    const because = 'no stack with an evidence store is known here: nothing but snapshots is kept';
    return { outcome: 'not-applicable', detail: { because } };
  }
  const name = nameOf(input.case, input.before);
  const detail = { executionArn: executionArnOf(stateMachineArn, name) };
  const { case: theCase, before } = input;
  try {
    await makeStepFunctionsClient(log, input.case.region).send(
      new StartExecutionCommand({
        stateMachineArn,
        name,
        input: JSON.stringify({ case: theCase, before }),
      }),
    );
    return { outcome: 'done', detail };
  } catch (error) {
    if (codeOf(error) === 'ExecutionAlreadyExists') return { outcome: 'already', detail };
    throw error;
  }
};
