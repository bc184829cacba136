import { describe, expect, it } from 'vitest';
import { maximumPageBytes, retellAsHtml } from '../../src/report-page/retell.ts';
import type { Story } from '../../src/report-page/story.ts';
import { failedEntryOf, proofWith, reportOfFailure } from '../case/sample-report.ts';
import { entryWith } from '../record/chain/sample-record.ts';
import { complaintsOf } from './complaints.ts';
import {
  describedWith,
  hostileWords,
  hugeStory,
  readBackStory,
  storyOf,
  wholeReport,
} from './sample-story.ts';

/** The words of a page, without its drawings and its marks. */
const wordsOf = (page: string): string =>
  page
    .replace(/<style>[\s\S]*?<\/style>/g, '')
    .replace(/<svg[\s\S]*?<\/svg>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&quot;', '"')
    .replace(/\s+/g, ' ');

const wordsOfStory = (story: Story): string => wordsOf(retellAsHtml(story));

describe('The page of a contained case', () => {
  const words = wordsOfStory(storyOf());

  it('begins with the verdict and the seconds', () => {
    expect(words).toMatch(
      /^ Case report: CONTAINED i-0c0d0e0f0a0b0c0d1 in 1\.9 s Case report CONTAINED i-0c0d0e0f0a0b0c0d1 in 1\.9 s It can reach nobody/,
    );
  });

  it('has every part that an auditor asks for, in this order', () => {
    const titles = [...retellAsHtml(storyOf()).matchAll(/<h2 id="[\w-]+">([^<]+)</g)];
    expect(titles.map(([, title]) => title)).toEqual([
      'The case',
      'What happened when',
      'The instance and its network',
      'What was read back from AWS',
      'What remains',
      'The evidence',
      'Who did what',
      'The way back',
    ]);
  });

  it('says who made a change, by which call, and what finds it in CloudTrail', () => {
    expect(words).toContain(
      '2026-11-20 03:00:01.100Z cordon-isolate ec2:ModifyNetworkInterfaceAttribute eni-0a1b2c3d4e5f60718 sg-0123456789abcdef0 → sg-0000000000000000a done 1f2e3d4c-0000-4000-8000-5a6b7c8d9e0f',
    );
    expect(words).toContain('assumed-role/cordon-IsolateNetworkFunctionRole-1/cordon-isolate');
  });

  it('says what was before and after of each part of the network', () => {
    expect(words).toContain(
      'eni-0a1b2c3d4e5f60718 10.20.1.4 54.214.153.207 sg-0123456789abcdef0 sg-0000000000000000a isolated',
    );
    expect(words).toContain('load balancer web :80 registered taken out out');
    expect(words).toContain('Auto Scaling group web member taken out out');
    expect(words).toContain('snap-687b39a689fe87f4f');
  });

  it('names the head of the record that it is made from', () => {
    expect(words).toContain(
      'Record 9f3c1a20b77e4d01: its 3 objects are signed and link by their hashes',
    );
    expect(words).not.toContain('not made from the record');
  });

  it('says at the top that the instance was given back later', () => {
    const released = entryWith({
      ...{ id: 'end', kind: 'status', at: '2026-11-21T09:00:00Z', after: 'released' },
      sentence: 'Given back by sam.',
    });
    expect(wordsOfStory(storyOf(wholeReport(), [released]))).toContain(
      'Since then, at 2026-11-21 09:00:00Z: done. Given back by sam.',
    );
  });

  it('runs nothing and fetches nothing', () => {
    const page = retellAsHtml(storyOf());
    expect(page).not.toMatch(
      /<(?:script|link|img|iframe|object|form)\b|\bstyle="|\bsrc=|url\(|@import/,
    );
    expect([...page.matchAll(/href="([^"]*)"/g)].every(([, to]) => to?.startsWith('#'))).toBe(true);
    expect(page).toContain('content="default-src &#39;none&#39;; style-src &#39;sha256-');
  });

  it('is valid HTML', async () => {
    expect(await complaintsOf(retellAsHtml(storyOf()))).toEqual([]);
  });
});

describe('The page of a case that is not as it should be', () => {
  it('says that a record was changed before anything else', () => {
    const source = {
      kind: 'record',
      head: 'a'.repeat(64),
      objects: 2,
      breaks: ['object 2 …'],
      doubts: [],
      pending: 0,
    } as const;
    const words = wordsOfStory(storyOf(wholeReport(), [], { source }));
    expect(words).toContain('THE RECORD WAS CHANGED: object 2 …');
    expect(words).toContain('NOT as Cordon wrote it (2 objects can be believed)');
  });

  it('says of a record whose signatures nobody could check that it only links', () => {
    const doubts = ['the signatures of the record: the public key could not be had'];
    const source = {
      kind: 'record',
      head: 'a'.repeat(64),
      objects: 2,
      breaks: [],
      doubts,
      pending: 2,
    } as const;
    const words = wordsOfStory(storyOf(wholeReport(), [], { source }));
    expect(words).toContain(`Not verified: ${doubts[0]}`);
    expect(words).toContain('its 2 objects link by their hashes');
    expect(words).not.toContain('signed');
    expect(words).toContain('2 notes wait to be appended to it');
  });

  it('says plainly that it is made from a read-back, and claims no time of the cut', () => {
    const words = wordsOfStory(readBackStory());
    expect(words).toContain('This page is not made from the record of the case');
    expect(words).not.toContain('until isolation was read back');
    expect(words).toContain('does not say who made which call');
    expect(words).not.toContain('First AWS call');
  });

  it('does not call an interface isolated whose group has open rules', () => {
    const report = wholeReport({ proof: proofWith({ 'group-rules': { holds: false } }) });
    expect(wordsOfStory(storyOf(report))).toContain('sg-0000000000000000a NOT ISOLATED');
  });

  it('does not call anything out or isolated that nobody has read back', () => {
    const steps = [describedWith(), failedEntryOf('isolate-network', 'denied')];
    const words = wordsOfStory(storyOf(reportOfFailure({ steps })));
    expect(words).toContain('sg-0123456789abcdef0 not read UNKNOWN');
    expect(words).toContain('Auto Scaling group web member see the control asg-membership UNKNOWN');
    expect(words).toContain('Nothing was read back: nothing is proven.');
    expect(words).toContain('never isolated');
  });

  it('is made of a report in which nothing was described', async () => {
    const page = retellAsHtml(storyOf(reportOfFailure({ steps: [] }), []));
    expect(wordsOf(page)).toContain('How the instance was before the case is not in the report');
    expect(await complaintsOf(page)).toEqual([]);
  });
});

describe('The page of a huge case, in which every word is hostile', () => {
  const page = retellAsHtml(hugeStory());

  it('stays a file that can be sent, and says what is left out and where it is', () => {
    expect(Buffer.byteLength(page, 'utf8')).toBeLessThan(maximumPageBytes);
    expect(wordsOf(page)).toMatch(
      /\d+ of 200 are left out here; the record of the case has them all\./,
    );
  });

  it('is as large as it may be with words of usual length, and keeps every change', () => {
    const usual = retellAsHtml(hugeStory('web-7.example.com'));
    expect(Buffer.byteLength(usual, 'utf8')).toBeLessThan(maximumPageBytes);
    expect(usual.match(/<tr>/g)?.length).toBeGreaterThan(200);
  });

  it('is valid HTML, so no word has opened or ended an element', async () => {
    expect(await complaintsOf(page)).toEqual([]);
    expect(page).not.toMatch(/<script|<img|onerror="|\u202e|\u2066|\u200b/);
  });

  it('shows the words all the same, with what nobody sees made visible', () => {
    const short = retellAsHtml(storyOf(wholeReport({ name: hostileWords.slice(0, 60) })));
    expect(short).toContain('&lt;script&gt;document.title=');
    expect(wordsOfStory(storyOf(wholeReport({ undo: 'a \u202eb' })))).toContain('a \\u202eb');
  });
});
