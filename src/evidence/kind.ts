import type { Clients, Deps } from '../aws/clients.ts';
import type { Before } from '../case/before.ts';
import type { Case } from '../case/case.ts';
import type { Settings } from '../settings/settings.ts';

/** The clients that foreseeing has; one that a kind needs beside these goes here. */
export type ForeseeClients = Extract<keyof Clients, 'ec2'>;

/** What a kind of evidence is about. */
export interface EvidenceInput {
  readonly case: Case;
  readonly before: Before;
}

/** Whether a kind could be collected, as a dry run says it before any incident. */
export interface Foresight {
  readonly can: boolean;
  /** What would be collected, or why it cannot be and what to do about it; one sentence. */
  readonly sentence: string;
}

/** A kind of evidence, as far as it is known before anything is collected. */
export interface EvidenceKind {
  readonly name: string;
  /** What it is, as a noun phrase for messages. */
  readonly what: string;
  /** Whether the stack collects it; what only reads is always collected. */
  readonly isOptedInto: (settings: Settings) => boolean;
  /** True: it waits for the cut, which it would otherwise stand in the way of. */
  readonly afterTheCut?: true;
  /** What it takes to foresee it; absent where nothing is read for that. */
  readonly foreseePermissions?: readonly string[];
  readonly foresee: (deps: Deps<ForeseeClients>, input: EvidenceInput) => Promise<Foresight>;
}
