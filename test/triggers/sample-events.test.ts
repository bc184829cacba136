import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseStandaloneEvent } from '../../src/functions/standalone-event.ts';
import { decide } from '../../src/triggers/decide.ts';
import { accountId, instanceId, region } from '../case/sample-before.ts';
import { onlyRequest } from './only-request.ts';
import { policySettings } from './policy-settings.ts';

const folder = new URL('../../events/', import.meta.url);
const now = new Date('2026-11-20T03:05:00.000Z');

const eventOf = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

const decided = (name: string, minimumSeverity = 7) =>
  decide(
    onlyRequest(eventOf(name), now),
    policySettings({ minimumSeverity }),
    { region, accountId },
    now,
  );

/** What each file is, by its name. */
const contained = {
  'guardduty-command-and-control.json': ['guardduty', 'Backdoor:EC2/C&CActivity.B'],
  'guardduty-crypto-mining.json': ['guardduty', 'CryptoCurrency:EC2/BitcoinTool.B!DNS'],
  'guardduty-ssh-brute-force-actor.json': ['guardduty', 'UnauthorizedAccess:EC2/SSHBruteForce'],
  'cordon-manual.json': ['manual', 'manual'],
  'manual.json': ['manual', 'manual'],
  'manual-dry-run.json': ['manual', 'manual'],
  'state-machine-input.json': ['manual', 'manual'],
} as const;

const skipped = 'guardduty-ssh-brute-force-target.json';

describe('the sample events', () => {
  it.each(Object.entries(contained))('%s leads to containment', (name, [source, type]) => {
    expect(decided(name)).toMatchObject([
      {
        kind: 'contain',
        case: {
          instanceId,
          accountId,
          region,
          trigger: { source, type },
          dryRun: name === 'manual-dry-run.json',
        },
      },
    ]);
  });

  it('leave the target of a brute-force attempt alone, with the reason', () => {
    expect(decided(skipped)).toMatchObject([
      { kind: 'skip', reason: 'Its severity 2 is below MinimumSeverity 7.' },
    ]);
    expect(decided(skipped, 0)).toMatchObject([
      { kind: 'skip', reason: expect.stringContaining('is the target of the attempt') },
    ]);
  });

  it('say who asks and why, where a person does', () => {
    for (const name of ['manual.json', 'manual-dry-run.json', 'cordon-manual.json']) {
      const { trigger } = onlyRequest(eventOf(name), now);
      expect([trigger.requestedBy, trigger.reason]).not.toContain(undefined);
    }
  });

  it('start the state machine, and every step alone', () => {
    for (const name of ['state-machine-input.json', 'manual.json']) {
      expect(parseStandaloneEvent(eventOf(name), region)).toMatchObject({ instanceId, region });
    }
  });
});
