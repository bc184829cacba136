import { readdirSync, readFileSync } from 'node:fs';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { sampleInstanceId } from '../../emulator/finding.ts';
import { inProject } from '../../emulator/project.ts';
import type { Account } from './account.ts';
import { subjects, useAccount } from './account.ts';

const accounts = useAccount();

const takeIn = async ({ stage }: Account, event: unknown): Promise<Record<string, unknown>> => {
  const result = await stage.invoke('IntakeFunction', event);
  if (!('payload' in result)) throw new Error(`${result.errorType}: ${result.errorMessage}`);
  return result.payload as Record<string, unknown>;
};

/** What becomes of each file of `events/`, by its name. */
const expected: Readonly<Record<string, 'executions' | 'skipped'>> = {
  'cordon-manual.json': 'executions',
  'guardduty-command-and-control.json': 'executions',
  'guardduty-crypto-mining.json': 'executions',
  'guardduty-ssh-brute-force-actor.json': 'executions',
  'guardduty-ssh-brute-force-target.json': 'skipped',
  'manual.json': 'executions',
  'manual-dry-run.json': 'executions',
  'state-machine-input.json': 'executions',
};

describe('Intake', () => {
  it('understands every sample event', async () => {
    const account = await accounts.open();
    const files = readdirSync(inProject('events')).toSorted();
    expect(files).toEqual(Object.keys(expected).toSorted());
    for (const file of files) {
      const text = readFileSync(inProject('events', file), 'utf8');
      const event = JSON.parse(text.replaceAll(sampleInstanceId, account.world.healthyId));
      const result = await takeIn(account, event);
      expect(result.rejected, file).toBeUndefined();
      expect(result[expected[file] ?? ''], file).toHaveLength(1);
    }
    const { executions } = await account.clients.stepFunctions.send(
      new ListExecutionsCommand({ stateMachineArn: account.stage.stateMachineArn }),
    );
    // All within the same ten minutes, so all but the first have joined; the rehearsal is its own.
    expect(executions).toHaveLength(2);
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
