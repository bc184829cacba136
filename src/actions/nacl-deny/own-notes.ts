import { inWords } from '../../aws/errors.ts';
import { publicTrailKeyOf } from '../../aws/public-trail-key.ts';
import type { NetworkAcl } from '../../case/network-acl.ts';
import type { ResidualRisk } from '../../case/risk.ts';
import { foreignNotes } from '../../case/risks/further-cuts.ts';
import type { StepInput } from '../../case/step-input.ts';
import { naclNoteTag, notedDenies } from '../../record/trail/nacl-note.ts';
import { judgeAcls } from '../../record/trail/seal/judge-acls.ts';
import type { Seals } from '../../record/trail/seal/judge-trail.ts';
import { isForged } from '../../record/trail/seal/judge-trail.ts';
import type { ActionDeps } from '../plan.ts';

/** What the seals of the notes say; nothing where the key could not be had. */
const readSeals = async (
  deps: ActionDeps,
  { case: theCase, before: { instance } }: StepInput,
  acls: readonly NetworkAcl[],
): Promise<Seals> => {
  try {
    const publicKey = await (await publicTrailKeyOf(deps))?.();
    const tags = Object.fromEntries(acls.map((acl) => [acl.id, acl.tags]));
    return judgeAcls(instance, theCase.caseId, publicKey, {}, tags);
  } catch (error) {
    deps.log.warn('the seals of network ACLs could not be verified', { error: inWords(error) });
    return {};
  }
};

/** An earlier try of this run may have written a note already; of no other addresses than these. */
const mayBeOfThisRun = (
  { entries }: NetworkAcl,
  noted: readonly number[],
  egress: boolean,
  addresses: readonly string[],
): boolean =>
  entries
    .filter((one) => one.egress === egress && noted.includes(one.number))
    .every(({ cidr }) => addresses.includes(cidr.split('/')[0] ?? ''));

/**
 * The ACLs without notes that this case has not written: in its first run it can only have noted the
 * addresses of its trigger, and later the seal shows what it wrote. A release would take back the
 * entries that such a note names, and they may be somebody else's.
 */
export const withOwnNotes = async (
  deps: ActionDeps,
  input: StepInput,
  acls: readonly NetworkAcl[],
  addresses: readonly string[],
): Promise<{ readonly acls: readonly NetworkAcl[]; readonly risks: readonly ResidualRisk[] }> => {
  const key = naclNoteTag(input.case.instanceId);
  const noted = acls.filter(({ tags }) => tags[key] !== undefined);
  if (noted.length === 0) return { acls, risks: [] };
  const first = (input.before.recollection?.standing ?? 'first') === 'first';
  const seals = first ? {} : await readSeals(deps, input, noted);
  const foreign = noted.filter((acl) => {
    const seal = seals[acl.id];
    if (!first) return seal !== undefined && isForged(seal);
    return ![false, true].every((egress) =>
      mayBeOfThisRun(acl, notedDenies(acl, input.case.instanceId, egress), egress, addresses),
    );
  });
  const without = ({ tags: { [key]: _foreign, ...tags }, ...acl }: NetworkAcl): NetworkAcl => ({
    ...acl,
    tags,
  });
  return {
    acls: acls.map((acl) => (foreign.includes(acl) ? without(acl) : acl)),
    risks:
      foreign.length === 0
        ? []
        : [foreignNotes(foreign.map(({ id, tags }) => `${id}: ${tags[key]}`))],
  };
};
