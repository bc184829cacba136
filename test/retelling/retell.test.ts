import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trailText } from '../../src/notify/trail-text.ts';
import type { StoredVersion } from '../../src/record/chain/stored-object.ts';
import type { JournalEntry } from '../../src/record/journal/entry.ts';
import { issueSeal } from '../../src/record/trail/seal/issue-seal.ts';
import { judgeSeal } from '../../src/record/trail/seal/judge-seal.ts';
import type { Tags } from '../../src/record/trail/tags.ts';
import { timelineOfTags } from '../../src/record/trail/timeline.ts';
import type { ReadCase } from '../../src/retelling/retell.ts';
import { retell } from '../../src/retelling/retell.ts';
import { anyText } from '../case/any-text.ts';
import { intoList, writeRecord } from '../record/chain/a-record.ts';
import { aTrailKey } from '../record/trail/seal/test-key.ts';

const instanceId = 'i-0123456789abcdef0';
const caseId = `20260301T0300Z-${instanceId}`;
const theCase = { accountId: '111122223333', region: 'eu-central-1', instanceId, caseId };

const key = aTrailKey();
const publicKey = await key.publicKey();
const subject = {
  ...{ partition: 'aws', account: theCase.accountId, region: theCase.region },
  ...{ resource: instanceId, instance: instanceId, launchTime: 'unknown', case: caseId },
};

const own: Tags = {
  'cordon:case': caseId,
  'cordon:status': 'contained',
  'cordon:trigger': 'guardduty Backdoor:EC2/C&CActivity.B 8 a0b1',
  'cordon:step:protect': '2026-03-01T03:02:00.000Z done protected=2',
};

const sealed = async (tags: Tags, minute = 3): Promise<Tags> => {
  const at = new Date(Date.UTC(2026, 2, 1, 3, minute));
  return { ...tags, ...(await issueSeal(key, { subject, run: 'a1', at, present: {}, own: tags })) };
};

const call = (id: string, Tags: Tags): JournalEntry => ({
  ...{ id, kind: 'call', at: `2026-03-01T03:0${id}:00.000Z`, call: 'ec2:CreateTags' },
  ...{ actor: 'TagFunction', program: 'TagFunction' },
  parameters: {
    Resources: [instanceId],
    Tags: Object.entries(Tags).map(([Key, Value]) => ({ Key, Value })),
  },
});

const recordOf = async (entries: readonly JournalEntry[]) => {
  const versions: StoredVersion[] = [];
  const { head, number } = await writeRecord(
    theCase,
    [{ occasion: 'end', entries }],
    async (bytes) => Buffer.from(await key.sign(Buffer.from(bytes).toString('utf8')), 'base64'),
    intoList(versions),
  );
  return { versions, heads: [{ from: 'the case table', last: true, head, number } as const] };
};

const trailOf = (tags: Tags) => ({
  tags: { [instanceId]: tags },
  seals: { [instanceId]: judgeSeal(tags, subject, { publicKey }) },
  snapshots: [],
});

const read = async (
  tags: Tags,
  entries: readonly JournalEntry[],
  more: Partial<ReadCase> = {},
): Promise<ReadCase> => ({
  ...{ case: theCase, from: 'both', publicKey, pending: 0, unread: [] },
  ...(await recordOf(entries)),
  // The instance of this story has no interface that dates it.
  trail: trailOf(tags),
  ...more,
});

const step: JournalEntry = {
  ...{ id: '1', kind: 'step', at: '2026-03-01T03:01:00.000Z', until: '2026-03-01T03:02:00.000Z' },
  ...{ actor: 'ProtectFunction', program: 'ProtectFunction', step: 'protect', outcome: 'done' },
};

const finding: JournalEntry = { ...step, id: '0', kind: 'finding', step: 'finding' };

describe('A case that is retold', () => {
  it('has its values compared with what the record wrote, one by one', async () => {
    const planted = { ...own, 'cordon:before:tg:1': 'web/0123456789abcdef i-1 22 -' };
    const story = retell(await read(planted, [finding, step, call('4', own)]));
    expect(story.verdict).toBe('DISAGREES');
    expect(story.disagreements).toEqual([
      `${instanceId} cordon:before:tg:1: the tag says "web/0123456789abcdef i-1 22 -", the record nothing`,
    ]);
  });

  it('shows a tag that was taken away, and a step that the record does not have', async () => {
    const { 'cordon:status': _, ...less } = own;
    const taken = retell(await read(less, [finding, step, call('4', own)]));
    expect(taken.disagreements).toEqual([
      `${instanceId} cordon:status: the tag says nothing, the record "contained"`,
    ]);
    const invented = { ...own, 'cordon:step:verify': '2026-03-01T03:05:00.000Z done proof=10' };
    expect(retell(await read(invented, [finding, step])).disagreements.join()).toContain(
      'verify: done "proof=10": the tags tell it, the record does not',
    );
  });

  it('shows tags with a seal of an earlier time than the record knows', async () => {
    const [earlier, later] = [await sealed(own, 3), await sealed(own, 9)];
    const story = retell(await read(earlier, [finding, step, call('4', later)]));
    expect(story.disagreements).toEqual([
      `${instanceId}: its seal is out of date, the record has a later one: replayed`,
    ]);
  });

  it('is in doubt, and accuses nobody, while the record is behind the tags', async () => {
    const story = retell(await read(own, [finding], { pending: 2 }));
    expect(story.disagreements).toEqual([]);
    expect(story.verdict).toBe('UNPROVEN');
    expect(story.doubts).toContain('the record is behind: 2 notes wait to be appended');
  });

  it('is told by the record alone once the instance is gone, or has a later case', async () => {
    const gone = { tags: {}, seals: {}, snapshots: [] };
    const story = retell(await read({}, [finding, step], { trail: gone }));
    expect(story).toMatchObject({
      verdict: 'HOLDS',
      remarks: [`${instanceId} is gone, and its tags with it`],
    });
    const later = {
      ...gone,
      tags: { [instanceId]: { 'cordon:case': `20260401T0300Z-${instanceId}` } },
    };
    const known = { trail: later, namedCaseIsKnown: true };
    expect(retell(await read({}, [finding], known)).verdict).toBe('HOLDS');
    // Whoever may write a tag can name a case that never was.
    const planted = retell(await read({}, [finding], { trail: later, namedCaseIsKnown: false }));
    expect(planted.verdict).toBe('DISAGREES');
    expect(planted.reason).toContain('are of a case of which there is no record');
    // An instance that lives and says nothing was made to.
    const silent = { ...gone, tags: { [instanceId]: {} } };
    expect(retell(await read({}, [finding], { trail: silent })).verdict).toBe('DISAGREES');
  });

  it('is never believed where nothing could be read', () => {
    const nothing = { tags: {}, seals: {}, snapshots: [] };
    for (const from of ['both', 'tags', 'record'] as const) {
      const story = retell({
        ...{ case: theCase, from, trail: nothing, versions: [], publicKey },
        ...{ heads: [], pending: 0, unread: [] },
      });
      expect(story.verdict).toBe('UNPROVEN');
    }
  });

  it('is shown on lines of a terminal, whatever somebody wrote into the tags', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.oneof(
            fc.constantFrom(...Object.keys(own), 'cordon:event:1', 'cordon:requested'),
            anyText(),
          ),
          anyText(),
        ),
        (tags) => {
          const all = { ...tags, 'cordon:case': caseId };
          const timeline = timelineOfTags({ caseId, tags: all, snapshots: [] });
          const story = retell({
            ...{ case: theCase, from: 'tags', publicKey, heads: [], pending: 0, unread: [] },
            trail: trailOf(all),
          });
          const text = trailText({ ...story, timeline });
          expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e\u2028]/u);
          expect(text).toMatch(/^TRAIL /);
        },
      ),
    );
  });
});
