import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/case/judgement.ts';
import { judge } from '../../src/case/judgement.ts';
import { headline } from '../../src/notify/subject.ts';
import {
  describedEntry,
  failedEntryOf,
  isolationWith,
  proofWith,
  reportOfFailure,
  verificationWith,
} from './sample-report.ts';

const question =
  'The VPC vpc-1 has no room for a group: raise the quota, or contain with --isolation full';

const judged = (changes: Partial<Evidence> = {}) =>
  judge({
    dryRun: false,
    skip: undefined,
    finished: true,
    steps: [
      describedEntry(),
      failedEntryOf('prepare-isolation', question, 'IsolationQuotaError'),
      failedEntryOf('isolate-network', 'nothing was prepared', 'IsolationIncompleteError'),
    ],
    isolation: undefined,
    verification: undefined,
    ...changes,
  });

const open = verificationWith({
  proof: proofWith({ 'eni-groups': { holds: false }, 'group-rules': { holds: false } }),
});

describe('a case that a quota stopped', () => {
  it('asks a person, with what the choice is, and nothing was cut', () => {
    expect(judged()).toEqual({
      status: 'asked',
      reason: `${question}.`,
      cut: 'none',
      isolated: false,
    });
  });

  it('asks also where verify read that the instance is open', () => {
    expect(judged({ verification: open }).status).toBe('asked');
  });

  it('asks while the rest still runs, as soon as the cut has failed, and not before', () => {
    expect(judged({ finished: false }).status).toBe('asked');
    const steps = [
      describedEntry(),
      failedEntryOf('prepare-isolation', question, 'IsolationQuotaError'),
    ];
    expect(judged({ finished: false, steps }).status).toBe('running');
  });

  it('does not ask where the instance is isolated all the same', () => {
    expect(judged({ verification: verificationWith() }).status).toBe('contained');
    expect(judged({ isolation: isolationWith() }).status).toBe('partial');
  });

  it('does not ask where another error stopped it', () => {
    const steps = [
      describedEntry(),
      failedEntryOf('prepare-isolation', 'denied', 'AwsDeniedError'),
    ];
    expect(judged({ steps }).status).toBe('failed');
  });

  it('is no question in a rehearsal', () => {
    expect(judged({ dryRun: true }).status).toBe('planned');
  });

  it('is told as what it is: not contained, and in need of an answer', () => {
    expect(headline(reportOfFailure({ status: 'asked' }))).toBe('ASKED, THE HOST IS OPEN NOW');
  });
});
