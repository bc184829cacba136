import type { ResidualRisk } from '../risk.ts';

/** A cut that would take the host's agent its credentials, and waits until its memory is saved. */
export const waitsForMemory = (cuts: readonly string[]): ResidualRisk => ({
  risk: 'waits-for-memory',
  explanation: `Memory is being collected first, through the agent on the host, so these cuts have not been made yet: ${cuts.join(', ')}. They follow as soon as the collection of memory has ended, however it ends; the message about the evidence says so.`,
  remedy:
    'If stolen credentials are being used, do not wait: make these cuts by hand, and lose the memory (docs/isolation.md has the commands).',
});
