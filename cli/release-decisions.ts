import { InvalidArgumentError } from 'commander';
import { InvalidSettingsError, ReleaseRefusedError } from '../src/case/errors.ts';
import type { Phase } from '../src/case/undo/inverse.ts';
import { phases } from '../src/case/undo/inverse.ts';
import type { Releasable } from '../src/release/find-released.ts';
import { asksForGroup } from '../src/release/release-plan.ts';
import { ask } from './confirm.ts';
import { tell } from './output.ts';

export type Groups = Readonly<Record<string, readonly string[]>>;

/** What a person said about a release before it began. */
export interface Said {
  readonly yes?: true;
  readonly only?: readonly Phase[];
  readonly asg?: 'attach' | 'leave';
}

/** @throws InvalidArgumentError for a word that is no part of a release. */
export const phasesIn = (text: string): readonly Phase[] =>
  text.split(',').map((word) => {
    const phase = phases.find((one) => one === word.trim());
    if (phase === undefined) throw new InvalidArgumentError(`One of ${phases.join(', ')}.`);
    return phase;
  });

/**
 * `eni-…=sg-…,sg-…`, as often as there are interfaces.
 *
 * @throws InvalidArgumentError for anything else.
 */
export const groupsIn = (text: string, before: Groups = {}): Groups => {
  const [id, groups] = text.split('=');
  if (!/^eni-[0-9a-f]+$/.test(id ?? '') || !/^sg-[0-9a-f]+(?:,sg-[0-9a-f]+)*$/.test(groups ?? '')) {
    throw new InvalidArgumentError('Accepted is eni-…=sg-… or eni-…=sg-…,sg-….');
  }
  return { ...before, [id ?? '']: (groups ?? '').split(',') };
};

/** Without a word, and under `--yes`, the instance is left out of the group: a replacement runs there. */
export const decideGroup = async (
  { knowledge }: Releasable,
  { asg, yes, only }: Said,
): Promise<'attach' | 'leave'> => {
  if (asg !== undefined) return asg;
  const concerned = only === undefined || only.includes('auto-scaling');
  if (!concerned || !asksForGroup(knowledge)) return 'attach';
  const group = knowledge.former.membership?.groupName ?? '';
  const said =
    yes === true
      ? undefined
      : await ask(
          `Attach it to the Auto Scaling group ${group} again? That raises its desired capacity by one, and the replacement goes on running. [attach/leave] `,
        );
  if (said === 'attach') return 'attach';
  tell(`It is left out of the Auto Scaling group ${group}: --asg attach takes it back.`);
  return 'leave';
};

/** @throws InvalidSettingsError where groups would be deleted that the case still needs. */
export const refuseCleaningInPart = ({
  clean,
  close,
  only,
}: Said & { readonly clean?: true; readonly close?: true }): void => {
  if (clean !== true || (close !== true && only === undefined)) return;
  throw new InvalidSettingsError(
    '--clean comes after a whole release: leave out --only and --close, or --clean.',
  );
};

/** @throws InvalidSettingsError where a case would be closed without a reason, or in part. */
export const requireReason = ({
  close,
  reason,
  only,
  groups,
}: Said & { readonly close?: true; readonly reason?: string; readonly groups?: Groups }): void => {
  if (close !== true) return;
  if (reason === undefined || reason.trim() === '') {
    throw new InvalidSettingsError(
      'A case is closed for a reason that the auditor can read: say --reason <text>.',
    );
  }
  if (only !== undefined || groups !== undefined) {
    throw new InvalidSettingsError(
      '--close gives nothing back: leave out --only and --groups, or give these back first.',
    );
  }
};

/** @throws ReleaseRefusedError where nobody confirms. */
export const confirm = async (
  { found }: Releasable,
  { yes, close }: Said & { readonly close?: true },
): Promise<void> => {
  if (yes === true) return;
  const { instanceId } = found.case;
  const what = close === true ? 'close its case' : 'give it back';
  const said = await ask(`Type ${instanceId} to ${what}: `);
  if (said === instanceId) return;
  throw new ReleaseRefusedError(
    said === undefined
      ? `Nobody is there to confirm, and ${instanceId} stays as it is: say --yes, or --dry-run to see the plan.`
      : `${instanceId} was not typed, and stays as it is.`,
  );
};
