import type {
  DeregisterDetail,
  DetachDetail,
  IsolationDetail,
  PlanDetail,
  PrepareDetail,
  SnapshotDetail,
  VerifyDetail,
} from './details.ts';
import type { ReinforceDetail } from './reinforcement.ts';
import type { ResidualRisk } from './risk.ts';
import { afterReinforcement } from './risks/after-reinforcement.ts';
import { undoFromLogOnly, unusualSettings } from './risks/record.ts';
import type { StepEntry } from './step.ts';
import { detailOf, lastOf } from './step-detail.ts';

const unitedRisks = (...lists: readonly (readonly ResidualRisk[] | undefined)[]) => [
  ...new Map(
    lists.flatMap((list) => list ?? []).map((risk) => [`${risk.risk} ${risk.explanation}`, risk]),
  ).values(),
];

/** Tags of the before-state that found no room beside the instance's own. */
const withoutRoom = (steps: readonly StepEntry[]): readonly ResidualRisk[] => {
  const { left = [] } = detailOf<{ left?: readonly string[] }>(steps, 'tag') ?? {};
  const before = left.filter((key) => key.startsWith('cordon:before:'));
  return before.length > 0 ? [undoFromLogOnly(`the instance (${before.join(', ')})`)] : [];
};

/** What the detach leaves undone because it could not help. */
const skippedRisks = (steps: readonly StepEntry[]): readonly ResidualRisk[] | undefined => {
  const entry = lastOf<DetachDetail>(steps, 'detach-auto-scaling');
  return entry?.outcome === 'skipped' ? entry.detail.risks : undefined;
};

const plannedRisks = (steps: readonly StepEntry[]): readonly ResidualRisk[] =>
  steps.flatMap(({ outcome, detail }) =>
    outcome === 'planned' ? ((detail as Partial<PlanDetail>).risks ?? []) : [],
  );

/** What the steps found out, as far as they went through. */
export const findingsOf = (steps: readonly StepEntry[]) => ({
  isolation: detailOf<IsolationDetail>(steps, 'isolate-network'),
  verification: detailOf<VerifyDetail>(steps, 'verify'),
  prepared: detailOf<PrepareDetail>(steps, 'prepare-isolation'),
  deregistered: detailOf<DeregisterDetail>(steps, 'deregister-load-balancers'),
  reinforced: detailOf<ReinforceDetail>(steps, 'reinforce-cut'),
  detached: detailOf<DetachDetail>(steps, 'detach-auto-scaling'),
  secured: detailOf<{ risks?: readonly ResidualRisk[] }>(steps, 'protect'),
  kept: detailOf<SnapshotDetail>(steps, 'snapshot'),
});

type Findings = ReturnType<typeof findingsOf>;

/** What remains, each risk once, and less of it where a reinforcement has closed one. */
export const risksOf = (
  steps: readonly StepEntry[],
  findings: Findings,
  described: readonly ResidualRisk[] | undefined,
  warnings: readonly string[],
): readonly ResidualRisk[] => {
  const { isolation, verification, prepared, deregistered, reinforced, detached } = findings;
  return afterReinforcement(
    unitedRisks(
      described,
      verification?.risks ?? isolation?.risks,
      prepared?.risks,
      deregistered?.risks,
      detached?.risks ?? skippedRisks(steps),
      reinforced?.risks,
      findings.secured?.risks,
      findings.kept?.risks,
      withoutRoom(steps),
      isolation?.risks,
      plannedRisks(steps),
      lastOf(steps, 'deregister-load-balancers')?.outcome === 'failed'
        ? [undoFromLogOnly('its registrations with load balancers')]
        : [],
      warnings.length > 0 ? [unusualSettings(warnings)] : [],
    ),
    reinforced,
  );
};
