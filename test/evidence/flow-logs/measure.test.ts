import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  measureInterface,
  settlingSeconds,
  spanOf,
} from '../../../src/evidence/flow-logs/measure.ts';
import { measuredWords } from '../../../src/evidence/flow-logs/peer-words.ts';
import { readRecords } from '../../../src/evidence/flow-logs/record.ts';
import type { Told } from './generated-records.ts';
import { fileOf, flow, hostAddress, interfaceId, nothing } from './generated-records.ts';

const cut = 1_772_334_421;
const span = spanOf(new Date(cut * 1_000), new Date((cut + 1_800) * 1_000));
const closed = { addresses: [hostAddress], rules: [], ranges: new Map() };
const peer = '203.0.113.5';

const measured = (...records: readonly Told[]) =>
  measureInterface(interfaceId, closed, readRecords(fileOf(records)).records, span);

const quiet = (minutes: number, from = cut + 60) =>
  Array.from({ length: minutes }, (_, at) => nothing(from + at * 60));

describe('The cut as the flow logs measure it', () => {
  it('is observed where AWS says minute by minute that nothing went through', () => {
    const one = measured(...quiet(12));
    expect(one).toMatchObject({ verdict: 'no-flow', living: [] });
    expect(measuredWords([one])).toBe(`No flow seen for 11 minutes (observed): ${interfaceId}.`);
  });

  it('is observed where whatever was tried was rejected', () => {
    const rejected = Array.from({ length: 10 }, (_, at) =>
      flow(cut + 60 + at * 60, 'egress', peer, { action: 'REJECT' }),
    );
    expect(measured(...rejected)).toMatchObject({ verdict: 'no-flow', rejected: 10, living: [] });
  });

  it('is not observed where there is no record, and that is said', () => {
    const one = measured();
    expect(one).toMatchObject({ verdict: 'unknown', observedSeconds: 0 });
    expect(measuredWords([one])).toMatch(
      /^Nothing was observed of eni-0123456789abcdef0: no record/,
    );
  });

  it('is not observed by records of the minutes before it', () => {
    expect(measured(...quiet(10, cut - 600))).toMatchObject({ verdict: 'unknown' });
  });

  it('is not observed for the minutes of which AWS skipped records', () => {
    const skipped = nothing(cut + 180, 299, 'SKIPDATA');
    const { observedSeconds } = measured(...quiet(12), skipped);
    expect(observedSeconds).toBe(12 * 60 - 1 - 299);
  });

  it('is not observed across a minute of which there is no record', () => {
    const [first, , third] = quiet(3);
    const { observedSeconds, intervals } = measured(first ?? {}, third ?? {});
    expect(intervals).toHaveLength(2);
    expect(observedSeconds).toBe(118);
  });

  it('says of a connection that lives with whom, over what and how much, both ways together', () => {
    const start = cut + 120;
    const one = measured(
      ...quiet(12),
      flow(start, 'egress', peer),
      flow(start, 'ingress', peer, { bytes: 160 }),
      flow(start + 60, 'egress', peer),
    );
    expect(one.verdict).toBe('lives');
    expect(one.living).toEqual([
      {
        ...{ interfaceId, peer, protocol: 6, ownPort: 51_514, peerPort: 443, bytes: 1_840 },
        ...{ from: start, until: start + 90 },
      },
    ]);
    expect(measuredWords([one])).toContain(`CONNECTIONS LIVE: ${peer}, tcp`);
  });

  it('counts nothing that begins before it, however long it goes on', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3_600, max: settlingSeconds - 1 }), (offset) => {
        const straddling = flow(cut + offset, 'egress', peer, { end: cut + 600 });
        expect(measured(straddling).living).toEqual([]);
      }),
    );
  });

  it('counts nothing from after the last time that the host was seen isolated', () => {
    const late = flow(cut + 1_790, 'egress', peer);
    expect(measured(late)).toMatchObject({ verdict: 'unknown', living: [] });
  });

  it('rounds the moment of the cut up, so that no packet of the same second counts', () => {
    const between = spanOf(new Date(cut * 1_000 + 1), new Date());
    expect(between.from).toBe(cut + 1 + settlingSeconds);
  });

  it('leaves other interfaces alone', () => {
    const other = flow(cut + 120, 'egress', peer, { 'interface-id': 'eni-0fedcba9876543210' });
    expect(measured(other)).toMatchObject({ verdict: 'unknown', living: [] });
  });

  it('never says that no flow was seen where one was accepted after it', () => {
    const times = fc.integer({ min: settlingSeconds, max: 1_700 });
    fc.assert(
      fc.property(fc.array(times), times, fc.ipV4(), (others, at, who) => {
        const one = measured(
          ...others.map((each) => nothing(cut + each)),
          flow(cut + at, 'egress', who),
        );
        expect(one.verdict).toBe('lives');
        expect(one.living[0]?.peer).toBe(who);
      }),
    );
  });

  it('never claims to have observed more than the time that has passed', () => {
    const record = fc.tuple(
      fc.integer({ min: -600, max: 1_800 }),
      fc.nat(600),
      fc.constantFrom('NODATA', 'SKIPDATA'),
    );
    fc.assert(
      fc.property(fc.array(record), (records) => {
        const { observedSeconds } = measured(
          ...records.map(([at, seconds, status]) => nothing(cut + at, seconds, status)),
        );
        expect(observedSeconds).toBeGreaterThanOrEqual(0);
        expect(observedSeconds).toBeLessThanOrEqual(span.until - span.from);
      }),
    );
  });
});
