import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/aws/clock.ts';
import type { FoundCase } from '../../src/find-case.ts';
import type { SealState } from '../../src/record/trail/seal/judge-seal.ts';
import { recordCaseOf } from '../../src/watch/record-case.ts';

const instanceId = 'i-0123456789abcdef0';
const open = `20260301T030107Z-${instanceId}`;
const tagged = `20260301T0500Z-${instanceId}`;

const recordCase = (table: ReadonlyMap<string, string>, tag?: string, state?: SealState) => {
  const tags = tag === undefined ? {} : { 'cordon:case': tag };
  const found = {
    before: { instance: { id: instanceId, tags } },
    seals: state === undefined ? {} : { [instanceId]: { state } },
  } as unknown as FoundCase;
  return recordCaseOf(
    { openInTable: async () => table, clock: systemClock },
    instanceId,
    tag === undefined ? undefined : found,
  );
};

describe('The record into which the watch writes', () => {
  it('is that of the case which the table has open, whatever a tag names', async () => {
    const table = new Map([[instanceId, open]]);
    expect(await recordCase(table)).toBe(open);
    expect(await recordCase(table, tagged)).toBe(open);
    expect(await recordCase(table, tagged, 'sealed')).toBe(open);
  });

  it('is that of a sealed trail where the table has none', async () => {
    expect(await recordCase(new Map(), tagged, 'sealed')).toBe(tagged);
  });

  it('is none where nothing but tags names a case: one could be begun that never was', async () => {
    expect(await recordCase(new Map())).toBeUndefined();
    expect(await recordCase(new Map(), tagged)).toBeUndefined();
    for (const state of ['broken', 'replayed', 'copied', 'unsealed'] as const) {
      expect(await recordCase(new Map(), tagged, state as SealState)).toBeUndefined();
    }
    const others = `20260301T0500Z-i-00000000000000077`;
    expect(await recordCase(new Map(), others, 'sealed')).toBeUndefined();
  });
});
