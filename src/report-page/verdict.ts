import type { CaseReport } from '../case/report.ts';
import { duration } from '../notify/duration.ts';
import { verdictLine } from '../notify/verdict-line.ts';
import { span } from './moments.ts';
import type { Figure, Page, Tone } from './page.ts';
import { sceneOf } from './scene.ts';
import type { Story } from './story.ts';

/** The report of the containment: one with the snapshots followed has a headline about evidence. */
const withoutFollowing = (report: CaseReport): CaseReport => ({
  ...report,
  steps: report.steps.filter(({ step }) => step !== 'check-snapshots'),
});

const toneOf = ({ report, source }: Story): Tone => {
  // What cannot be believed, or is no more than a look at it now, is never shown as good.
  const doubtful =
    source.kind === 'read-back' || (source.kind === 'record' && source.breaks.length > 0);
  if (doubtful && report.status === 'contained') return 'doubt';
  switch (report.status) {
    case 'contained':
      return 'good';
    case 'failed':
    case 'asked':
    case 'refused':
    case 'release-incomplete':
      return 'bad';
    default:
      return 'doubt';
  }
};

/** The verdict in a few words, and what it means in a sentence. */
export const verdictOfStory = (story: Story): Pick<Page, 'verdict' | 'meaning' | 'tone'> => {
  const { source, report } = story;
  const line = source.kind === 'read-back' ? source.line : verdictLine(withoutFollowing(report));
  const [verdict = line, ...meaning] = line.split(': ');
  const said = meaning.join(': ');
  return {
    verdict,
    meaning: `${said.charAt(0).toUpperCase()}${said.slice(1)}`,
    tone: toneOf(story),
  };
};

const secondsFigures = ({ report, source }: Story): readonly Figure[] => {
  if (source.kind === 'read-back') return [];
  const { secondsToIsolate, secondsFromFinding, isolatedAt } = report;
  return [
    secondsToIsolate === undefined
      ? { value: isolatedAt === undefined ? 'never' : '?', label: 'isolated', tone: 'bad' }
      : {
          value: span(secondsToIsolate * 1_000),
          label: 'from the first AWS call until isolation was read back',
          tone: 'good',
        },
    ...(secondsFromFinding === undefined
      ? []
      : [
          {
            value: duration(secondsFromFinding),
            label: 'open after the finding was last seen',
            tone: 'quiet' as const,
          },
        ]),
  ];
};

const evidenceFigure = (story: Story): Figure => {
  const { evidence } = story;
  if (evidence === undefined) {
    const snapshots = (sceneOf(story)?.volumes ?? []).filter(
      ({ snapshotId }) => snapshotId !== undefined,
    ).length;
    return { value: String(snapshots), label: 'snapshots begun', tone: 'quiet' };
  }
  const kept = evidence.pieces.filter(({ state }) => state.holds === true).length;
  const all = evidence.pieces.length;
  return {
    value: `${kept} of ${all}`,
    label: 'pieces of evidence are unchanged',
    tone: kept === all && all > 0 ? 'good' : 'doubt',
  };
};

/** What is read first. */
export const figuresOf = (story: Story): readonly Figure[] => {
  const required = story.report.proof.filter((one) => one.required);
  const held = required.filter(({ holds }) => holds === true).length;
  return [
    ...secondsFigures(story),
    {
      value: `${held} of ${required.length}`,
      label: 'required controls hold',
      tone: required.length > 0 && held === required.length ? 'good' : 'bad',
    },
    {
      value: String(story.report.residualRisks.length),
      label: 'residual risks, named below',
      tone: 'quiet',
    },
    evidenceFigure(story),
  ];
};
