import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plausibleBeginning } from '../../src/triggers/schema.ts';
import { onlyRequest } from './only-request.ts';

const folder = new URL('../../events/', import.meta.url);
const now = new Date('2026-11-20T03:05:00.000Z');

const textOf = (name: string): string => readFileSync(new URL(`${name}.json`, folder), 'utf8');

/** When the event says that it began, with the moment of the sample replaced by another. */
const sinceIn = (name: string, field: string, value: string): string | undefined => {
  const text = textOf(name);
  const changed = text.replace(new RegExp(`"${field}": "[^"]*"`), `"${field}": "${value}"`);
  const added = text.replace('"last_seen_time_dt"', `"${field}": "${value}", "last_seen_time_dt"`);
  return onlyRequest(JSON.parse(changed === text ? added : changed), now).trigger.since;
};

describe('since when a finding has been seen', () => {
  it.each([
    ['guardduty-command-and-control', 'eventFirstSeen'],
    ['security-hub-guardduty-finding', 'FirstObservedAt'],
    ['security-hub-v2-finding', 'first_seen_time_dt'],
  ])('is read of %s', (name, field) => {
    const early = '2026-11-20T02:10:00.000Z';
    expect(sinceIn(name, field, early)).toBe(early);
    for (const none of ['2026-11-20T02:57:41.000Z', '2027-01-01T00:00:00Z', '1970-01-01', 'x']) {
      expect(sinceIn(name, field, none)).toBeUndefined();
    }
  });

  it('is never later than when it was last seen, and never before there was EC2', () => {
    const moments = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
    fc.assert(
      fc.property(moments, moments, (candidate, at) => {
        const since = plausibleBeginning(candidate, at);
        if (since === undefined) return;
        expect(Date.parse(since)).toBeLessThan(Date.parse(at));
        expect(Date.parse(since)).toBeGreaterThanOrEqual(Date.UTC(2006, 7, 1));
      }),
    );
  });
});
