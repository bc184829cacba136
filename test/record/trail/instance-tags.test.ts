import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitTags } from '../../../src/record/trail/fit-tags.ts';
import { closingTags, openingTags } from '../../../src/record/trail/instance-tags.ts';
import { recall } from '../../../src/record/trail/recall.ts';
import { anyText } from '../../case/any-text.ts';
import { beforeWith, instanceWith, membershipWith } from '../../case/sample-before.ts';
import {
  caseId,
  caseWith,
  entryOf,
  failedEntryOf,
  isolatedEntry,
  manualTrigger,
  reportWith,
  triggerWith,
} from '../../case/sample-report.ts';

const member = beforeWith({ autoScaling: { known: true, membership: membershipWith() } });

describe('the trail at the start', () => {
  it('says who, why and what was before, exactly as release and auditors read it', () => {
    expect(openingTags(caseWith(), member).tags).toEqual({
      'cordon:case': caseId,
      'cordon:status': 'running',
      'cordon:trigger': 'guardduty Backdoor:EC2/C&CActivity.B 8 a4c1f0e2b3d4958677a8b9c0d1e2f304',
      'cordon:before:protect': 'term=0 stop=0 shutdown=terminate imds=enabled',
      'cordon:before:asg': 'web InService protected=0',
    });
  });

  it('writes what was on as on', () => {
    const instance = instanceWith({
      protection: { termination: true, stop: true, shutdownBehavior: 'stop' },
      metadataService: 'disabled',
    });
    const membership = membershipWith({ lifecycleState: 'Standby', protectedFromScaleIn: true });
    const tags = openingTags(
      caseWith(),
      beforeWith({ instance, autoScaling: { known: true, membership } }),
    ).tags;
    expect(tags['cordon:before:protect']).toBe('term=1 stop=1 shutdown=stop imds=disabled');
    expect(tags['cordon:before:asg']).toBe('web Standby protected=1');
  });

  it('never writes as off what AWS did not tell', () => {
    const instance = instanceWith({ protection: {} });
    expect(openingTags(caseWith(), beforeWith({ instance })).tags['cordon:before:protect']).toBe(
      'term=unknown stop=unknown shutdown=unknown imds=enabled',
    );
  });

  it('names no Auto Scaling group where there is none, or none could be read', () => {
    expect(openingTags(caseWith(), beforeWith()).tags).not.toHaveProperty('cordon:before:asg');
    const unread = beforeWith({ autoScaling: { known: false, why: 'denied' } });
    expect(openingTags(caseWith(), unread).tags).not.toHaveProperty('cordon:before:asg');
  });

  it('does not write the isolated state of a repeat over the first before-state', () => {
    expect(Object.keys(openingTags(caseWith(), { ...beforeWith(), repeat: true }).tags)).toEqual([
      'cordon:case',
      'cordon:status',
      'cordon:trigger',
    ]);
  });

  // fault B5
  it('says which person asked, and why, and a repeat by another takes neither their place', () => {
    const asked = (who: string, why: string) =>
      caseWith({ trigger: { ...manualTrigger, requestedBy: who, reason: why } });
    const first = openingTags(asked('Ada Lovelace', 'beacon seen'), member).tags;
    expect(first['cordon:requested']).toBe('Ada_Lovelace beacon seen');
    const contained = beforeWith({
      instance: instanceWith({ tags: first }),
      autoScaling: { known: true, membership: membershipWith() },
    });
    const recollection = recall(contained, { caseId, standing: 'kept' });
    const repeat = { ...contained, repeat: true, recollection };
    const second = openingTags(asked('somebody else', 'again'), repeat).tags;
    expect(second).not.toHaveProperty('cordon:requested');
    expect(second).not.toHaveProperty('cordon:trigger');
  });

  // threat C11
  it('keeps the four words of a trigger apart, whatever they contain', () => {
    const words = (changes: Parameters<typeof triggerWith>[0]) =>
      openingTags(caseWith({ trigger: triggerWith(changes) }), member).tags[
        'cordon:trigger'
      ]?.split(' ');
    expect(words({ type: 'a type\nof two lines', id: 'an id' })).toEqual([
      'guardduty',
      'a_type_of_two_lines',
      '8',
      'an_id',
    ]);
    expect(openingTags(caseWith({ trigger: manualTrigger }), member).tags['cordon:trigger']).toBe(
      'manual manual - by-hand',
    );
  });
});

describe('the trail at the end', () => {
  it('says how the case ended, and once more what was before', () => {
    expect(closingTags(reportWith(), member).tags).toMatchObject({
      'cordon:case': caseId,
      'cordon:status': 'contained',
      'cordon:before:protect': 'term=0 stop=0 shutdown=terminate imds=enabled',
    });
  });

  it('says of each step when, how and what', () => {
    const steps = [
      entryOf('describe', { detail: { case: caseWith() } }),
      isolatedEntry(),
      failedEntryOf('snapshot', 'ec2 said no', 'SnapshotsFailedError'),
      entryOf('protect', { outcome: 'already' }),
    ];
    const tags = closingTags(reportWith({ steps }), member).tags;
    expect(tags['cordon:step:describe']).toBe('2026-11-20T03:00:01.500Z done');
    expect(tags['cordon:step:isolate-network']).toMatch(
      /^2026-11-20T03:00:01\.500Z done interfaces=1 .*cut=complete/,
    );
    expect(tags['cordon:step:snapshot']).toBe(
      '2026-11-20T03:00:01.500Z failed SnapshotsFailedError',
    );
    expect(tags['cordon:step:protect']).toBe('2026-11-20T03:00:01.500Z already');
  });

  it('says which further finding came while the case was open', () => {
    const first = closingTags(reportWith(), beforeWith()).tags;
    expect(Object.keys(first).filter((key) => key.includes(':event:'))).toEqual([]);
    const contained = beforeWith({ instance: instanceWith({ tags: first }), repeat: true });
    const recollection = recall(contained, { caseId, standing: 'kept' });
    const again = (id: string) =>
      closingTags(reportWith({ trigger: triggerWith({ id }) }), { ...contained, recollection })
        .tags;
    expect(Object.keys(again(triggerWith().id)).join()).not.toContain(':event:');
    const { at, source, type, severity } = triggerWith();
    expect(again('b5d2')).toMatchObject({
      'cordon:event:3': `${at} finding ${source} ${type} ${severity} b5d2`,
    });
    expect(again('b5d2')).not.toHaveProperty('cordon:trigger');
  });

  it('puts what an undo needs before what only tells, in case there is no room', () => {
    const keys = Object.keys(closingTags(reportWith(), member).tags);
    const firstStep = keys.findIndex((key) => key.startsWith('cordon:step:'));
    const lastBefore = keys.findLastIndex((key) => key.startsWith('cordon:before:'));
    expect(keys.slice(0, 3)).toEqual(['cordon:case', 'cordon:status', 'cordon:before:protect']);
    expect(lastBefore).toBeLessThan(firstStep);
  });

  it('writes nothing about before in a repeat', () => {
    const keys = Object.keys(closingTags(reportWith(), { ...beforeWith(), repeat: true }).tags);
    expect(keys.filter((key) => key.startsWith('cordon:before:'))).toEqual([]);
  });

  it('is made of keys and values that EC2 takes, whatever the steps said', () => {
    const text = anyText({ maxLength: 300 });
    fc.assert(
      fc.property(text, text, text, (one, two, three) => {
        const tags = closingTags(
          reportWith({
            trigger: triggerWith({ type: one, id: two }),
            steps: [failedEntryOf('snapshot', two, three), entryOf('tag', { detail: { one } })],
          }),
          beforeWith({
            autoScaling: { known: true, membership: membershipWith({ groupName: three }) },
          }),
        ).tags;
        for (const [key, value] of Object.entries(tags)) {
          expect(key).toMatch(/^cordon:[\w:-]{1,121}$/);
          expect(value.length).toBeLessThanOrEqual(256);
        }
      }),
    );
  });
});

describe('room for tags', () => {
  const full = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`own-${at}`, 'x']));

  it('is fifty, without those of AWS itself', () => {
    const present = { ...full(48), 'aws:autoscaling:groupName': 'web' };
    const wanted = { a: '1', b: '2', c: '3' };
    expect(fitTags(wanted, present, 50)).toEqual({ fitting: { a: '1', b: '2' }, left: ['c'] });
  });

  it('is not needed by a tag that replaces one of the same key', () => {
    const present = { ...full(49), 'cordon:case': 'an earlier one' };
    expect(fitTags({ 'cordon:status': 'running', 'cordon:case': caseId }, present, 50)).toEqual({
      fitting: { 'cordon:case': caseId },
      left: ['cordon:status'],
    });
  });

  it('goes to the most important first, and nothing is lost without being named', () => {
    const keys = fc.uniqueArray(fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'));
    const asTags = (names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, '']));
    fc.assert(
      fc.property(keys, keys, fc.integer({ min: 0, max: 30 }), (wanted, present, limit) => {
        const { fitting, left } = fitTags(asTags(wanted), asTags(present), limit);
        expect([...Object.keys(fitting), ...left].toSorted()).toEqual(wanted.toSorted());
        const after = new Set([...present, ...Object.keys(fitting)]).size;
        expect(after).toBeLessThanOrEqual(Math.max(limit, present.length));
        const added = wanted.filter((key) => !present.includes(key));
        expect(left).toEqual(added.slice(added.length - left.length));
      }),
    );
  });

  it('is not found where the instance has more tags than it may have', () => {
    expect(fitTags({ a: '1' }, full(60), 50)).toEqual({ fitting: {}, left: ['a'] });
  });
});
