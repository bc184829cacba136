import type { Deps } from '../../aws/clients.ts';
import { inWords } from '../../aws/errors.ts';
import type { Control, ControlName, Observation } from '../../case/control.ts';

/** Controls that are read together. */
export interface Reading {
  readonly controls: readonly ControlName[];
  /** When that began what is read, in ISO 8601, where it is the same at each look; see Reader. */
  readonly begunAt?: string | undefined;
  read(): Promise<readonly Observation[]>;
}

/** Milliseconds before each look: AWS may show a change late, so controls are read again. */
const looks = [0, 1_000, 2_000, 4_000] as const;

/**
 * Reads controls back. Never throws: a control that cannot be read is `unknown`. Each control has the
 * moment at which its reading began, so that the report claims nothing about later changes.
 *
 * @param once true: what does not hold is not looked at again.
 */
export const readControls = async (
  { clock, log }: Deps,
  { controls, begunAt, read }: Reading,
  optional: (control: ControlName) => boolean,
  once = false,
): Promise<readonly Control[]> => {
  let proof: readonly Control[] = [];
  // What was read for all cases says the same however often it is looked at.
  for (const milliseconds of once || begunAt !== undefined ? [0] : looks) {
    if (milliseconds > 0) await clock.sleep(milliseconds);
    const readAt = begunAt ?? clock.now().toISOString();
    try {
      proof = (await read()).map((one) => ({
        ...one,
        required: one.holds !== 'not-applicable' && !optional(one.control),
        readAt,
      }));
    } catch (error) {
      log.warn('a control could not be read', { controls, error: inWords(error) });
      proof = controls.map((control) => ({
        control,
        holds: 'unknown' as const,
        required: !optional(control),
        observed: `could not be read: ${inWords(error)}`,
        readAt,
      }));
    }
    if (proof.every(({ holds, required }) => holds === true || !required)) break;
  }
  return proof;
};
