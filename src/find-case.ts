import type { Deps } from './aws/clients.ts';
import { liveReader } from './aws/readers/live-reader.ts';
import type { Reader } from './aws/readers/reader.ts';
import type { Before, Instance } from './case/before.ts';
import type { Case } from './case/case.ts';
import { defined } from './case/defined.ts';
import { readSeals } from './read-seals.ts';
import type { JournalCase } from './record/trail/journal.ts';
import type { OpenCase } from './record/trail/open-case.ts';
import { claimedCase, openCase } from './record/trail/open-case.ts';
import { recall } from './record/trail/recall.ts';
import { givenBackIn } from './record/trail/seal/given-back.ts';
import type { Seals } from './record/trail/seal/judge-trail.ts';
import { forgedValues, withoutForged } from './record/trail/seal/judge-trail.ts';
import { latestSeals } from './record/trail/seal/latest-seals.ts';
import { taggedCase, taggedCaseId } from './record/trail/tagged-case.ts';

/** What beside the tags can show what Cordon wrote: of the stack, where there is one. */
export interface TrailWitnesses {
  /** What the execution of a case has written, from its history. */
  readonly readHistory?: (caseId: string, instanceId: string) => Promise<JournalCase | undefined>;
}

export type VerifyCaseDeps = Deps<'ec2' | 'autoScaling' | 'loadBalancingV2' | 'loadBalancing'> &
  TrailWitnesses & {
    /** Absent: AWS is asked for this case alone. */
    readonly reader?: Reader;
  };

/** A contained instance as it is now, with its case as the trail tells it. */
export interface FoundCase {
  readonly case: Case;
  readonly before: Before;
  /** The open case, with what witnesses it beside the tags. */
  readonly open?: OpenCase;
  /** What the seals of its trail say. */
  readonly seals: Seals;
  /** Tags of the interfaces. */
  readonly interfaceTags: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** If the case tag names another instance, its step tags are ignored too. */
const ownTrail = (instance: Instance, now: Date): Instance =>
  taggedCaseId(instance, now) === undefined
    ? {
        ...instance,
        tags: Object.fromEntries(
          Object.entries(instance.tags).filter(([key]) => !key.startsWith('cordon:step:')),
        ),
      }
    : instance;

/** The instance and what hangs on it, as AWS shows them. */
const readWorld = async (
  { clients, clock, reader = liveReader(clients) }: VerifyCaseDeps,
  instanceId: string,
  region: string,
): Promise<{ readonly before: Before; readonly interfaceTags: FoundCase['interfaceTags'] }> => {
  const [instance, autoScaling, groups] = await Promise.all([
    reader.ec2.instance(instanceId, region),
    reader.autoScaling.membership(instanceId),
    reader.ec2.cordonGroups(),
  ]);
  const ids = instance.networkInterfaces.map(({ id }) => id);
  const interfaceTags = ids.length === 0 ? new Map() : await reader.ec2.tags(ids);
  const now = clock.now();
  const before: Before = {
    instance: ownTrail(instance, now),
    autoScaling,
    groups: groups.filter((group) => group.ownerId === instance.accountId),
    repeat: true,
    readAt: now.toISOString(),
  };
  return { before, interfaceTags };
};

/** What remembers the case beside the tags: the execution that its tags claim, and this machine. */
const readJournals = async (
  { clock, journal, readHistory }: VerifyCaseDeps,
  { instance, groups }: Before,
): Promise<readonly JournalCase[]> => {
  const { accountId, region, id: instanceId } = instance;
  const cases = (await journal?.read({ accountId, region, instanceId })) ?? [];
  const claimed = claimedCase(instance, groups, clock.now());
  const history = claimed === undefined ? undefined : await readHistory?.(claimed, instanceId);
  return history === undefined ? cases : [history, ...cases];
};

/**
 * Finds the case of an instance by what AWS says now.
 *
 * @throws InstanceNotFoundError when EC2 does not know the instance any more.
 */
export const findCase = async (
  deps: VerifyCaseDeps,
  instanceId: string,
  region: string,
): Promise<FoundCase> => {
  const { before: found, interfaceTags } = await readWorld(deps, instanceId, region);
  const { instance } = found;
  const now = deps.clock.now();
  const journals = await readJournals(deps, found);
  const open = openCase(instance, found.groups, { journal: journals, execution: 'unknown' }, now);
  const tagged = taggedCase(instance, now);
  const theCase = open === undefined ? tagged : { ...tagged, caseId: open.caseId };
  const { caseId } = theCase;
  const seals = await readSeals(deps, instance, caseId, latestSeals(journals, caseId));
  const witness = { seals, known: open?.journal?.values ?? {} };
  const remembered = recall({ ...found, instance: withoutForged(instance, witness) }, open);
  const foreign = [...remembered.foreign, ...forgedValues(instance, witness, true)];
  return {
    case: theCase,
    before: {
      ...found,
      recollection: { ...remembered, foreign },
      givenBack: givenBackIn(instance, seals, 'sealed'),
    },
    ...defined({ open }),
    seals,
    interfaceTags,
  };
};
