import type { Settings } from '../../aws/settings.ts';
import type { Before } from '../../case/before.ts';
import { cordonCommand } from '../../case/cordon-command.ts';
import { isGivenBack } from '../../case/given-back.ts';
import { quoted } from '../../case/quoted.ts';
import { releaseStepTag } from '../../trail/release-tags.ts';
import { exemptReason, isExempt } from '../../triggers/policy.ts';

/**
 * Why an automatic trigger leaves an instance as it is; undefined where it does not. GuardDuty sends a
 * finding again and again, and must not isolate each time what a person has opened on purpose.
 */
export const whyLeftAlone = (
  before: Before,
  { exemptTag }: Pick<Settings, 'exemptTag'>,
): string | undefined => {
  const { instance } = before;
  if (isExempt(instance.tags, exemptTag)) return exemptReason(exemptTag);
  if (!isGivenBack(before, 'network')) return undefined;
  const command = cordonCommand('contain', { instanceId: instance.id, region: instance.region });
  return `the network of its open case was given back by a person (${quoted(instance.tags[releaseStepTag] ?? '', 200)}), so it is not isolated again; ${command} does that`;
};
