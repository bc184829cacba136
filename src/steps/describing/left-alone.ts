import type { Before } from '../../case/before.ts';
import type { Case } from '../../case/case.ts';
import { cordonCommand } from '../../case/cordon-command.ts';
import { defined } from '../../case/defined.ts';
import type { DescribeDetail } from '../../case/details.ts';
import { isGivenBack } from '../../case/given-back.ts';
import { isSettled, questionOf } from '../../case/question.ts';
import { quoted } from '../../case/quoted.ts';
import { releaseStepTag } from '../../record/trail/release-tags.ts';
import type { Settings } from '../../settings/settings.ts';
import { reasonOfHost } from '../../triggers/policy.ts';
import { sharedAsFound } from '../../triggers/shared-host.ts';

/**
 * Why an automatic trigger leaves an instance as it is. GuardDuty sends a finding again and again, and
 * must not isolate each time what a person has opened on purpose.
 */
const whyGivenBack = (before: Before): string | undefined => {
  const { instance } = before;
  if (!isGivenBack(before, 'network')) return undefined;
  const command = cordonCommand('contain', { instanceId: instance.id, region: instance.region });
  return `the network of its open case was given back by a person (${quoted(instance.tags[releaseStepTag] ?? '', 200)}), so it is not isolated again; ${command} does that`;
};

/**
 * What keeps an automatic trigger from cutting the instance off: a reason, or a question.
 *
 * @param canWait whether something waits for the answer, as the state machine of the stack does.
 */
export const leftAlone = (
  before: Before,
  { trigger, question }: Case,
  settings: Pick<Settings, 'exemptTag' | 'containerHosts' | 'askTimeoutMinutes' | 'askDefault'>,
  canWait: boolean,
): Pick<DescribeDetail, 'skip' | 'asks' | 'question'> => {
  // What is isolated already is not asked about, nor what was asked about before.
  const reason =
    before.repeat || isSettled(question)
      ? undefined
      : reasonOfHost(
          {
            tags: before.instance.tags,
            ...defined({ sharedHost: sharedAsFound(before.instance) }),
          },
          trigger.severity,
          settings,
        );
  if (reason === undefined) return defined({ skip: whyGivenBack(before) });
  return {
    skip: reason,
    asks: true,
    ...(canWait ? { question: questionOf(settings, reason) } : {}),
  };
};
