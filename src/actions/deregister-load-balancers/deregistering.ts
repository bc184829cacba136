import type { Deps } from '../../aws/clients.ts';
import type { TargetRegistration } from '../../case/before.ts';
import type { CordonError } from '../../case/errors.ts';
import type { StepInput } from '../../case/step-input.ts';
import type { Change } from '../../engine/change.ts';
import { send } from '../../engine/send.ts';
import type { OwnBalancers } from './own-balancers.ts';
import type { RegistrationMemory } from './registration-memory.ts';

export type DeregisterDeps = Deps<'ec2' | 'autoScaling' | 'loadBalancingV2' | 'loadBalancing'>;

/** What was found of the registrations of an instance while its load balancers were swept. */
export interface Findings {
  readonly targets: TargetRegistration[];
  /** Targets that may be another host's. */
  readonly ambiguous: string[];
  readonly changes: Change[];
  readonly complaints: CordonError[];
  /** Target groups behind which AWS tracks every flow. */
  readonly flowTracked: Set<string>;
  /** Registrations that somebody else, or an earlier run, had taken out. */
  leaving: number;
}

export const noFindings = (): Findings => ({
  targets: [],
  ambiguous: [],
  changes: [],
  complaints: [],
  flowTracked: new Set(),
  leaving: 0,
});

/** One sweep over the load balancers of an instance. */
export interface Deregistering {
  readonly deps: DeregisterDeps;
  readonly input: StepInput;
  readonly memory: RegistrationMemory;
  readonly own: OwnBalancers;
  readonly findings: Findings;
}

/** @throws what AWS answered, unless nothing was left to do. */
export const make = async (
  { deps, input }: Pick<Deregistering, 'deps' | 'input'>,
  change: Change,
): Promise<void> => {
  const { outcome, error } = await send(deps, input.case.caseId, change);
  if (outcome === 'failed') throw error;
};
