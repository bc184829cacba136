import type { Case } from '../case/case.ts';
import { caseIdFor } from '../case/case.ts';
import { defined } from '../case/defined.ts';
import type { ContainmentRequest, NamedInstance, UnreadInstance } from './containment-request.ts';
import { ownTrace } from './own-traces.ts';
import { exemptReason, isExempt, reasonToSkip } from './policy.ts';

/** Where Cordon runs, and how it is set. */
export interface Place {
  readonly region: string;
  /** Unknown by hand until the instance was described. */
  readonly accountId?: string;
  /** Unique ids and ARNs of the roles of Cordon's own functions; unknown by hand. */
  readonly ownRoles?: readonly string[];
}

export interface DecisionSettings {
  readonly mode: 'observe' | 'contain';
  readonly minimumSeverity: number;
  readonly exemptTag: string;
}

/** What happens to one instance that a trigger names. */
export type Decision =
  | { readonly kind: 'contain'; readonly case: Case }
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
  settings: DecisionSettings,
  place: Place,
): UnreadInstance | undefined => {
  const skipped = reasonToSkip(request.subject, settings) !== undefined;
  const silent = ownTrace(request, place.ownRoles)?.tell === false;
  return skipped || silent ? undefined : request.unread;
};

/** Decides per instance of a request; pure, so that intake and the runbook by hand agree. */
export const decide = (
  request: ContainmentRequest,
  settings: DecisionSettings,
  place: Place,
  now: Date,
): readonly Decision[] => {
  const automatic = request.trigger.source !== 'manual';
  const skipped = reasonToSkip(request.subject, settings);
  const own = ownTrace(request, place.ownRoles);
  return request.instances.map((instance): Decision => {
    const dryRun = request.dryRun || (automatic && settings.mode === 'observe');
    const theCase: Case = {
      caseId: caseIdFor(instance.instanceId, now, dryRun, request.isolationProfile),
      instanceId: instance.instanceId,
      accountId: instance.accountId ?? place.accountId ?? '',
      region: instance.region ?? place.region,
      trigger: request.trigger,
      dryRun,
      ...defined({ isolationProfile: request.isolationProfile }),
    };
    if (skipped !== undefined) return { kind: 'skip', case: theCase, reason: skipped, tell: false };
    const foreign = elsewhere(instance, place);
    if (foreign !== undefined) return { kind: 'skip', case: theCase, reason: foreign, tell: true };
    if (own !== undefined) return { kind: 'skip', case: theCase, ...own };
    if (automatic && isExempt(instance.tags, settings.exemptTag)) {
      const reason = exemptReason(settings.exemptTag);
      return { kind: 'skip', case: theCase, reason, tell: true };
    }
    return { kind: 'contain', case: theCase };
  });
};
