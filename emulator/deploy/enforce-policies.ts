import { randomUUID } from 'node:crypto';
import { callQuery, xmlText } from '../aws-call.ts';
import type { Emulator } from '../emulator.ts';

/** The environment variables that make an SDK client the session of a role. */
export type SessionVariables = Record<
  'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY' | 'AWS_SESSION_TOKEN',
  string
>;

const LONGEST_SESSION_NAME = 64;

const trust = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
};

/** Makes a role that may do these actions; gives its ARN. */
const createRole = async (emulator: Emulator, actions: readonly string[]): Promise<string> => {
  const iam = (Action: string, parameters: Record<string, string>) =>
    callQuery(emulator, 'iam', { Action, Version: '2010-05-08', ...parameters });
  const RoleName = `enforced-${randomUUID()}`;
  const role = await iam('CreateRole', {
    RoleName,
    AssumeRolePolicyDocument: JSON.stringify(trust),
  });
  // A policy without actions is malformed; a role without a policy may do nothing.
  if (actions.length > 0) {
    await iam('PutRolePolicy', {
      RoleName,
      PolicyName: 'granted',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        // moto refuses statements for certain resources and does not understand conditions: only
        // the actions are proven.
        Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
      }),
    });
  }
  return xmlText(role, 'Arn') ?? '';
};

const openSession = async (
  emulator: Emulator,
  name: string,
  roleArn: string,
): Promise<SessionVariables> => {
  const session = await callQuery(emulator, 'sts', {
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: name.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, LONGEST_SESSION_NAME),
  });
  return {
    AWS_ACCESS_KEY_ID: xmlText(session, 'AccessKeyId') ?? '',
    AWS_SECRET_ACCESS_KEY: xmlText(session, 'SecretAccessKey') ?? '',
    AWS_SESSION_TOKEN: xmlText(session, 'SessionToken') ?? '',
  };
};

/**
 * Makes one role per name that may do exactly these actions, on any resource, and from now on, until
 * `emulator.reset()`, denies these roles everything else. Whoever calls with other credentials than
 * a role's session (the clients that build a world, the deployment, the state machines) may do
 * everything as before, and so may a function that gets none of these sessions. Tags in the
 * creation of an EC2 resource need `ec2:CreateTags` besides. The invocation of functions is not
 * checked.
 *
 * @param grants name, such as a function's logical id, → actions as in a policy, wildcards allowed.
 * @returns name → environment variables of the session of its role.
 * @throws AwsCallError
 */
export const enforcePolicies = async (
  emulator: Emulator,
  grants: Readonly<Record<string, readonly string[]>>,
): Promise<Record<string, SessionVariables>> => {
  const sessions = await Promise.all(
    Object.entries(grants).map(async ([name, actions]) => {
      const roleArn = await createRole(emulator, actions);
      return [name, await openSession(emulator, name, roleArn)] as const;
    }),
  );
  const response = await fetch(`${emulator.endpoint}/moto-api/reset-auth`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: '0',
  });
  if (!response.ok) throw new Error(`The emulator does not enforce: ${await response.text()}`);
  await response.arrayBuffer();
  return Object.fromEntries(sessions);
};
