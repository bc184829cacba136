import type { ReinforcementName } from '../../src/case/reinforcement.ts';
import { withParameters } from './resolve.ts';
import type { Stack } from './stack.ts';
import { transform } from './stack.ts';

/** The stack as it stands when nobody opts into anything. */
export const stack = await transform();

export const revocableRoles = [
  'arn:aws:iam::123456789012:role/web-server',
  'arn:aws:iam::123456789012:role/service-role/batch',
] as const;

/** The further cuts that need an opt-in, with the parameter that gives it. */
export const optIns = {
  'nacl-deny': 'NaclDeny',
  'disassociate-addresses': 'DisassociateAddresses',
  'disable-imds': 'DisableImds',
  'revoke-credentials': 'RevokeCredentials',
  'disassociate-profile': 'DisassociateProfile',
} as const satisfies Partial<Record<ReinforcementName, string>>;

export type OptIn = keyof typeof optIns;

export const everyOptIn = Object.keys(optIns) as readonly OptIn[];

/** The parameters of a stack that opts into these further cuts. */
export const parametersFor = (...cuts: readonly OptIn[]): Record<string, string> => ({
  ...Object.fromEntries(cuts.map((cut) => [optIns[cut], 'true'])),
  ...(cuts.includes('revoke-credentials') ? { RevocableRoleArns: revocableRoles.join(',') } : {}),
});

export const optedInto = (...cuts: readonly OptIn[]): Stack =>
  withParameters(stack, parametersFor(...cuts));
