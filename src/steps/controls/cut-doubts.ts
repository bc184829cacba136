import type { Before } from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import type { Control } from '../../case/control.ts';
import { controlOf } from '../../case/control.ts';
import type { Cut } from '../../case/cut.ts';
import type { DeregisterDetail, IsolationDetail } from '../../case/details.ts';
import type { ResidualRisk } from '../../case/risk.ts';
import {
  balancersUnread,
  foundIsolated,
  targetsUnknown,
  transitionUnknown,
} from '../../case/risks/connections.ts';
import type { StepEntry } from '../../case/step.ts';
import { wasCutCompletely } from '../../record/trail/claimed-cut.ts';

/** What the isolating step knows of established connections, which nobody can read back. */
const cutOfStep = (
  entry: StepEntry | undefined,
  before: Before,
): { cut: Cut; risks: readonly ResidualRisk[] } => {
  if (entry === undefined) {
    // No isolating step ran here, so the tags of the run that isolated the instance decide.
    const ids = movableInterfaces(before.instance).map(({ id }) => id);
    return before.repeat && !wasCutCompletely(before)
      ? { cut: 'new-flows-only', risks: [foundIsolated(ids)] }
      : { cut: 'complete', risks: [] };
  }
  if (entry.outcome !== 'done' && entry.outcome !== 'already') {
    return { cut: 'new-flows-only', risks: [transitionUnknown] };
  }
  const { cut, risks } = entry.detail as IsolationDetail;
  return { cut, risks: risks.filter(({ risk }) => risk === 'transition-failed') };
};

/** Whether a load balancer that tracks its flows has, or may have, a connection to the host. */
const balancerDoubts = (
  deregistered: StepEntry | undefined,
  proof: readonly Control[],
): { readonly tracked: boolean; readonly risks: readonly ResidualRisk[] } => {
  const { risks = [] } = (deregistered?.detail ?? {}) as Partial<DeregisterDetail>;
  const targets = controlOf(proof, 'targets');
  const doubts = [
    // If the load balancers were not read, flows may have come in through one that AWS tracks.
    ...(deregistered?.outcome === 'failed' ? [balancersUnread] : []),
    // Nor where it may be registered with one, in another VPC or in a group that could not be read.
    ...(targets?.holds === 'unknown' ? [targetsUnknown(targets.observed)] : []),
  ];
  const tracked = risks.some(({ risk }) => risk === 'nlb-tracked-flows');
  return { tracked: tracked || doubts.length > 0, risks: doubts };
};

/** Why connections that were open before may live on, beside what the routes say. */
export const cutDoubts = (
  { before, steps = [] }: { readonly before: Before; readonly steps?: readonly StepEntry[] },
  proof: readonly Control[],
): { readonly doubtful: boolean; readonly risks: readonly ResidualRisk[] } => {
  if (before.instance.state === 'stopped') return { doubtful: false, risks: [] };
  const own = cutOfStep(
    steps.findLast(({ step }) => step === 'isolate-network'),
    before,
  );
  const balancers = balancerDoubts(
    steps.findLast(({ step }) => step === 'deregister-load-balancers'),
    proof,
  );
  const doubtful = own.cut === 'new-flows-only' || balancers.tracked;
  return { doubtful, risks: [...(doubtful ? own.risks : []), ...balancers.risks] };
};
