import { oneLine } from '../case/one-line.ts';
import { inverseLine, printed } from '../case/undo/inverse.ts';
import type { ReleaseResult } from './release-result.ts';
import { releaseSentence } from './release-sentence.ts';

const word: Readonly<Record<ReleaseResult['status'], string>> = {
  released: 'RELEASED',
  closed: 'CLOSED',
  'release-incomplete': 'NOT FULLY RELEASED',
  contained: 'PARTLY RELEASED',
  planned: 'PLANNED',
};

/** The verdict in one line: the word, the instance, what that means. */
export const releaseVerdict = (result: ReleaseResult): string =>
  `${word[result.status]} ${result.instanceId}: ${releaseSentence(result)}`;

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];

/** Verdict, what was done, what remains and how it is done by hand, verdict. */
export const releaseText = (result: ReleaseResult): string =>
  [
    releaseVerdict(result),
    `case ${result.caseId}`,
    ...section('Given back', result.done.map(inverseLine)),
    ...section(
      'Not as before',
      result.notAsBefore.map((what) => oneLine(what)),
    ),
    ...section('Still to be given back, as commands', result.remaining.flatMap(printed)),
    '',
    `${word[result.status]} ${result.instanceId}`,
  ].join('\n');
