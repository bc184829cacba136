import type { Before, TargetRegistration } from '../case/before.ts';
import type { Case, Trigger } from '../case/case.ts';
import type { DetachDetail } from '../case/details.ts';
import type { Registrations } from '../case/registrations.ts';
import type { CaseReport } from '../case/report.ts';
import type { StepEntry } from '../case/step.ts';
import { tagValue } from './tag-value.ts';

export type Tags = Readonly<Record<string, string>>;

export const caseTag = 'cordon:case';
export const statusTag = 'cordon:status';
export const triggerTag = 'cordon:trigger';
export const instanceTag = 'cordon:instance';

const tags = (entries: readonly (readonly [string, string])[]): Tags =>
  Object.fromEntries(entries.map(([key, value]) => [key, tagValue(value)]));

const word = (text: string): string => text.replace(/\s+/g, '_');

/** `<source> <type> <severity> <id>`; `-` where there is no severity. */
const triggerValue = ({ source, type, severity, id }: Trigger): string =>
  [source, word(type), severity ?? '-', word(id)].join(' ');

const flag = (value: boolean | undefined): string =>
  value === undefined ? 'unknown' : value ? '1' : '0';

/** `term=0 stop=0 shutdown=terminate imds=enabled` */
const protectValue = ({ instance }: Before): string =>
  [
    `term=${flag(instance.protection.termination)}`,
    `stop=${flag(instance.protection.stop)}`,
    `shutdown=${instance.protection.shutdownBehavior ?? 'unknown'}`,
    `imds=${instance.metadataService}`,
  ].join(' ');

/** Stands where an earlier case, or somebody else, left a tag that this case has no value for. */
const stale = '-';

const staleKeys = ({ instance }: Before): readonly string[] =>
  Object.keys(instance.tags).filter((key) => /^cordon:(?:before|step):/.test(key));

/** What the instance is told when a case begins; a repeat does not write the before-state again. */
export const openingTags = (theCase: Case, before: Before): Tags => {
  const membership = before.autoScaling.known ? before.autoScaling.membership : undefined;
  return tags([
    [caseTag, theCase.caseId],
    [statusTag, 'running'],
    [triggerTag, triggerValue(theCase.trigger)],
    ...(before.repeat
      ? []
      : [
          ...staleKeys(before).map((key) => [key, stale] as const),
          ['cordon:before:protect', protectValue(before)] as const,
          ...(before.instance.instanceProfileArn === undefined
            ? []
            : [['cordon:before:profile', before.instance.instanceProfileArn] as const]),
          ...(membership === undefined
            ? []
            : [
                [
                  'cordon:before:asg',
                  `${membership.groupName} ${membership.lifecycleState} protected=${flag(membership.protectedFromScaleIn)}`,
                ] as const,
              ]),
        ]),
  ]);
};

const targetGroupNameAndId = (arn: string): string => arn.split(':targetgroup/')[1] ?? arn;

/** `<target group name>/<hex id> <target> <port> <zone or ->`, `via-asg` where attaching restores it. */
const targetValue = (target: TargetRegistration): string =>
  [
    targetGroupNameAndId(target.targetGroupArn),
    target.targetId,
    target.port,
    target.zone ?? '-',
    ...(target.viaAutoScaling ? ['via-asg'] : []),
  ].join(' ');

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

/** Processes of the Auto Scaling group that an undo resumes. */
const suspendedTag = (steps: readonly StepEntry[]): (readonly [string, string])[] => {
  const entry = steps.find(({ step }) => step === 'detach-auto-scaling');
  const { suspendedProcesses = [] } = (entry?.detail ?? {}) as Partial<DetachDetail>;
  return suspendedProcesses.length === 0
    ? []
    : [['cordon:before:asg-processes', `resume ${suspendedProcesses.join(' ')}`]];
};

/**
 * What the instance is told when verify has read everything: the status, the before-state of its
 * registrations, one tag per step. What an undo needs comes first, in case there is no room.
 */
export const closingTags = (
  report: CaseReport,
  before: Before,
  { targets, loadBalancers }: Registrations,
): Tags => ({
  ...openingTags({ ...report, dryRun: false }, before),
  ...tags([
    [statusTag, report.status],
    ...(before.repeat
      ? []
      : [
          ...targets.map(
            (target, index) => [`cordon:before:tg:${index + 1}`, targetValue(target)] as const,
          ),
          ...loadBalancers.map((name, index) => [`cordon:before:elb:${index + 1}`, name] as const),
          ...suspendedTag(report.steps),
        ]),
    ...report.steps
      // The message about the end of the case is sent after the trail is closed.
      .filter((entry) => entry.step !== 'notify')
      .map((entry) => [`cordon:step:${entry.step}`, stepValue(entry)] as const),
  ]),
});

/**
 * The tags that still find room beside those the instance has, most important first, and those
 * that do not. Tags that replace one of the same key need no room.
 */
export const fitTags = (
  wanted: Tags,
  present: Tags,
  limit: number,
): { readonly fitting: Tags; readonly left: readonly string[] } => {
  const own = Object.keys(present).filter((key) => !key.startsWith('aws:'));
  let room = limit - own.length;
  const fitting: Record<string, string> = {};
  const left: string[] = [];
  for (const [key, value] of Object.entries(wanted)) {
    const replaces = Object.hasOwn(present, key);
    if (!replaces && room <= 0) left.push(key);
    else {
      if (!replaces) room -= 1;
      fitting[key] = value;
    }
  }
  return { fitting, left };
};
