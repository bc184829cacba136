import { quoted } from '../quoted.ts';
import type { ResidualRisk } from '../risk.ts';

export const addressNotDenied = (address: string, why: string): ResidualRisk => ({
  risk: 'address-not-denied',
  explanation: `The remote address ${address} is not denied in the network ACL: ${why}.`,
  remedy: 'Deny it by hand where that harms nobody else in the subnet.',
});

/** Notes on network ACLs that name entries of somebody else. */
export const foreignNotes = (notes: readonly string[]): ResidualRisk => ({
  risk: 'foreign-before-values',
  explanation: `Tags of network ACLs named entries as this case's that it has not made, and were not believed: ${notes.map((note) => quoted(note)).join('; ')}.`,
  remedy: 'Find out who wrote them: an older case, or an attacker.',
});

/** Whoever cuts on a host has changed it, and has only its word. */
export const hostTouched = (instanceId: string): ResidualRisk => ({
  risk: 'host-touched',
  explanation: `Cordon has run a script on the host ${instanceId}, which changes its firewall and writes to /var/lib/cordon (Windows: ProgramData\\Cordon): evidence of the host is changed by that much. Whoever is root on it can undo the cut or make the script lie, a restart ends the cut, and names of hosts can still be asked for.`,
  remedy:
    'Rely on the groups, which AWS reads back, and on the host only for what they cannot cut.',
});

/** A cut that was opted into and did not come about. */
export const reinforcementFailed = (cut: string, resource: string, why: string): ResidualRisk => ({
  risk: `${cut}-failed`,
  explanation: `The further cut ${cut} of ${resource} did not come about: ${why}`,
  remedy: 'Make it by hand; docs/isolation.md has the commands.',
});
