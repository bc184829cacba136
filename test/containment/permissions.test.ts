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
const enforced = async (): Promise<Account> => {
  const stack = await transform();
  const functionIds = [...functionsOf(readTemplate()).keys()];
  return accounts.open({
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
