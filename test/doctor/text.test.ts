import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doctorText, doctorVerdict } from '../../src/doctor/text.ts';

const anyLine = fc.record({
  check: fc.constantFrom('identity', 'key', 'by hand'),
  state: fc.constantFrom('ok', 'warn', 'FAIL'),
  says: fc.string({ unit: 'grapheme-ascii', maxLength: 300 }),
  remedy: fc.string({ unit: 'grapheme-ascii', maxLength: 300 }),
});

describe('What the doctor prints', () => {
  it('is aligned, with what to do after an arrow', () => {
    expect(
      doctorText([
        { check: 'groups', state: 'ok', says: 'ready in 2 of 2 VPCs with instances' },
        {
          check: 'cloudtrail',
          state: 'FAIL',
          says: 'there is no trail: nobody is told who touches a contained host',
          remedy: 'make a trail with management events, of all Regions',
        },
      ]),
    ).toBe(
      [
        'NOT READY: 1 FAIL, 0 warn, 1 ok',
        'ok    groups      ready in 2 of 2 VPCs with instances',
        'FAIL  cloudtrail  there is no trail: nobody is told who touches a contained host',
        '                  → make a trail with management events, of all Regions',
        'NOT READY: 1 FAIL, 0 warn, 1 ok',
      ].join('\n'),
    );
  });

  it('is never wider than 80 columns, and begins and ends with the verdict', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 5 }), (lines) => {
        const shown = doctorText(lines).split('\n');
        expect(shown.filter((line) => line.length > 80)).toEqual([]);
        expect([shown[0], shown.at(-1)]).toEqual([doctorVerdict(lines), doctorVerdict(lines)]);
      }),
    );
  });

  it.each([
    [['ok'], 'READY: 0 FAIL, 0 warn, 1 ok'],
    [['ok', 'warn'], 'READY, WITH WARNINGS: 0 FAIL, 1 warn, 1 ok'],
    [['warn', 'FAIL'], 'NOT READY: 1 FAIL, 1 warn, 0 ok'],
  ] as const)('has the verdict of its worst line: %j', (states, verdict) => {
    expect(doctorVerdict(states.map((state) => ({ check: 'x', state, says: '' })))).toBe(verdict);
  });
});
