import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { complaintOf } from '../../src/triggers/complaint.ts';

const complaintAbout = (schema: z.ZodMiniType, value: unknown): string => {
  const parsed = z.safeParse(schema, value, { reportInput: true });
  return parsed.error === undefined ? 'nothing to complain about' : complaintOf(parsed.error);
};

const schema = z.object({ detail: z.object({ id: z.string() }) });

describe('a complaint about an event', () => {
  it('says where something is missing, and what is accepted there', () => {
    expect(complaintAbout(schema, { detail: {} })).toBe('detail.id: missing; accepted is string');
  });

  it('does not call missing what is there and of another kind', () => {
    expect(complaintAbout(schema, { detail: { id: 17 } })).toBe('detail.id: accepted is string');
    expect(complaintAbout(schema, 'text')).toBe('the event: accepted is object');
  });

  it('names the keys that are not accepted', () => {
    expect(complaintAbout(z.strictObject({}), { dryrun: true })).toContain('dryrun');
  });

  it('names the values that are accepted', () => {
    expect(complaintAbout(z.enum(['observe', 'contain']), 'x')).toContain('observe or contain');
    expect(complaintAbout(z.number().check(z.maximum(10)), 11)).toContain('at most 10');
    expect(complaintAbout(z.number().check(z.minimum(0)), -1)).toContain('at least 0');
  });

  it('is made of the first five at most', () => {
    const complaint = complaintAbout(z.array(z.string()), [1, 2, 3, 4, 5, 6, 7]);
    expect(complaint.match(/\d: /g)).toHaveLength(5);
  });
});
