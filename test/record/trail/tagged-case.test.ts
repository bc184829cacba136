import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCaseIdOf } from '../../../src/case/case.ts';
import { taggedCase, taggedCaseId } from '../../../src/record/trail/tagged-case.ts';
import { anyText } from '../../case/any-text.ts';
import { instanceId, instanceWith } from '../../case/sample-before.ts';

const now = new Date('2026-11-20T03:07:00.000Z');
const madeAt = '2026-11-01T12:34:56.000Z';
const genuine = `20261120T0250Z-${instanceId}`;

const tagged = (tags: Record<string, string>) => instanceWith({ madeAt, tags });
const idIn = (value: string) => taggedCaseId(tagged({ 'cordon:case': value }), now);

describe('the case id in the tag', () => {
  it('is believed when it can be that of a case of this instance', () => {
    expect(idIn(genuine)).toBe(genuine);
    expect(idIn(`20261120T030004Z-${instanceId}`)).toBe(`20261120T030004Z-${instanceId}`);
    expect(idIn(`20261120T0300Z-${instanceId}`)).toBe(`20261120T0300Z-${instanceId}`);
  });

  it('is believed from the ten minutes in which the instance was made', () => {
    expect(idIn(`20261101T1230Z-${instanceId}`)).toBeDefined();
  });

  // threat C2
  it.each([
    ['of another instance', '20261120T0250Z-i-0c0d0e0f0a0b0c0d2'],
    ['in the future', `20261120T0310Z-${instanceId}`],
    ['of next year', `20271120T0250Z-${instanceId}`],
    ['before the instance was made', `20261101T1220Z-${instanceId}`],
    ['of long ago', `19700101T0000Z-${instanceId}`],
    ['on a day that no year has', `20269999T0250Z-${instanceId}`],
    ['with more behind it', `${genuine} `],
    ['that is a dash', '-'],
    ['that is empty', ''],
  ])('is not believed when it is one %s', (_what, value) => {
    expect(idIn(value)).toBeUndefined();
  });

  it('is absent where nobody wrote one', () => {
    expect(taggedCaseId(tagged({}), now)).toBeUndefined();
  });

  it('is believed as far as it can be where nobody knows when the instance was made', () => {
    const tags = { 'cordon:case': genuine };
    expect(taggedCaseId(instanceWith({ tags }), now)).toBe(genuine);
  });
});

describe('the case as the trail tells it', () => {
  const trail = {
    'cordon:case': genuine,
    'cordon:trigger': 'guardduty Backdoor:EC2/C&CActivity.B 8 a0b1c2',
    'cordon:step:isolate-network':
      '2026-11-20T02:51:00.000Z done interfaces=1 cut=complete profile=forensic',
  };

  it('has its id, its trigger and its profile again', () => {
    expect(taggedCase(tagged(trail), now)).toEqual({
      caseId: genuine,
      instanceId,
      accountId: instanceWith().accountId,
      region: instanceWith().region,
      trigger: {
        source: 'guardduty',
        type: 'Backdoor:EC2/C&CActivity.B',
        severity: 8,
        id: 'a0b1c2',
        at: '2026-11-20T02:50:00.000Z',
      },
      dryRun: false,
      isolationProfile: 'forensic',
    });
  });

  it('has no severity where its source had none', () => {
    const { trigger } = taggedCase(tagged({ 'cordon:trigger': 'manual manual - by-hand' }), now);
    expect(trigger).toMatchObject({ source: 'manual', severity: null, id: 'by-hand' });
  });

  it('is told with what is certain where there is no trail', () => {
    const found = taggedCase(tagged({}), now);
    expect(isCaseIdOf(found.caseId, instanceId)).toBe(true);
    expect(found.trigger).toMatchObject({ source: 'manual', type: 'unknown', id: 'unknown' });
    expect(found).not.toHaveProperty('isolationProfile');
  });

  it('has no profile that Cordon does not know, however the tag puts it', () => {
    for (const said of [
      'profile=everything',
      'profile=',
      'noprofile=full',
      'profile=full-access',
    ]) {
      const tags = { 'cordon:step:isolate-network': `2026-11-20T02:51:00Z done ${said}` };
      expect(taggedCase(tagged(tags), now)).not.toHaveProperty('isolationProfile');
    }
  });

  it('is on GuardDuty’s scale whatever somebody wrote', () => {
    for (const severity of ['99', '-3', '1e3', 'Infinity', '10.1']) {
      const tags = { 'cordon:trigger': `guardduty type ${severity} id` };
      const { trigger } = taggedCase(tagged(tags), now);
      expect(trigger.severity === null || trigger.severity <= 10).toBe(true);
    }
  });

  // threat C2
  it('is a case of this instance, never begun in the future, whatever the tags say', () => {
    const almost = fc
      .tuple(fc.stringMatching(/^\d{8}T\d{4}(\d\d)?Z$/), fc.constantFrom(instanceId, 'i-0123abcd'))
      .map(([time, id]) => `${time}-${id}`);
    const value = fc.oneof(anyText({ maxLength: 256 }), almost);
    fc.assert(
      fc.property(value, value, value, value, (id, trigger, step, made) => {
        const tags = {
          'cordon:case': id,
          'cordon:trigger': trigger,
          'cordon:step:isolate-network': step,
        };
        for (const instance of [tagged(tags), instanceWith({ tags, madeAt: made })]) {
          const found = taggedCase(instance, now);
          expect(isCaseIdOf(found.caseId, instanceId)).toBe(true);
          expect(Date.parse(found.trigger.at)).toBeLessThanOrEqual(now.getTime());
          expect(found).toMatchObject({ instanceId, dryRun: false });
        }
      }),
    );
  });
});
