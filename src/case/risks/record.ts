import type { Before } from '../before.ts';
import type { ResidualRisk } from '../risk.ts';

export const undoFromLogOnly = (what: string): ResidualRisk => ({
  risk: 'undo-from-log-only',
  explanation: `The before-state of ${what} could not be written to tags.`,
  remedy: 'Keep the log of this case: its line "before" is what an undo needs.',
});

/** Whether a before-value stands in the log alone. */
export const isFromLogOnly = ({ risk }: ResidualRisk): boolean => risk === undoFromLogOnly('').risk;

/** As many as a message can bear. */
const shown = 5;

const list = (words: readonly string[]): string =>
  [
    ...words.slice(0, shown),
    ...(words.length > shown ? [`${words.length - shown} more`] : []),
  ].join('; ');

/** What people have to know about whose the remembered values are. */
export const recollectionRisks = ({ recollection }: Before): ResidualRisk[] => {
  if (recollection === undefined) return [];
  const { unknown, foreign, disagreements, found, standing } = recollection;
  const elsewhere = Object.entries(found).map(([id, groups]) => `${id} in ${groups.join(' ')}`);
  return [
    ...(unknown.length > 0
      ? [
          {
            risk: 'undo-from-log-only',
            explanation: `Cordon has been here before, and what ${list(unknown)} was before it came stands in no tag.`,
            remedy: 'Keep the log of the earlier run: its line "before" is what an undo needs.',
          },
        ]
      : []),
    ...(foreign.length > 0
      ? [
          {
            risk: 'foreign-before-values',
            explanation: `Tags of Cordon's held values of no open case of this instance, which were overwritten: ${list(foreign)}.`,
            remedy: 'Find out who wrote them: an image, a backup, an older case, or an attacker.',
          },
        ]
      : []),
    ...(standing === 'unproven'
      ? [
          {
            risk: 'before-values-unproven',
            explanation: `The tags remember what was before, and nothing shows whose they are${elsewhere.length > 0 ? `; the interfaces were found elsewhere: ${list(elsewhere)}` : ''}.`,
            remedy: 'Compare the undo with the log of the earlier run before you use it.',
          },
        ]
      : []),
    ...(disagreements.length > 0
      ? [
          {
            risk: 'before-values-disagree',
            explanation: `Two sources say different things of the time before: ${list(disagreements)}. The journal was believed.`,
            remedy: 'Find out who changed the tags.',
          },
        ]
      : []),
  ];
};

export const unusualSettings = (warnings: readonly string[]): ResidualRisk => ({
  risk: 'setting-not-understood',
  explanation: `Cordon ran with defaults: ${warnings.join('; ')}.`,
  remedy: 'Correct the parameter of the stack.',
});

export const ambiguousTargets = (where: readonly string[]): ResidualRisk => ({
  risk: 'ambiguous-ip-target',
  explanation: `An address of the instance is also registered in target groups of other VPCs (${where.join(', ')}); it may be another host there, so it was left.`,
  remedy: 'If the target is this instance (VPC peering), deregister it by hand.',
});
