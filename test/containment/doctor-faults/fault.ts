import type { State } from '../../../src/doctor/check.ts';
import type { AccountOptions } from '../account.ts';
import type { Ailing, Healthy } from '../doctor-scene.ts';

/** Something that would keep Cordon from working, and the one line that has to say so. */
export interface Fault {
  readonly name: string;
  /** What the account is deployed with. */
  readonly options?: AccountOptions;
  /** How many hours ago the last heartbeat and the last sample arrived; null: none did. */
  readonly arrivals?: { readonly heartbeat?: number | null; readonly sample?: number | null };
  readonly plant?: (account: Healthy) => Promise<unknown>;
  /** Takes it back, so that the account can go on; without, the account is of no more use. */
  readonly mend?: (account: Healthy) => Promise<unknown>;
  /** What is wrong with whoever asks. */
  readonly ailing?: Ailing;
  readonly found: { readonly check: string; readonly state: State; readonly says: RegExp };
}
