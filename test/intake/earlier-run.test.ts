import { describe, expect, it } from 'vitest';
import { earlierRun } from '../../src/intake/earlier-run.ts';
import type { CaseItem } from '../../src/record/case-table/case-item.ts';
import { activityOf } from '../../src/triggers/guardduty/activity.ts';
import { triggerWith } from '../case/sample-report.ts';
import { aCase } from '../steps/sample-instance.ts';

const cutAt = '2026-03-01T03:00:00.000Z';

const item = (changes: Partial<CaseItem> = {}): CaseItem => ({
  instanceId: 'i-0c0d0e0f0a0b0c0d1',
  caseId: '20260301T025900Z-i-0c0d0e0f0a0b0c0d1',
  status: 'contained',
  input: '{}',
  runs: 1,
  openedAt: cutAt,
  cutAt,
  ...changes,
});

const seen = (at: string, activity?: 'outbound' | 'inbound' | 'blocked' | 'dns') =>
  aCase({ trigger: triggerWith({ at, ...(activity === undefined ? {} : { activity }) }) });

const full = { isolationProfile: 'full' } as const;

describe('A finding about an instance that was cut off', () => {
  it.each([
    ['outbound', '2026-03-01T03:10:01Z', true],
    ['inbound', '2026-03-01T03:10:01Z', true],
    ['outbound', '2026-03-01T03:09:59Z', false],
    ['blocked', '2026-03-01T04:00:00Z', false],
    ['dns', '2026-03-01T04:00:00Z', false],
    [undefined, '2026-03-01T04:00:00Z', false],
  ] as const)('%s at %s: traffic goes on is %s', (activity, at, isActive) => {
    expect(earlierRun(item(), seen(at, activity), full)).toEqual({
      status: 'contained',
      ...(isActive ? { activeAfterCut: cutAt } : {}),
    });
  });

  it('is spoken to under egress-lockdown, which is no sign of a way out', () => {
    const at = '2026-03-01T04:00:00Z';
    const lockdown = { isolationProfile: 'egress-lockdown' } as const;
    expect(earlierRun(item(), seen(at, 'inbound'), lockdown)).not.toHaveProperty('activeAfterCut');
    expect(earlierRun(item(), seen(at, 'outbound'), lockdown)).toHaveProperty('activeAfterCut');
  });

  it.each(['failed', 'asked', 'refused', 'held', 'releasing'])(
    'says nothing of the cut where the case is %s',
    (status) => {
      const found = earlierRun(item({ status }), seen('2026-03-01T04:00:00Z', 'outbound'), full);
      expect(found).toEqual({ status });
    },
  );

  it('says nothing where nobody knows when it was cut', () => {
    const { cutAt: _cutAt, ...uncut } = item();
    const found = earlierRun(uncut, seen('2026-03-01T04:00:00Z', 'outbound'), full);
    expect(found).toEqual({ status: 'contained' });
  });
});

const actionOf = (action: unknown) => activityOf({ service: { action } } as never);

describe('What a finding saw on the network', () => {
  it.each([
    [{ actionType: 'DNS_REQUEST', dnsRequestAction: { blocked: true } }, 'dns'],
    [connection('OUTBOUND', false), 'outbound'],
    [connection('UNKNOWN', false), 'outbound'],
    [connection(null, null), 'outbound'],
    [connection('INBOUND', false), 'inbound'],
    [connection('OUTBOUND', true), 'blocked'],
    [connection('OUTBOUND', 'true'), 'blocked'],
    [{ actionType: 'PORT_PROBE', portProbeAction: { blocked: false } }, 'inbound'],
    [{ actionType: 'PORT_PROBE', portProbeAction: { blocked: true } }, 'blocked'],
    [{ actionType: 'AWS_API_CALL', awsApiCallAction: {} }, undefined],
    [{ actionType: 'NETWORK_CONNECTION', networkConnectionAction: null }, undefined],
    [null, undefined],
    ['NETWORK_CONNECTION', undefined],
    [undefined, undefined],
  ])('%j is %s', (action, activity) => {
    expect(actionOf(action)).toBe(activity);
  });
});

function connection(connectionDirection: string | null, blocked: boolean | string | null) {
  return {
    actionType: 'NETWORK_CONNECTION',
    networkConnectionAction: { connectionDirection, blocked },
  };
}
