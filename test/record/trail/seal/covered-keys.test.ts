import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepNames } from '../../../../src/case/step.ts';
import {
  isCoverable,
  readCovered,
  sealCodes,
  writeCovered,
} from '../../../../src/record/trail/seal/covered-keys.ts';
import { anyText } from '../../../case/any-text.ts';

const folder = new URL('../../../../src/record/trail/', import.meta.url);
const codecs = readdirSync(folder).filter((name) =>
  /^(?:before-.*|keys|original-groups)\.ts$/.test(name),
);
const constants = await Promise.all(
  codecs.map(async (name) => Object.values(await import(new URL(name, folder).href))),
);

/** Every key, and beginning of a numbered key, that the codecs of the trail name. */
const named = constants
  .flat()
  .filter((one): one is string => typeof one === 'string' && one.startsWith('cordon:'))
  // On snapshots, which are not sealed; and the seal itself.
  .filter((one) => one !== 'cordon:instance' && one !== 'cordon:seal');

const fixed = [
  ...named.filter((one) => !one.endsWith(':')),
  'cordon:step:release',
  ...stepNames.map((step) => `cordon:step:${step}`),
];

const prefixes = named.filter((one) => one.endsWith(':'));

const numbered = fc
  .tuple(
    fc.constantFrom('before:tg', 'before:elb', 'original-groups', 'event'),
    fc.integer({ min: 1, max: 40 }),
  )
  .map(([name, number]) => `cordon:${name}:${number}`);

const someKeys = fc.uniqueArray(fc.oneof(fc.constantFrom(...fixed), numbered), {
  minLength: 1,
  maxLength: 50,
});

describe('The letters of the keys that a seal covers', () => {
  it('say exactly the keys that were covered', () => {
    fc.assert(
      fc.property(someKeys, (keys) => {
        const covered = keys.filter(isCoverable);
        fc.pre(covered.length > 0);
        expect(readCovered(writeCovered(covered))?.toSorted()).toEqual(covered.toSorted());
      }),
    );
  });

  it('know every tag that Cordon writes to an instance, an interface and a volume', () => {
    expect(named.length).toBeGreaterThan(12);
    expect(fixed.filter((key) => !isCoverable(key))).toEqual([]);
    expect(prefixes.filter((prefix) => !isCoverable(`${prefix}1`))).toEqual([]);
  });

  it('stand in the file that others read a seal by', () => {
    const file = new URL('../../../../docs/seal-codes.json', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(sealCodes);
  });

  it('join neighbouring numbers', () => {
    const keys = [1, 2, 3, 7].map((number) => `cordon:before:tg:${number}`);
    expect(writeCovered(['cordon:case', ...keys])).toBe('cT1-3.7');
  });

  it('cover no tag of others', () => {
    expect(isCoverable('cordon:before:tg:0')).toBe(false);
    expect(isCoverable('cordon:before:tg:x')).toBe(false);
    expect(isCoverable('cordon:mine')).toBe(false);
    expect(isCoverable('Name')).toBe(false);
  });

  it('mean nothing where somebody else wrote them', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const keys = readCovered(text);
        if (keys !== undefined) expect(writeCovered(keys).length).toBeLessThanOrEqual(text.length);
      }),
    );
    for (const text of ['', 'cc', 'T', 'c1', 'T0', 'T5-1', 'T1-999', 'T1.1', 'X', 'c ']) {
      expect(readCovered(text), text).toBeUndefined();
    }
  });
});
