import type { ResidualRisk } from './risk.ts';
import type { Inverse } from './undo/inverse.ts';

/** What is cut after the interfaces were isolated, because no security group cuts it. */
export const reinforcementNames = [
  'idle-timeouts',
  'nacl-deny',
  'disassociate-addresses',
  'disable-imds',
  'revoke-credentials',
  'disassociate-profile',
] as const;

export type ReinforcementName = (typeof reinforcementNames)[number];

/** One further cut as it went. */
export interface Reinforcement {
  readonly cut: ReinforcementName;
  readonly outcome: 'done' | 'already' | 'not-applicable' | 'failed';
  /** The interface, network ACL, address or role that it is about. */
  readonly resource: string;
  /** What was done or why it was not, in words. */
  readonly what: string;
  /** What gives it back; nothing where nothing was changed. */
  readonly undo: readonly Inverse[];
}

export interface ReinforceDetail {
  readonly reinforcements: readonly Reinforcement[];
  readonly risks: readonly ResidualRisk[];
}
