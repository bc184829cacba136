import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VerifiedCase } from '../../src/case/verdict.ts';
import type { RegionStatus, Standing } from '../../src/status/standing.ts';
import { statusCsv } from '../../src/status/status-csv.ts';
import { statusText, statusVerdict } from '../../src/status/status-text.ts';
import { nextOf, stateOf } from '../../src/status/words.ts';
import { reportWith } from '../case/sample-report.ts';

const now = new Date('2026-03-01T06:00:00Z');
const instanceId = 'i-0123456789abcdef0';
const caseId = `20260301T030000Z-${instanceId}`;

const verified = (verdict: VerifiedCase['verdict']): VerifiedCase => ({
  ...reportWith({ caseId, instanceId, status: 'contained' }),
  verdict,
});

const standing = (change: Partial<Standing> = {}): Standing => ({
  ...{ caseId, instanceId, region: 'eu-central-1', status: 'contained', isOpen: true },
  openedAt: '2026-03-01T03:00:00Z',
  report: verified('ISOLATED'),
  ...change,
});

const { report: _none, ...unreported } = standing();

const inRegion = (...cases: readonly Standing[]): readonly RegionStatus[] => [
  { region: 'eu-central-1', source: 'case-table', cases },
];

const release = `cordon release ${instanceId} --region eu-central-1`;

describe('How a case stands', () => {
  it.each<[string, Standing, string, string]>([
    [
      'isolated, and nobody has it',
      standing(),
      'CONTAINED',
      `cordon take ${caseId} --region eu-central-1`,
    ],
    [
      'isolated and taken',
      standing({ ownership: { owner: 'alice', takenAt: '2026-03-01T04:00:00Z' } }),
      'CONTAINED',
      `cordon verify ${instanceId} --region eu-central-1`,
    ],
    [
      'contained as the table says, and open as AWS shows',
      standing({ report: verified('NOT ISOLATED') }),
      'NOT ISOLATED',
      `cordon contain ${instanceId} --region eu-central-1`,
    ],
    [
      'a trail that says released, whatever whoever may tag has written',
      standing({ report: verified('RELEASED') }),
      'NOT ISOLATED',
      `cordon contain ${instanceId} --region eu-central-1`,
    ],
    [
      'a person is asked',
      standing({ status: 'asked', report: verified('NEVER CONTAINED') }),
      'ASKED, HOST IS OPEN',
      `cordon approve ${caseId} --region eu-central-1`,
    ],
    [
      'a release that did not end',
      standing({ status: 'release-incomplete', report: verified('NOT ISOLATED') }),
      'NOT FULLY RELEASED',
      `cordon release ${caseId} --region eu-central-1`,
    ],
    [
      'terminated, with a case that nobody has ended',
      standing({ report: verified('TERMINATED') }),
      'TERMINATED, CASE IS OPEN',
      `${release} --close --reason terminated`,
    ],
    [
      'EC2 does not know it any more',
      { ...unreported, isGone: true },
      'TERMINATED, CASE IS OPEN',
      `${release} --close --reason terminated`,
    ],
    [
      'AWS did not answer',
      { ...unreported, unread: 'UnauthorizedOperation' },
      'NOT KNOWN TO BE ISOLATED',
      `cordon verify ${instanceId} --region eu-central-1`,
    ],
    [
      'ended',
      { ...unreported, isOpen: false, status: 'released' },
      'RELEASED',
      `cordon verify ${instanceId} --region eu-central-1`,
    ],
  ])('%s', (_, one, state, next) => {
    expect(stateOf(one)).toBe(state);
    expect(nextOf(one)).toBe(next);
  });
});

describe('The verdict on all of them', () => {
  it('is good only if every open case was read as isolated', () => {
    expect(statusVerdict(inRegion(standing(), standing()))).toBe(
      '2 OPEN CASES in eu-central-1: all isolated.',
    );
    expect(statusVerdict(inRegion(standing(), { ...unreported, unread: 'denied' }))).toBe(
      '2 OPEN CASES in eu-central-1: 1 NOT ISOLATED, or not known to be.',
    );
  });

  it('says of no Region that nothing is open in it where it could not be read', () => {
    const unread = { region: 'eu-west-1', source: 'tags' as const, cases: [], unread: 'denied' };
    expect(statusVerdict([...inRegion(), unread])).toBe(
      'NOT KNOWN whether a case is open in eu-central-1, eu-west-1.',
    );
  });
});

describe('Words of others', () => {
  const hostile = fc.string({ unit: 'binary', maxLength: 60 });

  it('neither break a line of the table nor move its columns', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (name, by, owner) => {
        const one = standing({
          ...{ by, report: { ...verified('ISOLATED'), name } },
          ownership: { owner, takenAt: '2026-03-01T04:00:00Z' },
        });
        const lines = statusText(inRegion(one), now).split('\n');
        expect(lines).toHaveLength(6);
        expect(lines[3]).toMatch(new RegExp(`^${caseId} .* cordon verify ${instanceId} `));
        // None may reach a terminal.
        expect(lines.join('')).not.toMatch(/\p{Cc}/u);
      }),
    );
  });

  it('are no formulas and no rows of their own in the values for spreadsheets', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const one = standing({ report: { ...verified('ISOLATED'), name } });
        const rows = statusCsv([one]).split('\r\n');
        expect(rows).toHaveLength(2);
        expect(rows[1]).not.toMatch(/(?:^|,)"?[=+@-]/);
      }),
    );
    const formula = standing({ report: { ...verified('ISOLATED'), name: '=HYPERLINK("x"),1' } });
    expect(statusCsv([formula])).toContain(`"'=HYPERLINK(""x""),1"`);
  });
});
