import { makeEbsClient } from '../../aws/client/ebs.ts';
import { makeSsmClient } from '../../aws/client/ssm.ts';
import { makeStepFunctionsClient } from '../../aws/client/step-functions.ts';
import { readManagedAgent } from '../../aws/managed-agent.ts';
import type { EvidenceDeps } from '../collector.ts';
import { lookAtRun, sendTool } from './document.ts';
import type { Ways } from './ways.ts';

/** The ways of a function of the stack. */
export const waysOfStack = ({ log, clock }: Pick<EvidenceDeps, 'log' | 'clock'>): Ways => {
  const ssm = makeSsmClient(log);
  const documentName = process.env.MEMORY_DOCUMENT ?? '';
  return {
    ebs: makeEbsClient(log),
    stepFunctions: makeStepFunctionsClient(log),
    hashMachineArn: process.env.HASH_STATE_MACHINE_ARN ?? '',
    keyArn: process.env.EVIDENCE_KEY_ARN ?? '',
    readAgent: (instanceId) => readManagedAgent(ssm, instanceId),
    send: (instanceId, parameters) => sendTool(ssm, documentName, instanceId, parameters),
    look: (instanceId, commandId) => lookAtRun({ ssm, clock, log }, instanceId, commandId),
  };
};
