import { readdirSync, readFileSync } from 'node:fs';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { sampleInstanceId } from '../../emulator/follow/finding.ts';
import { inProject } from '../../emulator/project.ts';
import { customRuleFinding } from '../triggers/guardduty/custom-rule-finding.ts';
import type { Account } from './account.ts';
import { subjects, useAccount } from './account.ts';

const accounts = useAccount();

interface Execution {
  readonly caseId: string;
  readonly executionArn: string;
  readonly outcome: 'started' | 'joined';
}

const takeIn = async ({ stage }: Account, event: unknown): Promise<Record<string, unknown>> => {
  const result = await stage.invoke('IntakeFunction', event);
  if (!('payload' in result)) throw new Error(`${result.errorType}: ${result.errorMessage}`);
  return result.payload as Record<string, unknown>;
};

/** What becomes of each file of `events/`, by its name: how many executions, and how many skips. */
const expected: Readonly<Record<string, readonly [executions: number, skipped: number]>> = {
  'cloudwatch-alarm.json': [0, 1],
  'cloudwatch-alarm-lambda-action.json': [0, 1],
  'cloudwatch-alarm-sns.json': [0, 1],
  'cloudwatch-composite-alarm.json': [0, 1],
  'cordon-manual.json': [1, 0],
  'guardduty-attack-sequence.json': [2, 0],
  'guardduty-command-and-control.json': [1, 0],
  'guardduty-credentials-used-elsewhere.json': [0, 1],
  'guardduty-crypto-mining.json': [1, 0],
  'guardduty-get-findings.json': [1, 0],
  'guardduty-runtime-on-cluster-node.json': [0, 1],
  'guardduty-sample.json': [0, 1],
  'guardduty-ssh-brute-force-actor.json': [1, 0],
  'guardduty-ssh-brute-force-target.json': [0, 1],
  'manual.json': [1, 0],
  'manual-dry-run.json': [1, 0],
  'security-hub-custom-action.json': [1, 0],
  'security-hub-guardduty-finding.json': [1, 0],
  'security-hub-posture-finding.json': [0, 1],
  'security-hub-v2-finding.json': [1, 0],
  'state-machine-input.json': [1, 0],
};

describe('Intake', () => {
  // fault T1
  it('understands every sample event', async () => {
    const account = await accounts.open();
    const files = readdirSync(inProject('events')).toSorted();
    expect(files).toEqual(Object.keys(expected).toSorted());
    const started = new Set<unknown>();
    const cases = new Set<unknown>();
    for (const file of files) {
      const text = readFileSync(inProject('events', file), 'utf8');
      const event = JSON.parse(text.replaceAll(sampleInstanceId, account.world.healthyId));
      const result = await takeIn(account, event);
      expect(result.rejected, file).toBeUndefined();
      const [executions, skipped] = expected[file] ?? [];
      expect(result.executions, file).toHaveLength(executions ?? -1);
      expect(result.skipped, file).toHaveLength(skipped ?? -1);
      for (const { caseId, executionArn, outcome } of result.executions as readonly Execution[]) {
        const name = executionArn.split(':').at(-1) ?? '';
        expect(outcome, file).toBe(started.has(name) ? 'joined' : 'started');
        started.add(name);
        if (caseId.endsWith(account.world.healthyId)) cases.add(caseId);
      }
    }
    const { executions = [] } = await account.clients.stepFunctions.send(
      new ListExecutionsCommand({ stateMachineArn: account.stage.stateMachineArn }),
    );
    expect(executions.map(({ name }) => name).toSorted()).toEqual([...started].toSorted());
    // The rehearsal is a case of its own. The others share one.
    expect(cases.size).toBe(2);
  });

  // fault A16
  it('knows the roles of its own stack, and starts no case because of what they did', async () => {
    const account = await accounts.open();
    const { ProtectFunctionRole: RoleName } = account.stage.deployed.physicalIds;
    const { Role } = await account.clients.iam.send(new GetRoleCommand({ RoleName }));
    const instanceId = account.world.healthyId;
    const by = (uid: string) =>
      takeIn(
        account,
        customRuleFinding({ instanceId, severity: 7, actors: [{ id: 'a', user: { uid } }] }),
      );
    expect(await by(`${Role?.RoleId}:protect`)).toMatchObject({
      executions: [],
      skipped: [{ instanceId }],
    });
    const session = `${Role?.Arn?.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/protect`;
    expect(await by(session)).toMatchObject({ executions: [], skipped: [{ instanceId }] });
    expect(await by(`${RoleName}:protect`)).toMatchObject({ executions: [{ instanceId }] });
  });

  it('tells of an event that it cannot understand, and keeps it', async () => {
    const account = await accounts.open();
    const event = { source: 'aws.guardduty', 'detail-type': 'GuardDuty Finding', detail: {} };
    const result = await takeIn(account, event);
    expect(result).toMatchObject({ executions: [], skipped: [] });
    expect(result.rejected).toMatch(/^The GuardDuty finding cannot be read/);
    expect(subjects(account)).toEqual(['[Cordon] REJECTED: an event was not understood']);
    const { Messages = [] } = await account.clients.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: account.stage.deployed.physicalIds.DeadLetterQueue,
      }),
    );
    expect(JSON.parse(Messages[0]?.Body ?? '')).toEqual(event);
  });
});
