import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sealTag, stale } from '../../../../src/record/trail/keys.ts';
import { releaseStepTag } from '../../../../src/record/trail/release-tags.ts';
import { issueSeal } from '../../../../src/record/trail/seal/issue-seal.ts';
import { judgeSeal } from '../../../../src/record/trail/seal/judge-seal.ts';
import { readSeal, writeSeal } from '../../../../src/record/trail/seal/seal-value.ts';
import type { SealSubject } from '../../../../src/record/trail/seal/statement.ts';
import type { Tags } from '../../../../src/record/trail/tags.ts';
import { anyText } from '../../../case/any-text.ts';
import { aTrailKey } from './test-key.ts';

const instance = 'i-0123456789abcdef0';

const subject: SealSubject = {
  partition: 'aws',
  account: '111122223333',
  region: 'eu-central-1',
  resource: 'eni-0aaaaaaaaaaaaaaa1',
  instance,
  launchTime: '2026-01-05T08:00:00.000Z',
  case: '20260301T0300Z-i-0123456789abcdef0',
};

const own: Tags = {
  'cordon:case': subject.case,
  'cordon:original-groups': 'sg-0aaaaaaaaaaaaaaa1 sg-0bbbbbbbbbbbbbbb2',
};

const key = aTrailKey();
const publicKey = await key.publicKey();
const at = new Date('2026-03-01T03:07:41.000Z');

const seal = (present: Tags, its: Tags, of = subject, by = key) =>
  issueSeal(by, { subject: of, run: '65e1', at, present, own: its });

const sealed = async (its: Tags = own): Promise<Tags> => ({ ...its, ...(await seal({}, its)) });

describe('A seal', () => {
  it('says that the tags are as Cordon wrote them, and who signed', async () => {
    const tags = await sealed();
    expect(judgeSeal(tags, subject, { publicKey })).toMatchObject({
      state: 'sealed',
      signer: 'trail',
    });
    const byHand = aTrailKey('trail-by-hand');
    const written = { ...own, ...(await seal({}, own, subject, byHand)) };
    expect(judgeSeal(written, subject, { publicKey: await byHand.publicKey() })).toMatchObject({
      state: 'sealed',
      signer: 'trail-by-hand',
    });
  });

  it('finds whatever value somebody puts in the place of one that it covers', async () => {
    const tags = await sealed();
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(own)), anyText(), (one, value) => {
        fc.pre(own[one] !== value);
        expect(['broken', 'copied']).toContain(
          judgeSeal({ ...tags, [one]: value }, subject, { publicKey }).state,
        );
      }),
    );
  });

  it('finds a tag that was taken away, and one whose seal was', async () => {
    const { 'cordon:original-groups': _groups, ...without } = await sealed();
    expect(judgeSeal(without, subject, { publicKey }).state).toBe('broken');
    const { [sealTag]: latest, ...bare } = await sealed();
    expect(judgeSeal(bare, subject, { publicKey }).state).toBe('unsealed');
    expect(judgeSeal(bare, subject, { publicKey, latest }).state).toBe('broken');
  });

  it('is not broken by what others add under names of Cordon’s', async () => {
    const tags = {
      ...(await sealed()),
      'cordon:mine': 'x',
      'cordon:before:dot': '/dev/xvda delete=1',
    };
    expect(judgeSeal(tags, subject, { publicKey }).state).toBe('sealed');
  });

  it.each<[keyof SealSubject, string]>([
    ['account', '999988887777'],
    ['region', 'eu-west-1'],
    ['partition', 'aws-cn'],
    ['launchTime', '2026-02-02T00:00:00.000Z'],
    ['case', '20260301T0310Z-i-0123456789abcdef0'],
  ])('of another %s is none', async (what, value) => {
    const tags = await sealed();
    expect(judgeSeal(tags, { ...subject, [what]: value }, { publicKey }).state).toBe('broken');
  });

  it('that was copied from another interface says from which', async () => {
    const tags = await sealed();
    const here = { ...subject, resource: 'eni-0bbbbbbbbbbbbbbb2' };
    const siblings = [subject.resource];
    expect(judgeSeal(tags, here, { publicKey, siblings })).toMatchObject({
      state: 'copied',
      why: `its tags are those of ${subject.resource}`,
    });
  });

  it('that an image has copied to another instance is no alarm', async () => {
    const tags = await sealed();
    const other = { ...subject, instance: 'i-0fedcba9876543210', resource: 'i-0fedcba9876543210' };
    expect(judgeSeal(tags, other, { publicKey }).state).toBe('copied');
  });

  it('that is out of date is found where a later one is known', async () => {
    const first = await sealed();
    const its = { ...own, 'cordon:original-groups': 'sg-0ccccccccccccccc3' };
    const second = { ...first, ...(await seal(first, its)) };
    const latest = second[sealTag];
    expect(judgeSeal(second, subject, { publicKey, latest }).state).toBe('sealed');
    expect(judgeSeal(first, subject, { publicKey, latest }).state).toBe('replayed');
  });

  it('cannot be judged without the key', async () => {
    expect(judgeSeal(await sealed(), subject, { publicKey: undefined }).state).toBe('unverifiable');
    const other = await aTrailKey().publicKey();
    expect(judgeSeal(await sealed(), subject, { publicKey: other }).state).toBe('broken');
  });

  it('cannot be judged once the instance is gone, which no interface dates any more', async () => {
    const tags = await sealed();
    const gone = { ...subject, launchTime: 'unknown' };
    expect(judgeSeal(tags, gone, { publicKey }).state).toBe('unverifiable');
  });

  it('means nothing in any other form', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const { state } = judgeSeal({ ...own, [sealTag]: text }, subject, { publicKey });
        expect(['broken', 'unsealed']).toContain(state);
      }),
    );
  });

  it('is read as it was written', async () => {
    const value = (await sealed())[sealTag] ?? '';
    const read = readSeal(value);
    if (read === undefined) throw new Error(`not read: ${value}`);
    expect(writeSeal(read)).toBe(value);
    // The seconds since 2026 began.
    expect(read).toMatchObject({
      seq: 5_108_861,
      issuedAt: '20260301T030741Z',
      head: '0000000000000000',
    });
    expect(value.length).toBeLessThanOrEqual(256);
  });
});

describe('A later seal of the same case', () => {
  it('carries over what the earlier one covered of the time before', async () => {
    const first = await sealed();
    const second = { ...first, ...(await seal(first, { 'cordon:case': subject.case })) };
    expect(readSeal(second[sealTag] ?? '')).toMatchObject({ seq: 5_108_862 });
    const changed = { ...second, 'cordon:original-groups': 'sg-0eeeeeeeeeeeeeee5' };
    expect(judgeSeal(changed, subject, { publicKey }).state).toBe('broken');
  });

  it('carries over the story of the case, so that its end leaves none of it unsealed', async () => {
    const story = {
      ...own,
      'cordon:step:protect': '2026-03-01T03:07:41Z done',
      [releaseStepTag]: 'x',
    };
    const first = await sealed(story);
    const written = await seal(first, { 'cordon:status': 'released' });
    const tags = { ...first, 'cordon:status': 'released', ...written };
    expect(judgeSeal(tags, subject, { publicKey }).state).toBe('sealed');
    const changed = { ...tags, 'cordon:step:protect': '2026-03-01T03:07:41Z failed' };
    expect(judgeSeal(changed, subject, { publicKey }).state).toBe('broken');
    // What a person gave back is no story: it holds until a run says otherwise.
    expect(readSeal(written[sealTag] ?? '')?.covered).not.toContain(releaseStepTag);
  });

  // Whoever took the seal away must not have the next one look like an older state.
  it.each([
    ['was taken away', stale],
    ['was spoiled', 'v1 65e1 1 20260301T030741Z 0000000000000000 c AAAA'],
  ])('is the latest although the earlier one %s', async (_what, value) => {
    const first = await sealed();
    const spoiled = { ...first, [sealTag]: value };
    const later = new Date(at.getTime() + 60_000);
    const again = await issueSeal(key, { subject, run: '65e2', at: later, present: spoiled, own });
    const tags = { ...spoiled, ...again };
    const latest = first[sealTag] ?? '';
    expect(judgeSeal(tags, subject, { publicKey, latest }).state).toBe('sealed');
    expect(judgeSeal(first, subject, { publicKey, latest: tags[sealTag] }).state).toBe('replayed');
  });

  it('covers nothing that it merely reads', async () => {
    const planted = { ...(await sealed()), 'cordon:original-groups': 'sg-0eeeeeeeeeeeeeee5' };
    const written = await seal(planted, { 'cordon:case': subject.case });
    expect(readSeal(written[sealTag] ?? '')?.covered).toEqual(['cordon:case']);
  });

  it('writes again what somebody has changed since this run wrote it', async () => {
    const planted = { ...own, 'cordon:original-groups': 'sg-0eeeeeeeeeeeeeee5' };
    const written = { ...planted, ...(await seal(planted, own)) };
    expect(written).toMatchObject(own);
    expect(judgeSeal(written, subject, { publicKey }).state).toBe('sealed');
  });

  it('fits into a tag with as many tags as an instance can have', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 44 }, (_, index) => [
        `cordon:before:tg:${index * 2 + 1}`,
        'x/1 i-1 80 -',
      ]),
    );
    const tags = { ...own, ...many };
    const all = { ...tags, ...(await seal({}, tags)) };
    expect(all[sealTag]?.length).toBeLessThanOrEqual(256);
    expect(judgeSeal(all, subject, { publicKey }).state).toBe('sealed');
  });
});
