import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makeLogger } from '../../src/lambda/logger.ts';
import { anyText } from '../case/any-text.ts';
import { generated } from '../case/generated.ts';

const lines: string[] = [];

beforeEach(() => {
  lines.length = 0;
  // Powertools writes to the console only where it is told that nobody but a developer reads it.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  for (const level of ['info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((line: string) => void lines.push(line));
  }
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

// fault A5
it('an entry is one line of JSON in which nothing is hidden, whatever it holds', () => {
  const log = makeLogger({ function: 'one' });
  fc.assert(
    fc.property(anyText({ maxLength: 60 }), (text) => {
      lines.length = 0;
      log.warn(text, { text, list: [text, { [text]: text }] });
      const [line = ''] = lines;
      // The developer's form is indented; what is written is the same without the line breaks.
      const written = JSON.stringify(JSON.parse(line));
      expect(lines).toHaveLength(1);
      expect(written).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
      expect(line.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    }),
    { numRuns: generated(1_000) },
  );
});
