import type { Deps } from '../../aws/clients.ts';
import { inWords } from '../../aws/errors.ts';
import { readTags } from '../../aws/tags.ts';
import type { Before, Registration } from '../../case/before.ts';
import type { Case } from '../../case/case.ts';
import { remember } from '../../engine/remember.ts';
import { fitTags } from '../../record/trail/fit-tags.ts';
import { openingTags } from '../../record/trail/instance-tags.ts';
import { caseTag, stale } from '../../record/trail/keys.ts';
import type { RegisteredWith } from '../../record/trail/registration-tags.ts';
import {
  numberedIn,
  readRegistrationTags,
  registrationTags,
} from '../../record/trail/registration-tags.ts';
import { maximumTags } from '../../record/trail/tag-value.ts';
import type { Tags } from '../../record/trail/tags.ts';
import { inBatches } from './batches.ts';

/** A registration with a target group, or the name of a classic load balancer. */
export type Registered = Registration | string;

/** What the tags of the instance remember of its registrations, and how more is added. */
export interface RegistrationMemory {
  /** What earlier runs of this case have written. */
  readonly earlier: RegisteredWith;
  /** Resolves when the tags have it, or when it is certain that they cannot. */
  keep(one: Registered): Promise<void>;
  /** What could not be written to any tag; to be called after everything was kept. */
  finish(): Promise<readonly string[]>;
  /** The tags that this run has written. */
  written(): Tags;
}

/** The tags as they are now: an attempt before this one may have added to them since describe. */
const readOwnTags = async (
  { clients, log }: Deps<'ec2'>,
  { tags, id }: Before['instance'],
): Promise<Tags> => {
  try {
    return (await readTags(clients.ec2, [id])).get(id) ?? {};
  } catch (error) {
    log.warn('the tags of the instance could not be read again', { error: inWords(error) });
    return tags;
  }
};

const nameOf = (one: Registered): string =>
  typeof one === 'string' ? one : `${one.targetGroupArn} ${one.targetId}:${one.port}`;

const sorted = (items: readonly Registered[]): RegisteredWith => ({
  targets: items.filter((one) => typeof one !== 'string'),
  loadBalancers: items.filter((one) => typeof one === 'string'),
});

/**
 * Opens what the tags of the instance remember of its registrations. A repeat goes on with the next
 * free number. Tags of an older case are overwritten, and the rest of them are marked as stale.
 */
export const openRegistrationMemory = async (
  deps: Deps<'ec2'>,
  theCase: Case,
  before: Before,
): Promise<RegistrationMemory> => {
  const { instance } = before;
  const found = theCase.dryRun ? instance.tags : await readOwnTags(deps, instance);
  const own = found[caseTag] === theCase.caseId ? numberedIn(found) : {};
  const known = before.recollection?.registrationTags ?? {};
  let present: Tags = { ...own, ...known };
  const taken = { ...instance.tags, ...openingTags(theCase, before).tags, ...found };
  const unwritten: string[] = [];
  let written: Tags = {};

  const write = async (items: readonly Registered[]): Promise<void> => {
    const { tags, unfit } = registrationTags(present, sorted(items));
    const { fitting, left } = fitTags(tags, { ...taken, ...present }, maximumTags);
    unwritten.push(...unfit, ...left.map((key) => tags[key] ?? key));
    present = { ...present, ...fitting };
    written = { ...written, ...fitting };
    const lost = await remember(deps, theCase, { [instance.id]: fitting });
    if (lost.length > 0) unwritten.push(...items.map(nameOf));
  };

  // AWS may have refused what the journal remembers.
  const refused = Object.entries(known).filter(([key, value]) => found[key] !== value);
  if (!theCase.dryRun && refused.length > 0) {
    const lost = await remember(deps, theCase, { [instance.id]: Object.fromEntries(refused) });
    if (lost.length > 0) unwritten.push(...refused.map(([, value]) => value));
  }

  return {
    earlier: readRegistrationTags(present, instance),
    keep: inBatches(write),
    finish: async () => {
      const old = Object.keys(numberedIn(found)).filter(
        (key) => present[key] === undefined && found[key] !== stale,
      );
      await remember(deps, theCase, {
        [instance.id]: Object.fromEntries(old.map((key) => [key, stale])),
      });
      return [...new Set(unwritten)];
    },
    written: () => written,
  };
};
