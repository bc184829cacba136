import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionNames } from '../../build/bundle.ts';
import { ensureBuilt } from '../../build/ensure-built.ts';
import { functionFolder } from '../../build/paths.ts';
import { withPlainKeys } from '../../build/shake-schemas.ts';

describe('The schemas of the SDK', () => {
  it('keep their members, under keys that need no computing', () => {
    const text = `const _xN = "xmlName";
const _I = "Item";
export var List$ = [1, n0, _L, { [_xN]: _I, [_unknown]: 1, plain: [_I] }];`;
    expect(withPlainKeys(text)).toBe(`const _xN = "xmlName";
const _I = "Item";
export var List$ = [1, n0, _L, { "xmlName": _I, [_unknown]: 1, plain: [_I] }];`);
  });

  it('are left out of a function that does not use them', async () => {
    await ensureBuilt();
    const megabytes = (name: string) =>
      statSync(join(functionFolder(name), 'index.mjs')).size / 1_000_000;
    const large = functionNames().filter((name) => megabytes(name) > 1.15);
    expect(large).toEqual(['contain']);
    expect(megabytes('contain')).toBeLessThan(2);
  });
});
