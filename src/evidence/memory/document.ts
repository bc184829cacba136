import type { SSMClient } from '@aws-sdk/client-ssm';
import { DescribeDocumentCommand, GetDocumentCommand } from '@aws-sdk/client-ssm';
import type { Clock } from '../../aws/clock.ts';
import { contentDigest } from '../../aws/document-digest.ts';
import type { Log } from '../../aws/log.ts';
import { followCommand, sendDocument } from '../../aws/run-command.ts';
import { defined } from '../../case/defined.ts';
import { EvidenceNotCollectedError } from '../../case/errors.ts';
import { memoryDocumentDigest } from './document-digest.ts';
import type { Run } from './ways.ts';

/** What it takes to run the document on a host, and to see how that ended. */
export const documentPermissions = [
  'ssm:GetDocument',
  'ssm:DescribeDocument',
  'ssm:SendCommand',
  'ssm:GetCommandInvocation',
] as const;

/** For how long an agent may be out of reach before it takes the command up, in seconds. */
const deliverySeconds = 600;

/** One look; between looks the state machine waits. */
const patienceMilliseconds = 5_000;

const digestOf = (content: string | undefined): string | undefined => {
  try {
    return contentDigest(content ?? '');
  } catch {
    return undefined;
  }
};

/**
 * The hash by which Systems Manager knows the version of the document that was tested with this code.
 *
 * @throws EvidenceNotCollectedError when the document says something else.
 */
const pinOf = async (ssm: SSMClient, name: string): Promise<string | undefined> => {
  const { Content, DocumentVersion } = await ssm.send(
    new GetDocumentCommand({ Name: name, DocumentFormat: 'JSON' }),
  );
  if (digestOf(Content) !== memoryDocumentDigest) {
    throw new EvidenceNotCollectedError(
      `The document ${name} is not the one that this version of Cordon was tested with, and was not sent: deploy the stack again, and find out who changed it.`,
    );
  }
  const { Document } = await ssm.send(
    new DescribeDocumentCommand({ Name: name, ...defined({ DocumentVersion }) }),
  );
  return Document?.HashType === 'Sha256' ? Document.Hash : undefined;
};

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
  const documentHash = await pinOf(ssm, documentName);
  return sendDocument(ssm, {
    documentName,
    ...defined({ documentHash }),
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
