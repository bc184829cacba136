import type { Inverse, Phase } from '../case/undo/inverse.ts';
import { inversesOf } from '../case/undo/inverses.ts';
import type { UndoKnowledge } from '../case/undo/knowledge.ts';

/** What a person decides about a release. */
export interface ReleaseWishes {
  /** Only these; the case stays open then. */
  readonly only?: readonly Phase[];
  /** Ends the case as it stands: nothing is given back. */
  readonly close?: boolean;
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
  /** What was asked for, and must not happen while an interface stays isolated. */
  readonly waiting: readonly Inverse[];
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

/** An interface that stays isolated, and why. */
interface Shut {
  readonly id: string;
  readonly why: string;
}

/** Interfaces whose groups nobody remembers, or which cannot have them any more. */
const shutFor = (
  { former }: UndoKnowledge,
  all: readonly Inverse[],
  existing: ReadonlySet<string>,
): readonly Shut[] => [
  ...all.flatMap((one) => {
    const deleted = groupsOf(one).filter((id) => !existing.has(id));
    if (deleted.length === 0) return [];
    return [{ id: one.resource, why: `${deleted.join(', ')} does not exist any more` }];
  }),
  ...Object.entries(former.interfaces)
    .filter(([, one]) => one.groups === undefined)
    .map(([id]) => ({ id, why: 'nobody remembers its groups' })),
];

/**
 * An isolated server fails the health checks of what it is given to, and its group ends it; nothing
 * protects it from that once its protections are off.
 */
const needsTheNetwork: ReadonlySet<Phase> = new Set([
  'load-balancers',
  'auto-scaling',
  'protections',
]);

/**
 * What is given back, in order: what is remembered, against what is now, as far as it was asked for
 * and is possible. A group that was deleted meanwhile leaves its interface isolated, and then what
 * needs the network waits. Only protections that a person names alone go while it is isolated.
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
  const shut = shutFor(knowledge, all, existing);
  const asksFor = (phase: Phase): boolean => only === undefined || only.includes(phase);
  const wanted = all.filter(
    (one) => asksFor(one.phase) && (autoScaling !== 'leave' || !isMembership(one)),
  );
  const isShut = (one: Inverse): boolean =>
    groupsOf(one).length > 0 && shut.some(({ id }) => id === one.resource);
  const staysIsolated =
    shut.length > 0 || (!asksFor('network') && all.some((one) => groupsOf(one).length > 0));
  const onlyProtections = only?.every((phase) => phase === 'protections') ?? false;
  const waits = ({ phase }: Inverse): boolean =>
    staysIsolated && !onlyProtections && needsTheNetwork.has(phase);
  return {
    inverses: wanted.filter((one) => !isShut(one) && !waits(one)),
    left: all.filter((one) => !wanted.includes(one)),
    waiting: wanted.filter(waits),
    impossible: asksFor('network')
      ? shut.map(
          ({ id, why }) =>
            `${id}: ${why}; it stays isolated (--groups ${id}=sg-… says which group it gets)`,
        )
      : [],
  };
};
