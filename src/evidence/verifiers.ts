import { verifyFlowLog } from './flow-logs/verify.ts';
import { verifySnapshot } from './snapshots/verify.ts';
import { verifyMirror } from './traffic-mirror/verify.ts';
import type { VerifyPiece } from './verifier.ts';

/** How the pieces of each kind are read that lie outside the store, by the name of the kind. */
export const verifiers: Readonly<Record<string, VerifyPiece>> = {
  snapshots: verifySnapshot,
  'traffic-mirror': verifyMirror,
  'flow-logs': verifyFlowLog,
  memory: verifySnapshot,
};
