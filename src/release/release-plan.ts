import type { Inverse, Phase } from '../case/undo/inverse.ts';
import type { UndoKnowledge } from '../case/undo/knowledge.ts';
import { inversesOf } from '../case/undo/undo-steps.ts';

/** What a person decides about a release. */
export interface ReleaseWishes {
  /** Only these; the case stays open then. */
  readonly only?: readonly Phase[];
  /** What becomes of an instance that was detached from its Auto Scaling group. */
  readonly autoScaling?: 'attach' | 'leave';
  /** By interface: the groups that it is given instead of those that it had. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
}

/** What a release would do, and what it cannot. */
export interface ReleasePlan {
  /** In the order in which they are sent. */
  readonly inverses: readonly Inverse[];
  /** What the person decided to leave as the case has it. */
  readonly left: readonly Inverse[];
  /** What cannot be given back as it was, in words. */
  readonly impossible: readonly string[];
}

/** Everything about the attaching, but not what the whole group is given back. */
const isMembership = ({ call }: Inverse): boolean =>
  call.api === 'autoscaling:AttachInstances' ||
  call.api === 'autoscaling:SetInstanceProtection' ||
  call.api === 'autoscaling:EnterStandby';

/** True where the person has to say whether the instance goes back into its group. */
export const asksForGroup = (knowledge: UndoKnowledge): boolean =>
  inversesOf(knowledge).some(({ call }) => call.api === 'autoscaling:AttachInstances');

/** The world before with the groups that the person chose. */
const withGroups = (
  knowledge: UndoKnowledge,
  groups: Readonly<Record<string, readonly string[]>>,
): UndoKnowledge => ({
  ...knowledge,
  former: {
    ...knowledge.former,
    interfaces: Object.fromEntries(
      Object.entries(knowledge.former.interfaces).map(([id, one]) => [
        id,
        groups[id] === undefined ? one : { ...one, groups: groups[id] },
      ]),
    ),
  },
});

const groupsOf = ({ call }: Inverse): readonly string[] =>
  call.api === 'ec2:ModifyNetworkInterfaceAttribute' ? (call.input.Groups ?? []) : [];

/**
 * What is given back, in order: what is remembered, against what is now, as far as it was asked for
 * and is possible. A group that was deleted meanwhile leaves its interface isolated.
 *
 * @param existing ids of the security groups that are still there.
 */
export const planRelease = (
  remembered: UndoKnowledge,
  existing: ReadonlySet<string>,
  { only, autoScaling, groups = {} }: ReleaseWishes,
): ReleasePlan => {
  const knowledge = withGroups(remembered, groups);
  const all = inversesOf(knowledge);
  const wanted = all.filter(
    (one) =>
      (only === undefined || only.includes(one.phase)) &&
      (autoScaling !== 'leave' || !isMembership(one)),
  );
  const gone = wanted.filter((one) => groupsOf(one).some((id) => !existing.has(id)));
  const unknown = Object.entries(knowledge.former.interfaces)
    .filter(([, one]) => one.groups === undefined)
    .map(([id]) => `${id}: nobody remembers its groups`);
  return {
    inverses: wanted.filter((one) => !gone.includes(one)),
    left: all.filter((one) => !wanted.includes(one)),
    impossible: [
      ...gone.map((one) => {
        const deleted = groupsOf(one).filter((id) => !existing.has(id));
        return `${one.resource}: ${deleted.join(', ')} does not exist any more`;
      }),
      ...unknown,
    ].map((what) => `${what}; it stays isolated (--groups eni-…=sg-… says which group it gets)`),
  };
};
