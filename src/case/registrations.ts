import type { Registration } from './before.ts';
import type { DeregisterDetail, DetachDetail } from './details.ts';
import type { StepEntry } from './step.ts';

/** Where the instance was registered, for an undo. */
export interface Registrations {
  readonly targets: readonly Registration[];
  readonly loadBalancers: readonly string[];
}

/** Registrations that two steps saw, each named once. */
export const unitedTargets = (
  ...lists: readonly (readonly Registration[] | undefined)[]
): readonly Registration[] => {
  const byKey = new Map<string, Registration>();
  for (const target of lists.flatMap((list) => list ?? [])) {
    const key = [target.targetGroupArn, target.targetId, target.port, target.zone].join(' ');
    const known = byKey.get(key);
    byKey.set(
      key,
      known === undefined
        ? target
        : { ...target, viaAutoScaling: known.viaAutoScaling || target.viaAutoScaling },
    );
  }
  return [...byKey.values()];
};

/** Where the instance was registered, from what the two steps saw that took it out. */
export const registrationsOf = (
  steps: readonly StepEntry[],
  remembered?: Registrations,
): Registrations => {
  const detailOf = <Detail>(name: StepEntry['step']) =>
    steps.findLast(({ step }) => step === name)?.detail as Partial<Detail> | undefined;
  const detached = detailOf<DetachDetail>('detach-auto-scaling');
  const deregistered = detailOf<DeregisterDetail>('deregister-load-balancers');
  return {
    targets: unitedTargets(remembered?.targets, detached?.targets, deregistered?.targets),
    loadBalancers: [
      ...new Set([...(remembered?.loadBalancers ?? []), ...(deregistered?.loadBalancers ?? [])]),
    ],
  };
};
