import { describe, expect, it } from 'vitest';
import {
  entriesOfRecord,
  newestReport,
  timelineOfRecord,
} from '../../../src/record/chain/timeline.ts';
import { reportWith } from '../../case/sample-report.ts';
import type { Part } from './sample-record.ts';
import { cutter, entryWith, objectsOf } from './sample-record.ts';

const report = reportWith();

const finding = entryWith({
  id: 'finding',
  kind: 'finding',
  at: '2026-11-20T02:59:00.000Z',
  sentence: 'GuardDuty saw it talk to a command server.',
});
const released = entryWith({
  id: 'released',
  kind: 'status',
  at: '2026-11-21T09:00:00.000Z',
  after: 'released',
  sentence: 'Given back by sam.',
});

const recordWith = (...parts: readonly Part[]) => objectsOf(report, parts);

describe('The story of a record', () => {
  it('is told in the order of time, whatever the order of the objects', () => {
    const objects = recordWith(
      { occasion: 'release', entries: [released] },
      { occasion: 'cut', entries: [entryWith(), finding], report },
    );
    const kinds = timelineOfRecord(objects, report).map(({ kind }) => kind);
    expect(kinds).toEqual([
      'finding',
      'finding',
      'step',
      'step',
      'step',
      'change',
      'cut',
      'release',
    ]);
  });

  // threat E16
  it('keeps what was appended first, whatever is said later under the same id', () => {
    const truth = entryWith({ sentence: 'opened by mallory' });
    const lie = entryWith({ sentence: 'nothing happened' });
    const objects = recordWith({ entries: [truth] }, { entries: [lie] });
    expect(entriesOfRecord(objects)).toEqual([truth]);
  });

  it('has who made a change, how it ended, and what finds it in CloudTrail', () => {
    const [change] = timelineOfRecord(recordWith({ entries: [entryWith()] }));
    expect(change).toEqual({
      kind: 'change',
      at: '2026-11-20T03:00:01.100Z',
      what: 'ec2:ModifyNetworkInterfaceAttribute eni-0a1b2c3d4e5f60718: sg-0123456789abcdef0 → sg-0000000000000000a',
      by: cutter,
      outcome: 'done',
      requestId: '1f2e3d4c-0000-4000-8000-5a6b7c8d9e0f',
      sources: ['record'],
    });
  });

  it('takes once what two objects repeat', () => {
    const objects = recordWith({ entries: [entryWith()] }, { entries: [entryWith(), finding] });
    expect(entriesOfRecord(objects).map(({ id }) => id)).toEqual(['finding', 'entry-1']);
  });

  it('says when the finding came, and when what it found was last seen', () => {
    const came = { ...finding, at: '2026-11-20T02:59:30.000Z' };
    const told = timelineOfRecord(recordWith({ entries: [came] }), report);
    expect(told.filter(({ kind }) => kind === 'finding').map(({ what }) => what)).toEqual([
      '"Backdoor:EC2/C&CActivity.B" last seen',
      'GuardDuty saw it talk to a command server.',
    ]);
  });

  it('says the steps once: by their entries, where there are such', () => {
    const step = entryWith({ id: 'step', kind: 'step', step: 'isolate-network' });
    const told = timelineOfRecord(recordWith({ entries: [step] }), report);
    expect(told.map(({ kind }) => kind)).toEqual(['finding', 'step', 'cut']);
  });

  it('keeps an error with its words between quotation marks, on one line', () => {
    const error = { code: 'UnauthorizedOperation', message: 'no "way"\u202e\nat all' };
    const [event] = timelineOfRecord(recordWith({ entries: [entryWith({ error })] }));
    expect(event?.what).toMatch(/\(UnauthorizedOperation: "no 'way' at all"\)$/);
  });

  it('leaves out what is no entry', () => {
    expect(timelineOfRecord(recordWith({ entries: [{ kind: 'change' }, finding] }))).toHaveLength(
      1,
    );
  });
});

describe('The case report of a record', () => {
  it('is that of the newest object that has one', () => {
    const later = { ...report, status: 'released' };
    const objects = recordWith({ report }, { report: later }, { entries: [released] });
    expect(newestReport(objects)).toMatchObject({ number: 2, report: { status: 'released' } });
  });

  it('is none where no object has one', () => {
    expect(newestReport(recordWith({ entries: [finding] }))).toBeUndefined();
  });
});
