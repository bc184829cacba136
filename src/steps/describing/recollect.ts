import type { Before } from '../../case/before.ts';
import type { OpenCase } from '../../record/trail/open-case.ts';
import { recall } from '../../record/trail/recall.ts';
import type { Seals } from '../../record/trail/seal/judge-trail.ts';
import { forgedValues, withoutForged } from '../../record/trail/seal/judge-trail.ts';

/** What is known of the time before the case, without what the seals show to be somebody else's. */
export const recollect = (
  found: Before,
  open: OpenCase | undefined,
  seals: Seals,
): NonNullable<Before['recollection']> => {
  const witness = { seals, known: open?.journal?.values ?? {} };
  const remembered = recall({ ...found, instance: withoutForged(found.instance, witness) }, open);
  const forged = forgedValues(found.instance, witness);
  return { ...remembered, foreign: [...remembered.foreign, ...forged] };
};
