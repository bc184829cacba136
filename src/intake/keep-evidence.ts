import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { codeOf, inWords } from '../aws/errors.ts';
import type { Case } from '../case/case.ts';
import { exactCaseIdFor } from '../case/case.ts';
import type { Question } from '../case/question.ts';
import { keepingOnly } from '../case/question.ts';
import type { Stop } from '../case/stop-switch.ts';
import { stoppedStatus } from '../record/case-table/case-item.ts';
import { askTable } from './ask-table.ts';
import type { IntakeDeps, IntakeSettings } from './intake-result.ts';

/**
 * Has the machine that asks write the tags, protect the instance and begin its snapshots, and ask nobody:
 * what holds the cut back must not cost the evidence. A machine that does not start is logged; people are
 * told of the instance all the same.
 */
export const keepEvidence = async (
  deps: IntakeDeps,
  askStateMachineArn: string,
  theCase: Case,
  reason: string,
  status: Question['status'],
): Promise<void> => {
  if (askStateMachineArn === '') return;
  try {
    await deps.clients.stepFunctions.send(
      new StartExecutionCommand({
        stateMachineArn: askStateMachineArn,
        name: theCase.caseId,
        input: JSON.stringify({ case: theCase, question: keepingOnly(reason, status) }),
      }),
    );
  } catch (error) {
    if (codeOf(error) === 'ExecutionAlreadyExists') return;
    deps.log.error('the evidence of an instance that stays open could not be kept', {
      instanceId: theCase.instanceId,
      error: inWords(error),
    });
  }
};

/**
 * The same while everything automatic is stopped, once for as long as that lasts: all findings about an
 * instance share one case, which the table keeps for the finding that contains it later. A case that is
 * open already has its evidence.
 */
export const keepWhileStopped = async (
  deps: IntakeDeps,
  { caseTable: table, askStateMachineArn = '' }: IntakeSettings,
  theCase: Case,
  stop: Stop,
  reason: string,
): Promise<void> => {
  if (table === undefined || theCase.dryRun) return;
  const { instanceId } = theCase;
  const own = { ...theCase, caseId: exactCaseIdFor(instanceId, stop.since) };
  const opened = await askTable({ deps }, () => table.open(own, deps.clock.now()));
  // Redelivered after a crash it is the same case, and the same name of the execution.
  const isOwn = opened === 'opened' || opened?.caseId === own.caseId;
  if (!isOwn) return;
  await askTable({ deps }, () => table.settle(instanceId, own.caseId, stoppedStatus));
  await keepEvidence(deps, askStateMachineArn, own, reason, 'skipped');
};
