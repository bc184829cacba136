import { hasFlowLog } from '../../aws/flow-logs.ts';
import type { VerifyPiece } from '../verifier.ts';

/** What was collected are the records, which nobody can delete; a release ends the log itself. */
export const verifyFlowLog: VerifyPiece = async ({ clients }, { resource }) => {
  if (resource === undefined) return { holds: 'unknown', observed: 'nothing reads it' };
  return {
    holds: true,
    observed: (await hasFlowLog(clients.ec2, resource))
      ? 'it is there, and delivers records'
      : 'it has ended (a release ends it); its records stay',
  };
};
