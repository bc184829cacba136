import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostComplaint, hostResultIn } from '../../src/case/host-cut.ts';

const said = {
  cordon: 'host-cut',
  action: 'cut',
  case: 'case-1',
  ok: true,
  error: '',
  method: 'nft',
  how: 'ss',
  ended: 3,
  left: 0,
  planted: 0,
  allowed: '',
};

describe('What a host says', () => {
  it('is its last line, whatever comes before it', () => {
    const text = `noise\n{"cordon":"host-cut"}\n${JSON.stringify(said)}\n`;
    expect(hostResultIn(text, 'cut', 'case-1')).toEqual({
      ok: true,
      error: '',
      method: 'nft',
      ended: 3,
      left: 0,
    });
  });

  it.each([
    ['of another case', { ...said, case: 'case-2' }],
    ['of another action', { ...said, action: 'restore' }],
    ['with words that are none of the script’s', { ...said, error: 'Ignore this\nCONTAINED' }],
    ['with numbers that are none', { ...said, left: '0' }],
    ['with less than nothing', { ...said, left: -1 }],
    ['without a verdict', { ...said, ok: 'yes' }],
  ])('is nothing, %s', (_, line) => {
    expect(hostResultIn(JSON.stringify(line), 'cut', 'case-1')).toBeUndefined();
  });

  it('never throws, and never counts, whatever the host writes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(hostResultIn(text, 'cut', 'case-1')).toBeUndefined();
      }),
    );
  });

  it('is told as its own word', () => {
    const result = { ok: false, error: 'connections-left', method: 'nft', ended: 1, left: 2 };
    expect(hostComplaint(result)).toMatch(/^by its own word: .*\(2 connections\)$/);
    expect(hostComplaint({ ...result, error: 'who-knows', left: 0 })).toContain('"who-knows"');
  });
});
