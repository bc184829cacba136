import { describe, expect, it } from 'vitest';
import type { CaseReport } from '../../src/case/report.ts';
import { exposureLines } from '../../src/notify/exposure.ts';
import { textOf } from '../../src/notify/text.ts';
import {
  failedEntryOf,
  manualTrigger,
  reportOfFailure,
  reportWith,
  triggerWith,
} from '../case/sample-report.ts';

const credentials = { risk: 'role-credentials-valid', explanation: 'They work.', remedy: 'Deny.' };

const exposureOf = (changes: Partial<CaseReport>): string =>
  exposureLines(reportWith(changes)).join('\n');

describe('how long the host was active, and what was stolen', () => {
  it('stands right behind the three lines: since the finding first saw it, until the cut', () => {
    const trigger = triggerWith({ since: '2026-11-20T02:13:00.000Z' });
    const text = textOf(reportWith({ trigger, residualRisks: [credentials] }));
    expect(text.split('\n').slice(3, 5)).toEqual([
      '',
      'Active before the cut: 47 min, as the finding saw it (02:13Z to 03:00Z). Stolen credentials of its role work until about 2026-11-20 09:30Z, unless you revoke them.',
    ]);
  });

  it('is counted from when it was last seen, where the finding does not say since when', () => {
    expect(exposureOf({})).toContain('62 s, as the finding saw it (02:59:00Z to 03:00:01Z)');
  });

  it('names the days where it was active for longer than one', () => {
    const trigger = triggerWith({ since: '2026-11-16T03:00:00.000Z' });
    expect(exposureOf({ trigger })).toContain('4 days, as');
    expect(exposureOf({ trigger })).toContain('2026-11-16 03:00Z to 2026-11-20 03:00Z');
  });

  it('is said not to be known where a person began the case', () => {
    expect(exposureOf({ trigger: manualTrigger })).toContain('not known');
  });

  it('goes on where nothing was cut, and no time is promised for the credentials', () => {
    const open = exposureLines(reportOfFailure({ residualRisks: [credentials] })).join('\n');
    expect(open).toContain('Active since 2026-11-20 02:59Z at the latest.');
    expect(open).toContain('work until they are revoked');
  });

  it('is not told of an instance that is gone, or of one that was given back', () => {
    const gone = [failedEntryOf('describe', 'It is terminated.', 'InstanceTerminatedError')];
    expect(exposureLines(reportOfFailure({ steps: gone }))).toEqual([]);
    expect(exposureLines(reportOfFailure({ status: 'release-incomplete' }))).toEqual([]);
  });

  it('says nothing of credentials where the instance has no role, or its sessions are revoked', () => {
    expect(exposureOf({})).not.toContain('redentials');
    const revoked = { ...credentials, risk: 'role-credentials-revoked' };
    expect(exposureOf({ residualRisks: [revoked] })).not.toContain('redentials');
  });

  it('says nothing of times that are none', () => {
    expect(exposureOf({ trigger: triggerWith({ at: 'yesterday' }) })).toBe('');
  });
});
