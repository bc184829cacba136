import type { ResidualRisk } from '../risk.ts';

export const undoFromLogOnly = (what: string): ResidualRisk => ({
  risk: 'undo-from-log-only',
  explanation: `The before-state of ${what} could not be written to tags.`,
  remedy: 'Keep the log of this case: its line "before" is what an undo needs.',
});

export const unusualSettings = (warnings: readonly string[]): ResidualRisk => ({
  risk: 'setting-not-understood',
  explanation: `Cordon ran with defaults: ${warnings.join('; ')}.`,
  remedy: 'Correct the parameter of the stack.',
});

export const ambiguousTargets = (where: readonly string[]): ResidualRisk => ({
  risk: 'ambiguous-ip-target',
  explanation: `An address of the instance is also registered in target groups of other VPCs (${where.join(', ')}); it may be another host there, so it was left.`,
  remedy: 'If the target is this instance (VPC peering), deregister it by hand.',
});
