import type { LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { matchCaseCalls } from '../../src/match-case-calls.ts';
import type { JournalEntry } from '../../src/record/journal/entry.ts';

const instanceId = 'i-0123456789abcdef0';
const caseId = `20260301T0300Z-${instanceId}`;
const now = new Date('2026-03-01T04:00:00Z');

const entry = (requestId: string, at: string, call = 'ec2:CreateTags'): JournalEntry => ({
  ...{ id: requestId, kind: 'call', at, call, requestId },
  ...{ actor: 'TagFunction', program: 'TagFunction' },
});

const event = (requestID: string, more: object = {}) => ({
  EventName: 'CreateTags',
  ReadOnly: 'false',
  CloudTrailEvent: JSON.stringify({
    ...{ requestID, eventName: 'CreateTags', eventTime: '2026-03-01T03:01:00Z' },
    ...{ userAgent: 'aws-sdk-js', sourceIPAddress: '198.51.100.7' },
    userIdentity: { arn: 'arn:aws:sts::111122223333:assumed-role/web/eve' },
    ...more,
  }),
});

/** CloudTrail as it answers: two pages by resource, and what is asked for by name. */
const matched = async (
  entries: readonly JournalEntry[],
  byResource: readonly object[],
  byName: readonly object[] = [],
) => {
  const asked: LookupEventsCommandInput[] = [];
  const client = new CloudTrailClient({ region: 'eu-central-1' });
  mockClient(client)
    .on(LookupEventsCommand)
    .callsFake(async (input: LookupEventsCommandInput) => {
      asked.push(input);
      const isName = input.LookupAttributes?.[0]?.AttributeKey === 'EventName';
      if (isName) return { Events: byName };
      if (input.NextToken === undefined) return { Events: byResource, NextToken: 'next' };
      return { Events: [] };
    });
  const slept: number[] = [];
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number) => {
      slept.push(milliseconds);
    },
  };
  const calls = { caseId, entries, resources: [instanceId] };
  return { ...(await matchCaseCalls({ cloudTrail: client, clock }, calls)), asked, slept };
};

describe('The calls of a case, matched with CloudTrail', () => {
  it('are found by their request ids, on the resources of the case or by their names', async () => {
    const entries = [entry('a', '2026-03-01T03:01:00Z'), entry('b', '2026-03-01T03:02:00Z')];
    const { missing, doubts, others, asked, slept } = await matched(
      entries,
      [event('a')],
      [event('b'), event('of-another-instance')],
    );
    expect({ missing, doubts, others }).toEqual({ missing: [], doubts: [], others: [] });
    // Two calls a second, and nothing older than CloudTrail has.
    expect(slept).toEqual(asked.map(() => 500));
  });

  it('are looked up by name while they are young too, once for a minute', async () => {
    const young = ['a', 'b'].map((id) => entry(id, '2026-03-01T03:55:00Z'));
    const { doubts, asked } = await matched(young, [], [event('a')]);
    expect(doubts).toEqual(['CloudTrail: 1 call is younger than 15 minutes: not there yet']);
    const names = asked.filter((one) => one.LookupAttributes?.[0]?.AttributeKey === 'EventName');
    expect(names).toHaveLength(1);
  });

  it('that CloudTrail does not have are missing, unless they are too young or too old', async () => {
    const { missing, doubts } = await matched(
      [
        entry('a', '2026-03-01T03:01:00Z'),
        entry('young', '2026-03-01T03:50:00Z'),
        entry('old', '2025-11-01T00:00:00Z'),
        // Reads, and what is no management event of this Region, are not looked up.
        entry('read', '2026-03-01T03:01:00Z', 'ec2:DescribeInstances'),
        entry('sent', '2026-03-01T03:01:00Z', 'sns:Publish'),
      ],
      [],
    );
    expect(missing).toEqual([
      '2026-03-01T03:01:00Z ec2:CreateTags (request a): the record has it, CloudTrail does not',
    ]);
    expect(doubts).toEqual([
      'CloudTrail: 1 call is younger than 15 minutes: not there yet',
      'CloudTrail: 1 call is older than 90 days: no longer there',
    ]);
  });

  it('of others are told with who, from where and when', async () => {
    const { others, doubts } = await matched(
      [],
      [
        event('x', { errorCode: 'UnauthorizedOperation' }),
        event('y', { userAgent: `aws-sdk-js cordon-${caseId}` }),
        { ...event('z'), ReadOnly: 'true' },
        { CloudTrailEvent: 'no JSON' },
      ],
    );
    expect(others).toEqual([
      'not Cordon\'s: 2026-03-01T03:01:00Z CreateTags by "arn:aws:sts::111122223333:assumed-role/web/eve" from "198.51.100.7", refused (UnauthorizedOperation)',
    ]);
    // Anybody can write a user agent.
    expect(doubts).toEqual([
      expect.stringContaining('it names the case, and the record does not have it'),
    ]);
  });
});
