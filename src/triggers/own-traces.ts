import type { ContainmentRequest, ReportedCalls } from './containment-request.ts';

/**
 * What the calls of Cordon's own roles can raise, by the type of the finding: names of GuardDuty's
 * rules, and of the API operations. Custom detection rules look for such calls, whoever makes them
 * (https://docs.aws.amazon.com/guardduty/latest/ug/findings-custom-detection-rules.html): Cordon
 * protects an instance from termination, and opens the transition group to everybody.
 */
const raised: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'DefenseImpairment:EC2/DisableOrModifyTools',
    ['EC2TerminationProtectionEnabled', 'ModifyInstanceAttribute'],
  ],
  [
    'Persistence:EC2/ExternalRemoteServices',
    ['EC2SecurityGroupPublicSSH', 'AuthorizeSecurityGroupIngress'],
  ],
]);

/** From this severity on GuardDuty calls a finding critical: then nothing is left alone. */
const critical = 9;

const ownRole = /^(?:AROA\w{8,124}|arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+)$/;

/** Unique ids and ARNs of roles, as the template hands them on; anything else names nobody. */
export const parseOwnRoles = (text: string): readonly string[] =>
  text.split(',').filter((one) => ownRole.test(one));

const sessionsOf = (roleArn: string): string =>
  roleArn.replace(':iam::', ':sts::').replace(/:role\/(?:.*\/)?/, ':assumed-role/');

/**
 * Whether a principal is such a role, or a session of one: `AROA…:<session>`, the role's ARN, or
 * `arn:…:assumed-role/<role>/<session>`. Whoever takes a role chooses the name of the session, and
 * users may be named as roles are: neither counts
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids).
 */
const isOwn = (principal: string, ownRoles: readonly string[]): boolean =>
  ownRoles.some((role) =>
    role.startsWith('arn:')
      ? principal === role || principal.startsWith(`${sessionsOf(role)}/`)
      : principal === role || principal.startsWith(`${role}:`),
  );

const everyCallerIsOwn = ({ callers }: ReportedCalls, ownRoles: readonly string[]): boolean =>
  callers.length > 0 &&
  callers.every((names) => names.some((principal) => isOwn(principal, ownRoles)));

/** What is done with a finding that Cordon's own calls have raised. */
export interface OwnTrace {
  readonly reason: string;
  /** True: the finding does not say which calls it is about, so a person is to look. */
  readonly tell: boolean;
}

/**
 * Whether a finding is about nothing but changes that Cordon's own roles have made: it contains
 * nobody then. Undefined where anything speaks against it: another type, another caller, another
 * call, a severity that is unknown or critical.
 */
export const ownTrace = (
  { subject: { source, type, severity }, calls }: ContainmentRequest,
  ownRoles: readonly string[] = [],
): OwnTrace | undefined => {
  const own = raised.get(type);
  if (source !== 'guardduty' || own === undefined || calls === undefined) return undefined;
  if (severity === null || severity >= critical) return undefined;
  if (!everyCallerIsOwn(calls, ownRoles)) return undefined;
  if (!calls.names.every((name) => own.includes(name))) return undefined;
  return calls.names.length > 0
    ? { reason: `Cordon's own change raised it (${calls.names.join(', ')}).`, tell: false }
    : {
        reason: "Cordon's own role made the change, and the finding does not name it.",
        tell: true,
      };
};
