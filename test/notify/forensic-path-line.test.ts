import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forensicPathLine } from '../../src/notify/forensic-path-line.ts';
import { textOf } from '../../src/notify/text.ts';
import { anyText } from '../case/any-text.ts';
import { entryOf, reportWith } from '../case/sample-report.ts';

const sentence = 'missing: no endpoint for ssm in vpc-1: deploy it';

const textWith = (forensicPath: unknown, dryRun: boolean): string =>
  textOf(
    reportWith({
      status: dryRun ? 'planned' : 'contained',
      ...(dryRun ? { dryRun: true as const } : {}),
      steps: [{ ...entryOf('describe'), detail: { forensicPath } }],
    }),
  );

describe('the line about the forensic path', () => {
  it('stands in the text of a dry run', () => {
    expect(textWith({ state: 'missing', missing: ['ssm-endpoint'], sentence }, true)).toContain(
      `\n  Forensic path: ${sentence}\n`,
    );
  });

  it('stands in no message of a case, and nowhere where nothing is said', () => {
    expect(textWith({ state: 'unknown', sentence }, false)).not.toContain('Forensic path');
    for (const nothing of [undefined, null, {}, { sentence: 7 }, 'there']) {
      expect(textWith(nothing, true)).not.toContain('Forensic path');
    }
  });

  it('is one line that can be seen, whatever is in it', () => {
    fc.assert(
      fc.property(anyText(), (words) => {
        const line = forensicPathLine({ state: 'unknown', sentence: words });
        expect(line).toMatch(/^Forensic path: ?[^\p{C}\p{Zl}\p{Zp}]*$/u);
      }),
    );
  });
});
