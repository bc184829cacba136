import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Clock } from '../../aws/clock.ts';
import type { Log } from '../../aws/log.ts';
import { pinPermissions, readPin } from '../../aws/pinned-document.ts';
import { followCommand, sendDocument } from '../../aws/run-command.ts';
import { EvidenceNotCollectedError } from '../../case/errors.ts';
import { memoryDocumentDigest } from './document-digest.ts';
import type { Run } from './ways.ts';

/** What it takes to run the document on a host, and to see how that ended. */
export const documentPermissions = [
  ...pinPermissions,
  'ssm:SendCommand',
  'ssm:GetCommandInvocation',
] as const;

/** For how long an agent may be out of reach before it takes the command up, in seconds. */
const deliverySeconds = 600;

/** One look; between looks the state machine waits. */
const patienceMilliseconds = 5_000;

/**
 * Runs the tool on the host, by the document of the stack alone.
 *
 * @returns the id of the command.
 * @throws EvidenceNotCollectedError when somebody has changed the document.
 */
export const sendTool = async (
  ssm: SSMClient,
  documentName: string,
  instanceId: string,
  parameters: Readonly<Record<string, string>>,
): Promise<string> => {
  const pin = await readPin(ssm, documentName, memoryDocumentDigest, EvidenceNotCollectedError);
  return sendDocument(ssm, {
    documentName,
    ...pin,
    instanceId,
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, [value]]),
    ),
    comment: `Cordon memory ${parameters.CaseId}`,
    deliverySeconds,
  });
};

/** Ended, as Systems Manager names it; anything else goes on. */
const going = ['Pending', 'InProgress', 'Delayed', 'Cancelling'];

/** How the command stands. */
export const lookAtRun = async (
  deps: { readonly ssm: SSMClient; readonly clock: Clock; readonly log: Log },
  instanceId: string,
  commandId: string,
): Promise<Run> => {
  const invocation = await followCommand(deps, { commandId, instanceId, patienceMilliseconds });
  if (going.includes(invocation.status)) return { ended: false };
  return { ended: true, output: invocation.stdout, status: invocation.statusDetails };
};
