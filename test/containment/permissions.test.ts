import { expect, it } from 'vitest';
import { functionsOf, readTemplate } from '../../emulator/template.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { roleOf, statementsOf } from '../template/policy.ts';
import type { Stack } from '../template/stack.ts';
import { at, resource, transform } from '../template/stack.ts';
import type { Account } from './account.ts';
import { containByEvent, outcomes, useAccount } from './account.ts';

const accounts = useAccount();

const actionsOf = (stack: Stack, functionId: string): readonly string[] => [
  ...new Set(roleOf(stack, functionId).statements.flatMap(({ actions }) => actions)),
];

/** Every function with the actions of its own role, and no others. */
const enforced = async (parameters: Record<string, string> = {}): Promise<Account> => {
  const stack = await transform();
  const functionIds = [...functionsOf(readTemplate()).keys()];
  return accounts.open({
    parameters,
    grants: Object.fromEntries(functionIds.map((id) => [id, actionsOf(stack, id)])),
  });
};

const denied = ({ log }: Account): readonly string[] =>
  log.filter((line) => /UnauthorizedOperation|AccessDenied|AuthorizationError/.test(line));

it('contains with each function holding its own permissions and nothing else', async () => {
  const account = await enforced();
  const report = (await containByEvent(account)).output as CaseReport;
  expect(denied(account)).toEqual([]);
  expect(report.status).toBe('contained');
  expect(Object.values(outcomes(report))).not.toContain('failed');
});

it('rehearses with the same permissions, and finds every call of EC2 allowed', async () => {
  const account = await enforced();
  const ended = await account.stage.invoke('ContainFunction', {
    instanceId: account.world.suspectId,
    dryRun: true,
  });
  const { cases } = (ended as { payload: { cases: readonly CaseReport[] } }).payload;
  const calls = (cases[0]?.steps ?? []).flatMap(
    ({ detail }) => (detail as { calls?: { call: string; permission: string }[] }).calls ?? [],
  );
  expect(calls.length).toBeGreaterThan(8);
  for (const { call, permission } of calls) {
    expect(permission, call).toBe(call.startsWith('ec2:') ? 'allowed' : 'untested');
  }
});

it('observes with the same permissions, function by function, and changes nothing', async () => {
  const account = await enforced({ Mode: 'observe' });
  const report = (await containByEvent(account)).output as CaseReport;
  expect(denied(account)).toEqual([]);
  expect(report.status).toBe('planned');
  expect(Object.values(outcomes(report))).not.toContain('failed');
});

it('lets the on-call contain by hand with the managed policy', async () => {
  const stack = await transform();
  const document = at(resource(stack, 'OnCallPolicy'), 'Properties', 'PolicyDocument');
  const actions = statementsOf(stack, document).flatMap((statement) => statement.actions);
  const account = await accounts.open({
    grants: { ContainFunction: actions },
  });
  const ended = await account.stage.invoke('ContainFunction', {
    instanceId: account.world.suspectId,
  });
  expect(denied(account)).toEqual([]);
  expect(ended).toMatchObject({ payload: { cases: [{ status: 'contained' }] } });
});

/** `aws elbv2 register-targets` as the action that IAM asks for. */
const actionOf = (command: string): string => {
  const [, service = '', operation = ''] = /^aws (\S+) (\S+)/.exec(command) ?? [];
  const services: Record<string, string> = {
    elb: 'elasticloadbalancing',
    elbv2: 'elasticloadbalancing',
  };
  const name = operation.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return `${services[service] ?? service}:${name}`;
};

it('lets who releases run every command of the undo', async () => {
  const stack = await transform();
  const document = at(resource(stack, 'OnCallReleasePolicy'), 'Properties', 'PolicyDocument');
  const allowed = statementsOf(stack, document).flatMap((statement) => statement.actions);
  const report = (await containByEvent(await accounts.open())).output as CaseReport;
  const needed = [...new Set(report.undo.split('\n').map(actionOf))];
  expect(needed.toSorted()).toEqual([...allowed].toSorted());
});
