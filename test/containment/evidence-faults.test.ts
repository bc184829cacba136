import { describe, it } from 'vitest';
import { useAccount } from './account.ts';
import { expectUntouchedCase } from './evidence-faults.ts';

/** A sample of `npm run campaign -- evidence-faults`, which does this for every call. */

const accounts = useAccount({ evidence: true });

describe('When the collection of evidence goes wrong', () => {
  it.each([
    ['s3', 'PutObject', 'denied', Number.POSITIVE_INFINITY],
    ['s3', 'PutObject', 'lost-answer', 1],
    ['ec2', 'GetConsoleOutput', 'denied', Number.POSITIVE_INFINITY],
    ['states', 'StartExecution', 'denied', 1],
  ] as const)(
    'the case is what it would have been, and people are told: %s %s %s',
    async (service, action, kind, times) => {
      await expectUntouchedCase(await accounts.open(), { service, action }, { kind, times });
    },
  );
});
