import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapedMarkdown } from '../../src/report-page/markdown.ts';
import { maximumPageBytes, retellAsJson, retellAsMarkdown } from '../../src/report-page/retell.ts';
import { generated } from '../case/generated.ts';
import { hugeStory, storyOf, wholeReport } from './sample-story.ts';

describe('A case as Markdown', () => {
  const text = retellAsMarkdown(storyOf());

  it('has the verdict first, and the same sections as the page', () => {
    expect(text).toMatch(/^# CONTAINED i-0c0d0e0f0a0b0c0d1 in 1\.9 s\n/);
    expect(text.match(/^## .+$/gm)).toEqual([
      '## The case',
      '## What happened when',
      '## The instance and its network',
      '## What was read back from AWS',
      '## What remains',
      '## The evidence',
      '## Who did what',
      '## The way back',
    ]);
  });

  it('opens no link and no tag, and calls nobody, whatever a name says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const escaped = escapedMarkdown(name);
        expect(escaped).not.toMatch(/(?<!\\)[[\]`|*_!#~]|[<>@\n]|:\/\//);
      }),
      { numRuns: generated(100) },
    );
  });

  it('keeps commands inside of their fence', () => {
    const undo = 'aws ec2 create-tags\n```\n[x](javascript:alert(1))';
    const told = retellAsMarkdown(storyOf(wholeReport({ undo })));
    expect(told).toContain(`\`\`\`\`sh\n${undo}\n\`\`\`\``);
  });

  it('stays small where the case is huge', () => {
    expect(Buffer.byteLength(retellAsMarkdown(hugeStory()))).toBeLessThan(maximumPageBytes);
  });
});

describe('A case as JSON', () => {
  it('has the verdict, where it was read, and everything that the page is made of', () => {
    const { verdict, source, report, timeline, entries } = JSON.parse(retellAsJson(storyOf()));
    expect(verdict).toBe('CONTAINED i-0c0d0e0f0a0b0c0d1 in 1.9 s');
    expect(source).toMatchObject({ kind: 'record', objects: 3, breaks: [] });
    expect(report).toEqual(wholeReport());
    expect(timeline).toHaveLength(8);
    expect(entries).toHaveLength(1);
  });
});
