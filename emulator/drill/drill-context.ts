import type { EvidenceReading } from '../../src/evidence/read-evidence.ts';
import type { ReleaseResult } from '../../src/release/release-result.ts';
import type { Stage } from '../deploy/stage.ts';
import type { Emulator } from '../emulator.ts';
import type { EndedExecution } from '../follow/execution.ts';
import type { BridgeEvent } from '../follow/finding.ts';
import type { readTrail } from '../follow/trail.ts';
import type { SampleWorld } from '../world/sample-world.ts';

/** What the parts of a drill leave for those after them. */
export interface DrillContext {
  emulator?: Emulator;
  world?: SampleWorld;
  stage?: Stage;
  event?: BridgeEvent;
  executionArn?: string;
  ended?: EndedExecution;
  /** What the containment cost, counted before the release. */
  apiCalls?: { readonly total: number; readonly toIsolated: number };
  /** What there is of evidence, where the drill was asked for it. */
  evidence?: EvidenceReading;
  trail?: Awaited<ReturnType<typeof readTrail>>;
  released?: ReleaseResult;
}

/** @throws Error when an earlier part has not left it. */
export const need = <Value>(value: Value | undefined, name: string): Value => {
  if (value === undefined) throw new Error(`The drill has no ${name} yet`);
  return value;
};
