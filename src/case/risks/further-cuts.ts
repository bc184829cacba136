import type { ResidualRisk } from '../risk.ts';

export const addressNotDenied = (address: string, why: string): ResidualRisk => ({
  risk: 'address-not-denied',
  explanation: `The remote address ${address} is not denied in the network ACL: ${why}.`,
  remedy: 'Deny it by hand where that harms nobody else in the subnet.',
});

/** A cut that was opted into and did not come about. */
export const reinforcementFailed = (cut: string, resource: string, why: string): ResidualRisk => ({
  risk: `${cut}-failed`,
  explanation: `The further cut ${cut} of ${resource} did not come about: ${why}`,
  remedy: 'Make it by hand; docs/isolation.md has the commands.',
});
