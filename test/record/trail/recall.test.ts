import { describe, expect, it } from 'vitest';
import type { Before, Instance } from '../../../src/case/before.ts';
import { recollectionRisks } from '../../../src/case/risks/record.ts';
import { interfaceTags } from '../../../src/record/trail/before-tags.ts';
import { openingTags } from '../../../src/record/trail/instance-tags.ts';
import type { JournalCase } from '../../../src/record/trail/journal.ts';
import type { Evidence } from '../../../src/record/trail/open-case.ts';
import { openCase } from '../../../src/record/trail/open-case.ts';
import { recall } from '../../../src/record/trail/recall.ts';
import {
  aBefore,
  aCase,
  anInstance,
  anInterface,
  anIsolationGroup,
  caseId,
  firstInterface,
  instanceId,
  isolationId,
  webGroup,
} from '../../steps/sample-instance.ts';

const now = new Date('2026-03-01T03:20:00.000Z');
const original = 'sg-00000000000000f01';
const evil = 'sg-00000000000000bad';
const protect = 'term=0 stop=0 shutdown=terminate imds=enabled';

const ofCase = (tags: Record<string, string> = {}) => ({ 'cordon:case': caseId, ...tags });

/** An interface that remembers `original`, in some groups now, on an instance that Cordon has been at. */
const found = (
  groupIds: readonly string[],
  { interfaceTags: its, ...instance }: Partial<Instance> & { interfaceTags?: object } = {},
): Before =>
  aBefore({
    instance: anInstance({
      tags: ofCase({ 'cordon:status': 'contained', 'cordon:before:protect': protect }),
      protection: { termination: true, stop: true, shutdownBehavior: 'stop' },
      networkInterfaces: [
        anInterface({
          groupIds,
          cordonTags: { ...ofCase({ 'cordon:original-groups': original }), ...its },
        }),
      ],
      ...instance,
    }),
  });

const nothing: Evidence = { journal: [], execution: 'unknown' };

const recalled = (before: Before, evidence: Partial<Evidence> = {}) => {
  const { instance, groups } = before;
  const open = openCase(instance, groups, { ...nothing, ...evidence }, now);
  const recollection = recall(before, open);
  return { open, recollection, before: { ...before, recollection } };
};

const groupsOf = ({ recollection }: ReturnType<typeof recalled>) =>
  recollection.former.interfaces[firstInterface]?.groups;

describe('What the tags remember', () => {
  // fault B1
  it('is kept where an interface is in a group of Cordon’s', () => {
    const result = recalled(found([isolationId]));
    expect(result.open).toMatchObject({ caseId, standing: 'kept' });
    expect(groupsOf(result)).toEqual([original]);
    expect(result.recollection.former.protection?.termination).toBe(false);
    expect(interfaceTags(caseId, result.before, anInterface())).toMatchObject({});
  });

  // fault A3
  it('is kept where every interface was moved away, and the execution of the case exists', () => {
    const result = recalled(found([evil]), { execution: 'exists' });
    expect(result.open?.standing).toBe('kept');
    expect(groupsOf(result)).toEqual([original]);
    expect(openingTags(aCase(), result.before).tags['cordon:before:protect']).toBe(protect);
  });

  it('is overwritten and told where the execution that it names does not exist', () => {
    const result = recalled(found([webGroup]), { execution: 'absent' });
    expect(result.open).toBeUndefined();
    expect(groupsOf(result)).toEqual([webGroup]);
    const [risk] = recollectionRisks(result.before);
    expect(risk?.risk).toBe('foreign-before-values');
    expect(risk?.explanation).toContain(`cordon:original-groups="${original}"`);
  });

  it('stays where nothing shows whose it is, and the groups found stand beside it', () => {
    const result = recalled(found([evil]));
    expect(result.open?.standing).toBe('unproven');
    expect(groupsOf(result)).toEqual([original]);
    const [one] = result.before.instance.networkInterfaces;
    if (one === undefined) throw new Error('There is an interface');
    expect(interfaceTags('20260301T0320Z-x', result.before, one)).toMatchObject({
      'cordon:found-groups': evil,
    });
    expect(recollectionRisks(result.before).map(({ risk }) => risk)).toEqual([
      'before-values-unproven',
    ]);
  });

  it.each([
    ['another instance', '20260301T0300Z-i-00000000000000099'],
    ['a time to come', `20270301T0300Z-${instanceId}`],
    ['no case at all', 'by hand'],
  ])('is foreign where it names %s', (_what, tagged) => {
    const tags = { 'cordon:case': tagged, 'cordon:before:protect': 'term=1 stop=1 shutdown=stop' };
    const planted = { 'cordon:case': tagged, 'cordon:original-groups': evil };
    const result = recalled(found([webGroup], { tags, interfaceTags: planted }), {
      execution: 'exists',
    });
    expect(result.open).toBeUndefined();
    expect(groupsOf(result)).toEqual([webGroup]);
    expect(result.recollection.foreign.join()).toContain(evil);
  });

  it('is never a group of Cordon’s', () => {
    const result = recalled(
      found([isolationId], { interfaceTags: { 'cordon:original-groups': isolationId } }),
    );
    expect(groupsOf(result)).toBeUndefined();
    expect(result.recollection.unknown).toContain(firstInterface);
  });

  it('is of the past once the case was given back, which is no news', () => {
    const tags = ofCase({ 'cordon:status': 'released', 'cordon:before:protect': protect });
    const result = recalled(found([webGroup], { tags }));
    expect(result.open).toBeUndefined();
    expect(groupsOf(result)).toEqual([webGroup]);
    expect(recollectionRisks(result.before)).toEqual([]);
  });

  it('is not given back by the word alone, while every interface is still isolated', () => {
    const tags = ofCase({ 'cordon:status': 'released', 'cordon:before:protect': protect });
    expect(recalled(found([isolationId], { tags })).open).toMatchObject({ caseId });
  });

  it('counts where two runs side by side have written under two ids', () => {
    const beside = { 'cordon:case': `20260301T0310Z-${instanceId}` };
    expect(groupsOf(recalled(found([isolationId], { interfaceTags: beside })))).toEqual([original]);
  });

  it('is said to be unknown where Cordon was here and no tag was taken', () => {
    const before = found([isolationId], { tags: ofCase() });
    const { recollection } = recalled(before);
    expect(recollection.former.protection).toBeUndefined();
    expect(recollection.unknown).toEqual([instanceId]);
    expect(openingTags(aCase(), { ...before, recollection }).tags).not.toHaveProperty(
      'cordon:before:protect',
    );
  });
});

describe('What the journal of this machine remembers', () => {
  const journal: readonly JournalCase[] = [
    { caseId, values: { [firstInterface]: { 'cordon:original-groups': original } } },
  ];

  it('is kept where all tags were refused', () => {
    const before = aBefore({
      instance: anInstance({ networkInterfaces: [anInterface({ groupIds: [isolationId] })] }),
      groups: [anIsolationGroup()],
    });
    const result = recalled(before, { journal });
    expect(result.open).toMatchObject({ caseId, standing: 'kept' });
    expect(groupsOf(result)).toEqual([original]);
  });

  it('is believed before a tag that says otherwise, which is told', () => {
    const result = recalled(found([evil], { interfaceTags: { 'cordon:original-groups': evil } }), {
      journal,
    });
    expect(groupsOf(result)).toEqual([original]);
    const [risk] = recollectionRisks(result.before);
    expect(risk?.risk).toBe('before-values-disagree');
    expect(risk?.explanation).toContain(`"${evil}"`);
  });

  it('is of the past when it is old and has left no trace', () => {
    const old = [{ caseId: `20260228T0300Z-${instanceId}`, values: {} }];
    expect(recalled(aBefore(), { journal: old }).open).toBeUndefined();
  });
});
