import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { believedSnapshots } from '../../../src/evidence/analysis/case-snapshots.ts';
import { whyUnfit } from '../../../src/evidence/analysis/examiner.ts';
import { makingToken } from '../../../src/evidence/analysis/marks.ts';
import { planAnalysis } from '../../../src/evidence/analysis/plan.ts';
import { freeDevices } from '../../../src/evidence/free-devices.ts';
import { instanceId } from '../../steps/sample-instance.ts';
import {
  aCopy,
  anEntry,
  anExaminer,
  aSnapshot,
  copyId,
  examinerId,
  originals,
  theCase,
} from './sample.ts';

const second = aSnapshot({ snapshotId: 'snap-0000000000000000b', volumeId: originals[1] });

const knowledge = {
  case: theCase,
  examiner: anExaminer(),
  snapshots: [aSnapshot(), second],
  tagged: [],
  custody: [],
};

describe('The plan of an analysis', () => {
  it('copies every volume of the case, each to a free device', () => {
    const { volumes } = planAnalysis({
      ...knowledge,
      examiner: anExaminer({ devices: ['/dev/xvda', 'xvdf'] }),
    });
    expect(volumes.map(({ snapshot, device }) => [snapshot.volumeId, device])).toEqual([
      [originals[0], '/dev/sdg'],
      [originals[1], '/dev/sdh'],
    ]);
  });

  it('copies the one volume that is asked for, by the id of the original', () => {
    const { volumes } = planAnalysis(knowledge, originals[1]);
    expect(volumes.map(({ snapshot }) => snapshot)).toEqual([second]);
    expect(() => planAnalysis(knowledge, 'vol-0000000000000000f')).toThrow(
      /has no snapshot of the volume vol-0000000000000000f; it has them of vol-/,
    );
  });

  it('leaves what is not completed for later, and says so', () => {
    const pending = { ...second, state: 'pending', progress: '40%' };
    const plan = planAnalysis({ ...knowledge, snapshots: [aSnapshot(), pending] });
    expect(plan.volumes).toHaveLength(1);
    expect(plan.waiting).toEqual([expect.stringContaining('is pending (40%)')]);
  });

  it('uses what an earlier run has made for the same instance, and for no other', () => {
    const there = {
      ...knowledge,
      snapshots: [aSnapshot()],
      tagged: [aCopy()],
      custody: [anEntry()],
    };
    expect(planAnalysis(there).volumes[0]?.there?.volumeId).toBe(copyId);
    const other = planAnalysis({
      ...there,
      examiner: anExaminer({ instanceId: 'i-0000000000000000e' }),
    });
    expect(other.volumes[0]?.there).toBeUndefined();
  });

  it('does not use a volume that merely bears the tags', () => {
    const planted = { ...knowledge, snapshots: [aSnapshot()], tagged: [aCopy()] };
    expect(planAnalysis(planted).volumes[0]?.there).toBeUndefined();
  });

  it("is refused where no device name is free, or no snapshot is the case's own", () => {
    const devices = [...'fghijklmnop'].map((letter) => `/dev/sd${letter}`);
    expect(() => planAnalysis({ ...knowledge, examiner: anExaminer({ devices }) })).toThrow(
      /too few free device names/,
    );
    expect(() => planAnalysis({ ...knowledge, snapshots: [] })).toThrow(
      /no snapshot that is known/,
    );
  });
});

describe('Device names', () => {
  it('are never taken twice, whatever the instance calls its own', () => {
    const names = fc.constantFrom('/dev/sd', '/dev/xvd', 'xvd', 'sd', '/dev/hd');
    const device = fc.tuple(
      names,
      fc.constantFrom(...'abcdefghijklmnop'),
      fc.constantFrom('', '1'),
    );
    fc.assert(
      fc.property(fc.array(device), (taken) => {
        const free = freeDevices(taken.map((words) => words.join('')));
        const letters = taken.map(([, letter]) => letter);
        expect(free.filter((one) => letters.includes(one.slice(-1)))).toEqual([]);
        expect(free.length).toBe(11 - new Set(letters.filter((one) => one >= 'f')).size);
      }),
    );
  });
});

describe('An instance to analyse on', () => {
  const running = { InstanceId: examinerId, State: { Name: 'running' as const } };
  const tags = (status: string) => [
    { Key: 'cordon:case', Value: `20260101T0000Z-${examinerId}` },
    { Key: 'cordon:status', Value: status },
  ];

  it('is one that runs and that nobody suspects, also after a case that was released', () => {
    expect(whyUnfit(running, instanceId)).toBeUndefined();
    expect(whyUnfit({ ...running, Tags: tags('released') }, instanceId)).toBeUndefined();
  });

  it.each([
    ['the contained one', { ...running, InstanceId: instanceId }, 'the contained instance itself'],
    ['one with an open case', { ...running, Tags: tags('contained') }, 'a case of its own'],
    [
      'one with a case of no status',
      { ...running, Tags: tags('').slice(0, 1) },
      'a case of its own',
    ],
    [
      "one in a group of Cordon's whose tags say released",
      {
        ...running,
        Tags: tags('released'),
        NetworkInterfaces: [{ Groups: [{ GroupName: 'cordon-isolation-full' }] }],
      },
      'a case of its own',
    ],
    [
      'one that is managed',
      { ...running, Operator: { Managed: true } },
      'managed by an AWS service',
    ],
    // A stopped instance may boot from the copy of a root volume.
    ['one that is stopped', { ...running, State: { Name: 'stopped' as const } }, 'start it first'],
  ])('is not %s', (_, instance, why) => {
    expect(whyUnfit(instance, instanceId)).toContain(why);
  });
});

describe('The snapshots of a case', () => {
  const since = new Date('2026-03-01T02:50:00.000Z');
  const planted = aSnapshot({
    snapshotId: 'snap-0000000000000000f',
    startedAt: new Date('2026-03-01T05:00:00.000Z'),
  });

  it('are those on record, whatever else bears the tags', () => {
    expect(believedSnapshots([aSnapshot()], [planted, aSnapshot()], originals, since)).toEqual([
      aSnapshot(),
    ]);
  });

  it('are without a record those of its volumes, begun in the case', () => {
    const foreign = aSnapshot({ volumeId: 'vol-0000000000000000f' });
    const old = aSnapshot({ startedAt: new Date('2026-02-01T00:00:00.000Z') });
    expect(believedSnapshots([], [foreign, old], originals, since)).toEqual([]);
    expect(believedSnapshots([], [second, foreign], originals, since)).toEqual([second]);
  });

  it('that are not on record yet count beside those that are', () => {
    expect(believedSnapshots([aSnapshot()], [planted, second], originals, since)).toEqual([
      aSnapshot(),
      second,
    ]);
  });
});

it('A client token is what EC2 takes, and another for whatever is another volume', () => {
  const tokens = [
    makingToken(theCase, 'snap-a', examinerId, 0),
    makingToken(theCase, 'snap-a', examinerId, 1),
    makingToken(theCase, 'snap-b', examinerId, 0),
    makingToken(theCase, 'snap-a', instanceId, 0),
    makingToken({ ...theCase, caseId: 'another' }, 'snap-a', examinerId, 0),
  ];
  expect(new Set(tokens).size).toBe(tokens.length);
  for (const token of tokens) expect(token).toMatch(/^[\x21-\x7e]{1,64}$/);
});
