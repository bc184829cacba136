import { describe, expect, it } from 'vitest';
import type { CaseReport, ReportInput } from '../../src/case/report.ts';
import { assembleReport } from '../../src/case/report.ts';
import { undoFromLogOnly } from '../../src/case/risks/record.ts';
import { routesUnread } from '../../src/case/risks/tracked-paths.ts';
import type { StepEntry } from '../../src/case/step.ts';
import {
  accountId,
  beforeWith,
  instanceId,
  instanceWith,
  membershipWith,
  targetWith,
} from './sample-before.ts';
import {
  caseId,
  caseWith,
  describedEntry,
  entryOf,
  failedEntryOf,
  isolatedEntry,
  manualTrigger,
  preparedEntry,
  proofWith,
  verifiedEntry,
} from './sample-report.ts';

const assembled = (steps: readonly StepEntry[], changes: Partial<ReportInput> = {}): CaseReport =>
  assembleReport({
    case: caseWith(),
    steps,
    finished: true,
    now: new Date('2026-11-20T03:00:12.000Z'),
    ...changes,
  });

const wholeRun = [
  describedEntry(),
  preparedEntry(),
  isolatedEntry(),
  entryOf('protect'),
  entryOf('tag'),
  verifiedEntry(),
];

describe('the report of a contained case', () => {
  const report = assembled(wholeRun);

  it('says which case it is and how it ended', () => {
    expect(report).toMatchObject({
      caseId,
      instanceId,
      accountId,
      region: 'us-east-1',
      status: 'contained',
      cut: 'complete',
      trigger: caseWith().trigger,
      startedAt: '2026-11-20T03:00:00.000Z',
      isolatedAt: '2026-11-20T03:00:01.900Z',
      finishedAt: '2026-11-20T03:00:12.000Z',
      proof: proofWith(),
    });
  });

  it('measures from the first AWS call to the reading back', () => {
    expect(report.secondsToIsolate).toBe(1.9);
  });

  it('measures from the moment the finding was last seen to the reading back', () => {
    expect(report.secondsFromFinding).toBe(61.9);
  });

  it('carries no null but the severity that a source does not have, and no raw tags', () => {
    const before = beforeWith({ instance: instanceWith({ tags: { Secret: 'of the customer' } }) });
    const text = JSON.stringify(
      assembled([
        describedEntry(before, caseWith({ trigger: manualTrigger })),
        ...wholeRun.slice(1),
      ]),
    );
    expect(text.match(/[^,{]*null/g)).toEqual(['"severity":null']);
    expect(text).not.toContain('of the customer');
    expect(text).toContain('"metadataService":"enabled"');
  });
});

describe('the times of a report', () => {
  it('know no finding where a person asked', () => {
    const described = describedEntry(beforeWith(), caseWith({ trigger: manualTrigger }));
    const report = assembled([described, isolatedEntry()]);
    expect(report.secondsToIsolate).toBe(1.9);
    expect(report).not.toHaveProperty('secondsFromFinding');
  });

  it('are absent where nothing was isolated', () => {
    const report = assembled([describedEntry(), failedEntryOf('isolate-network', 'denied')]);
    expect(report).not.toHaveProperty('isolatedAt');
    expect(report).not.toHaveProperty('secondsToIsolate');
    expect(report).not.toHaveProperty('secondsFromFinding');
  });

  it('take the reading of verify where the isolating step did not answer', () => {
    const report = assembled([
      describedEntry(),
      failedEntryOf('isolate-network', 'timed out'),
      verifiedEntry({ cut: 'new-flows-only' }),
    ]);
    expect(report).toMatchObject({
      status: 'partial',
      isolatedAt: '2026-11-20T03:00:08.000Z',
      secondsToIsolate: 8,
    });
  });

  it('are never negative, though clocks differ', () => {
    const described = describedEntry(
      beforeWith(),
      caseWith({ trigger: { ...caseWith().trigger, at: '2026-11-20T03:01:00.000Z' } }),
    );
    expect(assembled([described, isolatedEntry()]).secondsFromFinding).toBe(0);
  });

  it('have no end while the case is running', () => {
    const report = assembled([describedEntry(), preparedEntry(), isolatedEntry()], {
      finished: false,
    });
    expect(report.status).toBe('running');
    expect(report).not.toHaveProperty('finishedAt');
  });
});

describe('the steps of a report', () => {
  it('stand in the order of the runbook, however the branches ended', () => {
    const report = assembled([...wholeRun].reverse());
    expect(report.steps.map(({ step }) => step)).toEqual([
      'describe',
      'tag',
      'prepare-isolation',
      'isolate-network',
      'protect',
      'verify',
    ]);
  });

  it('appear once each, as they ended: a second try of isolation counts', () => {
    const report = assembled([
      describedEntry(),
      preparedEntry(),
      failedEntryOf('isolate-network', 'timed out'),
      isolatedEntry({ cut: 'new-flows-only' }),
      verifiedEntry({ cut: 'new-flows-only' }),
    ]);
    const isolation = report.steps.filter(({ step }) => step === 'isolate-network');
    expect(isolation.map(({ outcome }) => outcome)).toEqual(['done']);
    expect(report.status).toBe('partial');
  });

  it('say a Lambda error in the words of its message, not in JSON', () => {
    const cause = JSON.stringify({ errorType: 'AwsDeniedError', errorMessage: 'ec2 said no' });
    const report = assembled([failedEntryOf('describe', cause)]);
    expect(report.steps[0]?.error).toEqual({ code: 'AwsDeniedError', message: 'ec2 said no' });
    expect(report.reason).toBe('describe failed: ec2 said no.');
  });

  it('say something where a time-out has no words', () => {
    const report = assembled([failedEntryOf('describe', '', 'States.Timeout')]);
    expect(report.steps[0]?.error?.message).toContain('States.Timeout');
  });
});

describe('the case of a report', () => {
  it('is the one that describe filled in: a repeat keeps its first id', () => {
    const first = caseWith({ caseId: `20261119T2200Z-${instanceId}` });
    expect(assembled([describedEntry(beforeWith(), first)]).caseId).toBe(first.caseId);
  });

  it('is the one that was asked for where describe failed', () => {
    expect(assembled([failedEntryOf('describe', 'denied')]).caseId).toBe(caseId);
  });

  it('is skipped where intake decided so, without any step', () => {
    expect(assembled([], { skip: 'It is exempt' })).toMatchObject({
      status: 'skipped',
      reason: 'It is exempt.',
      startedAt: '2026-11-20T03:00:12.000Z',
      steps: [],
    });
  });

  it('is skipped where describe found the exempting tag', () => {
    const described = describedEntry();
    const report = assembled([
      { ...described, detail: { ...described.detail, skip: 'It is exempt' } },
    ]);
    expect(report.status).toBe('skipped');
  });

  it('is planned where it was a dry run', () => {
    const report = assembled([describedEntry(beforeWith(), caseWith({ dryRun: true }))]);
    expect(report).toMatchObject({ status: 'planned', cut: 'none' });
  });
});

describe('the risks of a report', () => {
  const risk = (name: string) => ({ ...undoFromLogOnly(name), risk: name });

  it('are those of every step, each told once', () => {
    const report = assembled([
      describedEntry(),
      preparedEntry({ risks: [risk('from-prepare'), risk('common')] }),
      isolatedEntry({ risks: [risk('from-isolate'), risk('common')] }),
      entryOf('deregister-load-balancers', {
        detail: {
          targets: [],
          loadBalancers: [],
          targetGroupsRead: 1,
          risks: [risk('from-sweep')],
        },
      }),
      verifiedEntry({ risks: [risk('from-verify'), risk('common')] }),
    ]);
    expect(report.residualRisks.map((one) => one.risk).toSorted()).toEqual([
      'common',
      'from-isolate',
      'from-prepare',
      'from-sweep',
      'from-verify',
    ]);
  });

  it('tell two findings of one kind apart', () => {
    const risks = [routesUnread('denied'), routesUnread('no table')];
    expect(assembled([describedEntry(), verifiedEntry({ risks })]).residualRisks).toEqual(risks);
  });

  it('say which setting was not understood', () => {
    const settingWarnings = ['MODE is "Contain"; accepted is observe or contain'];
    const report = assembled(wholeRun, { settingWarnings });
    expect(report.residualRisks[0]?.risk).toBe('setting-not-understood');
    expect(report.residualRisks[0]?.explanation).toContain('MODE is "Contain"');
  });

  it('say that registrations are in the log only, when deregistering failed halfway', () => {
    const report = assembled([
      ...wholeRun,
      failedEntryOf(
        'deregister-load-balancers',
        '7 registrations were found; 1 load balancer calls failed: denied',
        'DeregistrationIncompleteError',
      ),
    ]);
    expect(report.residualRisks.map((one) => one.risk)).toContain('undo-from-log-only');
  });
});

describe('the undo of a report', () => {
  const membership = membershipWith({ targetGroupArns: [] });
  const before = beforeWith({ autoScaling: { known: true, membership } });

  it('names the original groups, the Auto Scaling group and what both steps deregistered', () => {
    const report = assembled([
      describedEntry(before),
      entryOf('detach-auto-scaling', {
        detail: {
          targets: [targetWith({ port: 1, viaAutoScaling: true })],
          loadBalancers: [],
          left: 'detach',
        },
      }),
      entryOf('deregister-load-balancers', {
        detail: {
          targets: [targetWith({ port: 1 }), targetWith({ port: 2 })],
          loadBalancers: ['classic'],
          targetGroupsRead: 1,
          risks: [],
        },
      }),
      preparedEntry(),
      isolatedEntry(),
    ]);
    expect(report.undo).toContain('--groups sg-0123456789abcdef0');
    expect(report.undo).toContain('--auto-scaling-group-name web');
    expect(report.undo).toContain('Port=2');
    expect(report.undo).not.toContain('Port=1');
    expect(report.undo).toContain('--load-balancer-name classic');
  });

  it('does not undo what a dry run did not do', () => {
    const dry = caseWith({ dryRun: true });
    const report = assembled([
      describedEntry(before, dry),
      entryOf('protect', { outcome: 'planned', detail: { calls: [] } }),
    ]);
    expect(report.status).toBe('planned');
    expect(report.undo).not.toMatch(/\baws |cordon:/);
  });

  it('does not undo what was skipped', () => {
    const described = describedEntry(before);
    const exempt = { ...described, detail: { ...described.detail, skip: 'It is exempt' } };
    expect(assembled([exempt]).undo).not.toMatch(/\baws |cordon:/);
    expect(assembled([], { skip: 'It is exempt' }).undo).not.toMatch(/\baws |cordon:/);
  });
});
