import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columns, fold } from '../../cli/fold.ts';
import { unfolded } from './unfolded.ts';

describe('Text for people', () => {
  it('is broken between words, and what continues a line stands further in', () => {
    expect(fold(`  ${'word '.repeat(20).trim()}`)).toBe(
      `  ${'word '.repeat(15).trim()}\n      ${'word '.repeat(5).trim()}`,
    );
  });

  it('keeps a command on a line of its own, however long', () => {
    const command = `cordon release i-0123456789abcdef0 --region eu-central-1 --reason ${'x'.repeat(40)}`;
    expect(fold(`False alarm? Give everything back: ${command}`)).toBe(
      `False alarm? Give everything back:\n    ${command}`,
    );
    expect(fold(`  ${command}`)).toBe(`  ${command}`);
  });

  it('has the same words in the same order, in lines of 80 columns unless a word is longer', () => {
    const words = fc.array(fc.stringMatching(/^[a-z0-9.,:-]{1,30}$/), { minLength: 1 });
    fc.assert(
      fc.property(words, (list) => {
        const text = list.join(' ');
        expect(unfolded(fold(text))).toBe(text);
        const long = fold(text)
          .split('\n')
          .filter((line) => line.length > columns);
        for (const line of long) expect(line.trim()).toMatch(/^(?:cordon|aws|npm|arn:|https:)/);
      }),
    );
  });
});
