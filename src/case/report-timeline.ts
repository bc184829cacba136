import { defined } from './defined.ts';
import { quoted } from './quoted.ts';
import type { CaseReport } from './report.ts';
import type { TimelineEvent } from './timeline.ts';

const findingOf = ({ trigger }: CaseReport): Pick<TimelineEvent, 'kind' | 'at' | 'what'> => ({
  kind: 'finding',
  at: trigger.at,
  what:
    trigger.type === 'manual'
      ? `asked for by ${quoted(trigger.requestedBy ?? 'somebody', 100)}`
      : `${quoted(trigger.type, 120)} last seen`,
});

const cutOf = ({
  isolatedAt,
}: CaseReport): readonly Pick<TimelineEvent, 'kind' | 'at' | 'what'>[] =>
  isolatedAt === undefined
    ? []
    : [{ kind: 'cut', at: isolatedAt, what: 'every interface read back as isolated' }];

/** The story of a case as its report alone tells it: the finding, the steps, the cut. */
export const timelineOfReport = (
  report: CaseReport,
  source: TimelineEvent['sources'][number],
): readonly TimelineEvent[] => {
  const steps = report.steps.map(({ step, outcome, startedAt, finishedAt, error }) => ({
    kind: 'step' as const,
    at: startedAt,
    ...defined({ until: finishedAt }),
    what: error === undefined ? step : `${step}: ${quoted(error.message, 300)}`,
    step,
    outcome,
  }));
  return (
    [findingOf(report), ...steps, ...cutOf(report)]
      // A report that was stored has what somebody stored.
      .filter(({ at }) => typeof at === 'string')
      .map((event) => ({ ...event, sources: [source] }))
      .toSorted((a, b) => a.at.localeCompare(b.at))
  );
};
