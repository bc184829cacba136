import { collectEvidence } from '../steps/collect-evidence.ts';
import { describedStep } from './step-function.ts';

/** Step 8: evidence beside snapshots, by a machine of its own. */
export const collectEvidenceFunction = describedStep({
  step: 'collect-evidence',
  run: async (deps, input) => {
    const ofStack = await deps.stackEvidenceStateMachineArn;
    const ofTemplate = process.env.EVIDENCE_STATE_MACHINE_ARN ?? '';
    // `sam local invoke` leaves the name of the resource where the template refers to one.
    const evidenceStateMachineArn = ofStack ?? (ofTemplate.startsWith('arn:') ? ofTemplate : '');
    return collectEvidence({ ...deps, evidenceStateMachineArn }, input);
  },
});
