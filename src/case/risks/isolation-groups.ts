import type { ResidualRisk } from '../risk.ts';
import type { Rule } from '../security-group.ts';
import { describeRule } from '../security-group.ts';

/** Rules of other groups that let the host through by a group it is no longer in. */
export const referencesLost = (names: readonly string[]): ResidualRisk => ({
  risk: 'group-references-lost',
  explanation: `Rules of ${names.join(', ')} name an original group of the host, and no longer match it: what relied on them does not reach the host, or is not reached by it.`,
  remedy:
    'If that breaks the service, name the egress-free clone in those rules until the release.',
});

export const referencesUnread = (why: string): ResidualRisk => ({
  risk: 'group-references-unread',
  explanation: `It could not be read which rules of other groups name the host's original groups (${why}); those no longer match it.`,
  remedy: 'If the service breaks, look for rules that name an original group of the host.',
});

/** Access that was wanted and AWS would not grant; the group lets less through, never more. */
export const accessRefused = (
  refused: readonly { readonly rule: Rule; readonly words: string }[],
): ResidualRisk => ({
  risk: 'access-refused',
  explanation: `Rules of the isolation group were refused and left out: ${refused.map(({ rule, words }) => `${describeRule(rule)} (${words})`).join('; ')}.`,
  remedy: 'Correct the group, list or range that the settings or the original group name.',
});

export const evidenceWayRefused = (interfaceId: string, why: string): ResidualRisk => ({
  risk: 's3-egress',
  explanation: `${interfaceId} was given no way to S3, because it would lead to more than the evidence bucket: ${why}.`,
  remedy:
    'Route the S3 prefix list of the subnet to a gateway endpoint whose policy names the evidence bucket alone, then run Cordon again.',
});

export const evidenceWaysUnread = (why: string): ResidualRisk => ({
  risk: 'evidence-ways-unread',
  explanation: `The VPC endpoints could not be read (${why}), so no way to Systems Manager or S3 was opened.`,
  remedy: 'Run Cordon again before memory is acquired.',
});

export const requesterManagedInterface = (interfaceIds: readonly string[]): ResidualRisk => ({
  risk: 'requester-managed-interface',
  explanation: `${interfaceIds.join(', ')} was made by an AWS service, which lets nobody else change its security groups: it is not isolated.`,
  remedy: 'Detach the instance in the service that made the interface, or deny it by network ACL.',
});

/** An event never loosens what is isolated; a person may, with the command. */
export const profileKept = (asked: string, kept: string): ResidualRisk => ({
  risk: 'stricter-profile-kept',
  explanation: `The profile ${asked} was asked for or set, and lets more through than ${kept}, under which the instance is set to be, or is, isolated: ${kept} stands.`,
  remedy: `If ${asked} is meant, ask for it by hand: cordon contain --isolation ${asked}`,
});
