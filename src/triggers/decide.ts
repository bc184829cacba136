import type { Case } from '../case/case.ts';
import { caseIdFor, isAskedByPerson } from '../case/case.ts';
import { defined } from '../case/defined.ts';
import type { ContainmentRequest, NamedInstance, UnreadInstance } from './containment-request.ts';
import { ownTrace } from './own-traces.ts';
import type { PolicySettings } from './policy.ts';
import {
  isWaitedFor,
  modeFor,
  reasonToAsk,
  reasonToContain,
  reasonToSkip,
  reasonToSpare,
} from './policy.ts';

/** Where Cordon runs, and how it is set. */
export interface Place {
  readonly region: string;
  /** Unknown by hand until the instance was described. */
  readonly accountId?: string;
  /** Unique ids and ARNs of the roles of Cordon's own functions; unknown by hand. */
  readonly ownRoles?: readonly string[];
}

/** What happens to one instance that a trigger names. */
export type Decision =
  | { readonly kind: 'contain'; readonly case: Case; readonly reason: string }
  /** A person is asked first. */
  | { readonly kind: 'ask'; readonly case: Case; readonly reason: string }
  | {
      readonly kind: 'skip';
      readonly case: Case;
      readonly reason: string;
      /** True: a person has to know that this one was left alone. */
      readonly tell: boolean;
    };

const elsewhere = (instance: NamedInstance, place: Place): string | undefined => {
  if (instance.region !== undefined && instance.region !== place.region) {
    return `The instance is in ${instance.region}, and Cordon runs in ${place.region}: deploy it there.`;
  }
  if (
    instance.accountId !== undefined &&
    place.accountId !== undefined &&
    instance.accountId !== place.accountId
  ) {
    return `The instance is in account ${instance.accountId}, and Cordon runs in ${place.accountId}: deploy it there.`;
  }
  return undefined;
};

/** What could not be read of a request, where a person has to know: it would have been contained. */
export const unreadToTell = (
  request: ContainmentRequest,
  settings: PolicySettings,
  place: Place,
): UnreadInstance | undefined => {
  const { subject } = request;
  const skipped = subject.isOrder !== true && reasonToSkip(subject, settings) !== undefined;
  const silent = ownTrace(request, place.ownRoles)?.tell === false;
  return skipped || silent ? undefined : request.unread;
};

/** A tag that only Auto Scaling writes, on every member that it launches. */
const groupTag = 'aws:autoscaling:groupName';

const groupOf = ({ autoScalingGroup, tags }: NamedInstance): string | undefined =>
  autoScalingGroup ?? (Object.hasOwn(tags, groupTag) ? tags[groupTag] : undefined);

/** What a request is decided by, beside the settings. */
interface Grounds {
  readonly settings: PolicySettings;
  /** Absent where nobody works anywhere, as where an event is only judged. */
  readonly place?: Place;
  readonly now: Date;
}

const caseFor = (
  request: ContainmentRequest,
  instance: NamedInstance,
  { settings, place, now }: Grounds,
): Case => {
  const { trigger, isolationProfile } = request;
  const automatic = !isAskedByPerson(trigger) && request.subject.isOrder !== true;
  const dryRun = request.dryRun || (automatic && modeFor(trigger.severity, settings) === 'observe');
  return {
    caseId: caseIdFor(instance.instanceId, now, dryRun, isolationProfile),
    instanceId: instance.instanceId,
    accountId: instance.accountId ?? place?.accountId ?? '',
    region: instance.region ?? place?.region ?? '',
    trigger,
    dryRun,
    ...defined({
      isolationProfile,
      autoScalingGroup: groupOf(instance),
      ordered: request.subject.isOrder,
    }),
  };
};

/** Decides per instance of a request; pure, so that intake, the runbook by hand and triage agree. */
export const decideOn = (request: ContainmentRequest, grounds: Grounds): readonly Decision[] => {
  const { settings, place } = grounds;
  const { subject } = request;
  const automatic = !isAskedByPerson(request.trigger);
  const skipped = reasonToSkip(subject, settings);
  const own = ownTrace(request, place?.ownRoles);
  return request.instances.map((instance): Decision => {
    const theCase = caseFor(request, instance, grounds);
    const skip = (reason: string, tell: boolean): Decision => ({
      kind: 'skip',
      case: theCase,
      reason,
      tell,
    });
    if (skipped !== undefined) return skip(skipped, isWaitedFor(subject, settings));
    const foreign = place === undefined ? undefined : elsewhere(instance, place);
    if (foreign !== undefined) return skip(foreign, true);
    if (own !== undefined) return skip(own.reason, own.tell);
    const spared = reasonToSpare(subject, instance, settings);
    if (spared !== undefined) return skip(spared, true);
    const asked =
      automatic && !theCase.dryRun ? reasonToAsk(subject, instance, settings) : undefined;
    return asked === undefined
      ? { kind: 'contain', case: theCase, reason: reasonToContain(subject, settings) }
      : { kind: 'ask', case: theCase, reason: asked };
  });
};

/** The same where Cordon works: in a Region, and in an account as far as it is known. */
export const decide = (
  request: ContainmentRequest,
  settings: PolicySettings,
  place: Place,
  now: Date,
): readonly Decision[] => decideOn(request, { settings, place, now });

/** What cuts comes first, then what asks; what only rehearses must hide neither. */
const rankOf = (decision: Decision): number => {
  if (decision.kind === 'contain') return decision.case.dryRun ? 2 : 0;
  if (decision.kind === 'ask') return 1;
  return decision.tell ? 3 : 4;
};

const severityOf = ({ case: { trigger } }: Decision): number => trigger.severity ?? -1;

/** Of several findings about one instance the strictest decision stands, and the most severe of those. */
export const strictest = (decisions: readonly Decision[]): readonly Decision[] => {
  const byInstance = new Map<string, Decision>();
  for (const one of decisions.toSorted(
    (a, b) => rankOf(a) - rankOf(b) || severityOf(b) - severityOf(a),
  )) {
    const { instanceId } = one.case;
    if (!byInstance.has(instanceId)) byInstance.set(instanceId, one);
  }
  return [...byInstance.values()];
};
