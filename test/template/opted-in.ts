import type { ReinforcementName } from '../../src/actions/index.ts';
import { reinforcementNamed, reinforcementNames } from '../../src/actions/index.ts';
import { withParameters } from './resolve.ts';
import type { Stack } from './stack.ts';
import { transform } from './stack.ts';

/** The stack as it stands when nobody opts into anything. */
export const stack = await transform();

export const revocableRoles = [
  'arn:aws:iam::123456789012:role/web-server',
  'arn:aws:iam::123456789012:role/service-role/batch',
] as const;

/** `NACL_DENY`, as the functions see it, is the parameter `NaclDeny` of the template. */
const parameterOf = (variable: string): string =>
  variable.toLowerCase().replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());

export type OptIn = Exclude<ReinforcementName, 'idle-timeouts'>;

/** The actions that need an opt-in, with the parameter that gives it. */
export const optIns = Object.fromEntries(
  reinforcementNames.flatMap((name) => {
    const { optIn } = reinforcementNamed(name);
    return optIn === undefined ? [] : [[name, parameterOf(optIn)]];
  }),
) as Readonly<Record<OptIn, string>>;

export const everyOptIn = Object.keys(optIns) as readonly OptIn[];

/** The parameters of a stack that opts into these further cuts. */
export const parametersFor = (...cuts: readonly OptIn[]): Record<string, string> => ({
  ...Object.fromEntries(cuts.map((cut) => [optIns[cut], 'true'])),
  ...(cuts.includes('revoke-credentials') ? { RevocableRoleArns: revocableRoles.join(',') } : {}),
});

export const optedInto = (...cuts: readonly OptIn[]): Stack =>
  withParameters(stack, parametersFor(...cuts));
