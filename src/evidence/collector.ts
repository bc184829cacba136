import type { Clients, Deps } from '../aws/clients.ts';
import type { EvidenceStore } from '../record/evidence-store/evidence-store.ts';
import type { CollectorOutcome } from '../record/evidence-store/outcome.ts';

import type { LivingConnection } from './flow-logs/measure.ts';
import type { EvidenceInput, EvidenceKind } from './kind.ts';

/** The clients that collectors have; a client that one needs beside these goes here. */
export type EvidenceClients = Extract<keyof Clients, 'ec2' | 'ec2SingleAttempt'>;

/** What a collector works with. */
export interface EvidenceDeps extends Deps<EvidenceClients> {
  readonly store: EvidenceStore;
  /** Tells people of a connection that outlived the cut; where a case is collected, it is there. */
  readonly tellLiving?: (input: EvidenceInput, living: LivingConnection) => Promise<void>;
}

/** How far a collector is after one call of `collect` or `follow`. */
export type Progress =
  | {
      readonly outcome: CollectorOutcome['outcome'];
      /** What there is, or why there is nothing and what to do instead; one sentence. */
      readonly sentence: string;
    }
  | {
      readonly outcome: 'waiting';
      readonly sentence: string;
      /** Until it is looked at again, in seconds. */
      readonly waitSeconds: number;
      /** What the next look has to know; JSON of at most 8 KB, because the state machine carries it. */
      readonly state: object;
    };

/**
 * Collects one kind of evidence. Nothing of it may delay the cut or change the status of a case: it runs in a
 * state machine of its own, and whatever fails is its outcome.
 */
export interface Collector extends EvidenceKind {
  /** What it takes to collect and follow it, beside the store. */
  readonly permissions: readonly string[];
  /** Begins, or finds what an earlier call has begun: it may be repeated at any moment. */
  readonly collect: (deps: EvidenceDeps, input: EvidenceInput) => Promise<Progress>;
  /** Looks again, with the state that the call before has left; absent where nothing is waited for. */
  readonly follow?: (deps: EvidenceDeps, input: EvidenceInput, state: unknown) => Promise<Progress>;
}
