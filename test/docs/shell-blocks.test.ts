import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elsewhere, shellBlocks, shellBlocksIn, strict } from './shell-blocks.ts';

const at = ({ page, line }: { readonly page: string; readonly line: number }) => `${page}:${line}`;

/** The kinds of reason that a block gives a cause for. */
const causes = (script: string): readonly string[] =>
  Object.entries(elsewhere)
    .filter(([, pattern]) => pattern.test(script))
    .map(([reason]) => reason);

describe('A block that people paste into a shell', () => {
  const marked = shellBlocks.filter(({ notRun }) => notRun !== undefined);

  it('is marked with a reason where no test runs it', () => {
    expect(marked.filter(({ notRun }) => notRun === '').map(at)).toEqual([]);
  });

  it('is marked only where it could not be run, and says which of the known reasons it is', () => {
    const wrong = marked.filter(
      ({ script, notRun = '' }) => !causes(script).some((cause) => notRun.startsWith(cause)),
    );
    expect(wrong.map((one) => `${at(one)} ${one.notRun}`)).toEqual([]);
  });

  it('is marked where it could not be run', () => {
    const unmarked = shellBlocks.filter(
      ({ script, notRun }) => notRun === undefined && causes(script).length > 0,
    );
    expect(unmarked.map((one) => `${at(one)} ${causes(one.script).join(', ')}`)).toEqual([]);
  });

  it('is run more often than not', () => {
    expect(shellBlocks.length).toBeGreaterThan(35);
    expect(marked.length).toBeLessThan(shellBlocks.length / 2);
  });

  it('needs no placeholder that a shell takes for something else', () => {
    const wrong = shellBlocks.filter(({ script }) => /<[A-Za-z][A-Za-z ]*>/.test(script));
    expect(wrong.map(at)).toEqual([]);
  });
});

describe('How a command ends', () => {
  it('is 0, or what a comment behind it says', () => {
    expect(strict('one  # why\ntwo --x   # ends with 5: old connections')).toBe(
      'one  # why\ncode=0; two --x || code=$?; [ "$code" -eq 5 ]',
    );
  });
});

describe('Reading the blocks', () => {
  it('finds them in lists, with the comment directly before them', () => {
    const text = '1. So:\n\n   <!-- not run: needs root -->\n   ```sh\n   one\n   two\n   ```\n';
    expect(shellBlocksIn('a.md', text)).toEqual([
      { page: 'a.md', line: 4, script: 'one\ntwo', notRun: 'needs root' },
    ]);
  });

  it('takes no comment that stands elsewhere, and no block of another language', () => {
    const text = '<!-- not run: x -->\n\n```sh\none\n```\n\n```python\ntwo\n```\n';
    expect(shellBlocksIn('a.md', text)).toEqual([{ page: 'a.md', line: 3, script: 'one' }]);
  });

  it('names a block that does not end', () => {
    expect(() => shellBlocksIn('a.md', 'x\n```sh\none\n')).toThrow('a.md:2');
  });

  it('gives every script as it stands', () => {
    const scripts = fc.array(fc.stringMatching(/^[a-z "$|#-]{1,20}$/), { minLength: 1 });
    fc.assert(
      fc.property(scripts, fc.constantFrom('', '   '), (lines, indent) => {
        const text = ['```sh', ...lines, '```'].map((line) => `${indent}${line}`).join('\n');
        expect(shellBlocksIn('a.md', text)).toEqual([
          { page: 'a.md', line: 1, script: lines.join('\n') },
        ]);
      }),
    );
  });
});
