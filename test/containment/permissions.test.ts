import {
  DescribeNetworkInterfacesCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import { enforcePolicies } from '../../emulator/deploy/enforce-policies.ts';
import { functionsOf, readTemplate } from '../../emulator/deploy/template.ts';
import { putEvent } from '../../emulator/follow/event-bridge.ts';
import { awaitExecution, followExecution } from '../../emulator/follow/execution.ts';
import { sampleEvent } from '../../emulator/follow/finding.ts';
import type { HostCommand } from '../../emulator/hosts/hosts.ts';
import { reinforcementNames } from '../../src/actions/index.ts';
import type { ReinforceDetail } from '../../src/case/reinforcement.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { OptIn } from '../template/opted-in.ts';
import { everyOptIn, optedInto, parametersFor } from '../template/opted-in.ts';
import { managedPolicy, roleOf } from '../template/policy.ts';
import type { Stack } from '../template/stack.ts';
import type { Account } from './account.ts';
import { containByEvent, outcomes, useAccount } from './account.ts';
import { useCommand } from './command.ts';
import { wellDone } from './stand-in-host.ts';

const accounts = useAccount({ evidence: true });
const command = useCommand();

const actionsOf = (stack: Stack, functionId: string): readonly string[] => [
  ...new Set(roleOf(stack, functionId).statements.flatMap(({ actions }) => actions)),
];

/** Every function with the actions of its own role, and no others. */
const enforced = async (
  parameters: Record<string, string> = {},
  stack = optedInto(),
): Promise<Account> => {
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

/** The suspect has an agent of Systems Manager, which does what it is asked. */
const withAgent = async (account: Account): Promise<Account> => {
  const run = async (command: HostCommand) => wellDone(command);
  await account.emulator.hosts.manage(account.world.suspectId, { platform: 'Linux', run });
  return account;
};

/** Contains by a finding whose remote address is one that a network ACL may deny. */
const containWithPublicAddress = async ({ emulator, clients, world, stage }: Account) => {
  const finding = sampleEvent('guardduty-command-and-control', world.suspectId, new Date());
  const text = JSON.stringify(finding).replaceAll('198.51.100.77', '93.184.215.14');
  await putEvent(emulator, JSON.parse(text));
  return followExecution(clients, await awaitExecution(clients, stage.stateMachineArn));
};

const cutsDone = (report: CaseReport): readonly string[] => {
  const { detail } = report.steps.find(({ step }) => step === 'reinforce-cut') ?? {};
  const { reinforcements = [] } = (detail ?? {}) as Partial<ReinforceDetail>;
  return reinforcementNames.filter((name) =>
    reinforcements.some(({ cut, outcome }) => cut === name && outcome === 'done'),
  );
};

it('cuts further with the rights that the opt-ins add to each function', async () => {
  const account = await withAgent(
    await enforced(parametersFor(...everyOptIn), optedInto(...everyOptIn)),
  );
  const report = (await containWithPublicAddress(account)).output as CaseReport;
  expect(denied(account)).toEqual([]);
  expect(cutsDone(report)).toEqual(reinforcementNames);
});

it('isolates again, with the drift function’s own permissions, what somebody opened', async () => {
  const account = await enforced({ OnDrift: 'enforce' });
  const { clients, stage, world } = account;
  await containByEvent(account);
  const { NetworkInterfaces = [] } = await clients.ec2.send(
    new DescribeNetworkInterfacesCommand({
      Filters: [{ Name: 'attachment.instance-id', Values: [world.suspectId] }],
    }),
  );
  const NetworkInterfaceId = NetworkInterfaces[0]?.NetworkInterfaceId ?? '';
  await clients.ec2.send(
    new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups: [world.webGroupId] }),
  );
  const ended = await stage.invoke('DriftFunction', { drift: 'check' });
  expect(denied(account)).toEqual([]);
  expect(ended).toMatchObject({
    payload: { checked: [{ drifted: [], reisolated: [NetworkInterfaceId] }] },
  });
});

/** The actions that these managed policies of the on-call allow together. */
const allowedBy = (policies: readonly string[], ...cuts: readonly OptIn[]): readonly string[] => [
  ...new Set(
    policies
      .flatMap((policy) => managedPolicy(optedInto(...cuts), policy).statements)
      .flatMap(({ actions }) => actions),
  ),
];

const onCall = ['OnCallReadPolicy', 'OnCallPolicy', 'OnCallAnswerPolicy'];

it.each<[string, readonly string[], readonly OptIn[]]>([
  ['contain', [...onCall], []],
  ['cut further', [...onCall, 'OnCallReinforcePolicy'], everyOptIn],
])('lets the on-call %s by hand with the managed policies', async (_, policies, cuts) => {
  const account = await accounts.open({
    parameters: parametersFor(...cuts),
    grants: { ContainFunction: allowedBy(policies, ...cuts) },
  });
  await withAgent(account);
  const ended = await account.stage.invoke('ContainFunction', {
    instanceId: account.world.suspectId,
  });
  expect(denied(account)).toEqual([]);
  const { cases } = (ended as { payload: { cases: readonly CaseReport[] } }).payload;
  expect(cases.map(({ status }) => status)).toEqual(['contained']);
  // A request by hand names no remote address, so there is none to deny.
  expect(cases.flatMap(cutsDone)).toEqual(
    ['idle-timeouts', ...cuts].filter((cut) => cut !== 'nacl-deny'),
  );
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

const actionsOfUndo = ({ undo }: CaseReport): readonly string[] =>
  undo
    .split('\n')
    .filter((line) => line.startsWith('aws '))
    .map(actionOf);

it('lets who releases run every command of the undo', async () => {
  const report = (await containByEvent(await accounts.open())).output as CaseReport;
  const allowed = allowedBy(['OnCallReleasePolicy']);
  expect(actionsOfUndo(report).filter((action) => !allowed.includes(action))).toEqual([]);
});

it('lets who releases run every command of the undo of further cuts, and nothing else', async () => {
  const plain = (await containByEvent(await accounts.open())).output as CaseReport;
  const account = await accounts.open({
    parameters: { ...parametersFor(...everyOptIn), DetachMode: 'standby' },
  });
  await withAgent(account);
  const furthest = (await containWithPublicAddress(account)).output as CaseReport;
  const needed = new Set([
    ...actionsOfUndo(plain),
    ...actionsOfUndo(furthest),
    // Where the instance could not leave its group, and the group's processes were suspended.
    'autoscaling:ResumeProcesses',
    // Where it was protected from scale-in before, and where it had stood by in its group.
    'autoscaling:SetInstanceProtection',
    'autoscaling:EnterStandby',
    // AWS asks for it when a profile with a role is given to an instance.
    'iam:PassRole',
    // The command ends what was remembered, and looks for denies that no report of this run has.
    'ec2:DeleteTags',
    'ec2:DescribeNetworkAcls',
    'iam:GetInstanceProfile',
    'iam:GetRolePolicy',
    // What the host is asked is compared before, and followed.
    'ssm:GetDocument',
    'ssm:DescribeDocument',
    'ssm:DescribeInstanceInformation',
    'ssm:GetCommandInvocation',
    // The command has the stack's own machine do it, where it may.
    'states:StartExecution',
    // With --clean.
    'ec2:DeleteSecurityGroup',
  ]);
  const allowed = allowedBy(['OnCallReleasePolicy', 'OnCallHostPolicy'], ...everyOptIn);
  expect([...needed].toSorted()).toEqual([...allowed].toSorted());
});

it('lets who holds the policies that the README names give everything back by the command', async () => {
  const account = await withAgent(
    await accounts.open({ parameters: parametersFor(...everyOptIn) }),
  );
  const { emulator, world } = account;
  expect(((await containWithPublicAddress(account)).output as CaseReport).status).not.toBe(
    'failed',
  );
  const policies = ['OnCallReadPolicy', 'OnCallPolicy', 'OnCallReleasePolicy', 'OnCallHostPolicy'];
  const { onCall = {} } = await enforcePolicies(emulator, {
    onCall: allowedBy(policies, ...everyOptIn),
  });
  const args = ['release', world.suspectId, '--yes', '--asg', 'attach', '--trust-tags'];
  const { code, stdout, stderr } = await command.start(emulator, args, onCall).ended;
  expect(stderr).not.toMatch(/UnauthorizedOperation|AccessDenied|AuthorizationError/);
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toMatch(/^RELEASED i-/);
  expect(stdout).not.toContain('could not be read');
});
