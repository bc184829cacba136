import type { Before } from '../../case/before.ts';
import type { Case, Trigger } from '../../case/case.ts';
import type { CaseReport } from '../../case/report.ts';
import type { StepEntry } from '../../case/step.ts';
import { instanceBeforeTags, staleTags } from './before-tags.ts';
import { eventTag } from './event-tags.ts';
import { caseTag, requestedTag, sealTag, stale, statusTag, triggerTag } from './keys.ts';
import { formerOf } from './recall.ts';
import { tagValue } from './tag-value.ts';
import type { Tags } from './tags.ts';

const tags = (entries: readonly (readonly [string, string])[]): Tags =>
  Object.fromEntries(entries.map(([key, value]) => [key, tagValue(value)]));

const word = (text: string): string => text.replace(/\s+/g, '_');

/** The value of the tag `trigger`: `<source> <type> <severity> <id>`; `-` where there is no severity. */
export const triggerValue = ({ source, type, severity, id }: Trigger): string =>
  [source, word(type), severity ?? '-', word(id)].join(' ');

/** `<who> <why>`; `-` for a person who did not say who. */
const requestedValue = ({ requestedBy, reason }: Trigger): string | undefined =>
  requestedBy === undefined && reason === undefined
    ? undefined
    : [word(requestedBy ?? '-'), reason ?? ''].join(' ');

/** Who and what began the case: a repeat by somebody else does not take their place. */
const beginning = (trigger: Trigger, present: Tags, isFirst: boolean): Tags => {
  const kept = (key: string): boolean => !isFirst && (present[key] ?? '') !== '';
  const requested = requestedValue(trigger);
  return tags([
    ...(kept(triggerTag) ? [] : [[triggerTag, triggerValue(trigger)] as const]),
    ...(requested === undefined || kept(requestedTag) ? [] : [[requestedTag, requested] as const]),
  ]);
};

/** Tags of a case, and what no tag can hold. */
export interface InstanceTags {
  readonly tags: Tags;
  readonly unfit: readonly string[];
}

const isFirstRun = ({ recollection }: Before): boolean =>
  (recollection?.standing ?? 'first') === 'first';

const wantedTags = (theCase: Pick<Case, 'caseId' | 'trigger'>, before: Before): InstanceTags => {
  const { tags: former, unfit } = instanceBeforeTags(formerOf(before));
  return {
    tags: {
      ...tags([
        [caseTag, theCase.caseId],
        [statusTag, 'running'],
      ]),
      ...former,
      ...beginning(theCase.trigger, before.instance.tags, isFirstRun(before)),
    },
    unfit,
  };
};

/**
 * What the instance is told when a case begins, most important first: the case, and everything that
 * describe knows of the world before it. What an earlier run of the case has written stays.
 */
export const openingTags = (theCase: Case, before: Before): InstanceTags => {
  const { tags: wanted, unfit } = wantedTags(theCase, before);
  const { tags: present } = before.instance;
  if (isFirstRun(before)) return { tags: { ...wanted, ...staleTags(present, wanted) }, unfit };
  if ((present[sealTag] ?? stale) === stale) return { tags: wanted, unfit };
  // A seal over the status would be broken by another, before this run can seal again.
  const { [statusTag]: _status, ...rest } = wanted;
  return { tags: rest, unfit };
};

const summaryOf = (detail: object): string =>
  Object.entries(detail)
    .flatMap(([key, value]) => {
      if (Array.isArray(value)) return [`${key}=${value.length}`];
      if (typeof value === 'object' && value !== null) return [];
      return [`${key}=${String(value)}`];
    })
    .join(' ');

/** `<ISO time> <outcome> <detail>` */
const stepValue = (entry: StepEntry): string =>
  [entry.finishedAt, entry.outcome, entry.error?.code ?? summaryOf(entry.detail)]
    .filter((part) => part !== '')
    .join(' ');

/** A further run of a case was begun by a finding of its own, beside the one that began the case. */
const furtherFinding = (trigger: Trigger, before: Before): Tags => {
  const { tags: present } = before.instance;
  const who = triggerValue(trigger);
  return isFirstRun(before) || present[triggerTag] === tagValue(who)
    ? {}
    : eventTag(present, { at: trigger.at, kind: 'finding', who });
};

/**
 * What the instance is told when verify has read everything: the status, and one tag per step. What
 * describe knew of the world before is said once more: AWS may have refused it then.
 */
export const closingTags = (report: CaseReport, before: Before): InstanceTags => {
  const opening = wantedTags(report, before);
  const steps = tags([
    [statusTag, report.status],
    ...report.steps
      // The message about the end of the case is sent after the trail is closed.
      .filter((entry) => entry.step !== 'notify')
      .map((entry) => [`cordon:step:${entry.step}`, stepValue(entry)] as const),
  ]);
  return {
    ...opening,
    tags: { ...opening.tags, ...steps, ...furtherFinding(report.trigger, before) },
  };
};
