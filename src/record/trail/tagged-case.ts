import type { Instance } from '../../case/before.ts';
import type { Case, Trigger } from '../../case/case.ts';
import { caseBegan, caseIdFor, isCaseIdOf } from '../../case/case.ts';
import { defined } from '../../case/defined.ts';
import type { IsolationProfile } from '../../case/isolation-profile.ts';
import { isolationProfiles } from '../../case/isolation-profile.ts';
import { caseTag, triggerTag } from './keys.ts';

/**
 * The text, if it can be the id of a case of this instance: begun in its life, not in the future.
 * The primary interface was attached when the instance was made; the launch time is renewed by every
 * start.
 */
export const ownCaseId = (
  text: string | undefined,
  instance: Pick<Instance, 'id' | 'madeAt'>,
  now: Date,
): string | undefined => {
  if (text === undefined || !isCaseIdOf(text, instance.id)) return undefined;
  const began = caseBegan(text)?.getTime() ?? Number.NaN;
  const made = instance.madeAt === undefined ? 0 : Date.parse(instance.madeAt);
  // The id is rounded down to ten minutes.
  return began <= now.getTime() && began > made - 600_000 ? text : undefined;
};

/** The id in the tag of the instance, if it can be that of a case of this instance. */
export const taggedCaseId = (instance: Instance, now: Date): string | undefined =>
  ownCaseId(instance.tags[caseTag], instance, now);

const sources = ['guardduty', 'cloudwatch-alarm', 'security-hub', 'manual'] as const;

/** On GuardDuty's scale, whatever somebody may have written. */
const severityOf = (text: string): number | null => {
  const severity = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return severity >= 0 && severity <= 10 ? severity : null;
};

/** `<source> <type> <severity> <id>`, as it was written when the case began. */
const taggedTrigger = (instance: Instance, at: string): Trigger => {
  const [word, type = 'unknown', severity = '-', id = 'unknown'] = (
    instance.tags[triggerTag] ?? ''
  ).split(' ');
  return {
    source: sources.find((one) => one === word) ?? 'manual',
    id,
    type,
    severity: severityOf(severity),
    at,
  };
};

const taggedProfile = (instance: Instance): IsolationProfile | undefined => {
  const said = /\bprofile=(\S+)/.exec(instance.tags['cordon:step:isolate-network'] ?? '')?.[1];
  return isolationProfiles.find((profile) => profile === said);
};

/** The case of an instance as its trail tells it; what the trail does not say is filled in. */
export const taggedCase = (instance: Instance, now: Date): Case => {
  const caseId = taggedCaseId(instance, now) ?? caseIdFor(instance.id, now);
  const profile = taggedProfile(instance);
  return {
    caseId,
    instanceId: instance.id,
    accountId: instance.accountId,
    region: instance.region,
    trigger: taggedTrigger(instance, (caseBegan(caseId) ?? now).toISOString()),
    dryRun: false,
    ...defined({ isolationProfile: profile }),
  };
};
