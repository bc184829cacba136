import type { Deps } from '../aws/clients.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import { inWords } from '../aws/errors.ts';
import type { CheckReaders } from '../aws/readers/batch-reader.ts';
import { readTogether } from '../aws/readers/batch-reader.ts';
import { sweep } from '../aws/sweep.ts';
import { defined } from '../case/defined.ts';
import { InstanceNotFoundError } from '../case/errors.ts';
import { oneLine } from '../case/one-line.ts';
import { overdueSince } from '../case/review.ts';
import type { VerifiedCase } from '../case/verdict.ts';
import type { VerifyCaseDeps } from '../find-case.ts';
import type { Table } from '../record/case-table/condition.ts';
import { isOpenCase, knownCases } from '../record/case-table/known-cases.ts';
import { verifyCase } from '../verify-case.ts';
import { listedOf, taggedCases } from './listed-cases.ts';
import type { ListedCase, RegionStatus, Standing } from './standing.ts';

export interface StatusDeps extends VerifyCaseDeps {
  readonly region: string;
  /** The stack's case table, or one sentence why there is none. */
  readonly table: Table | { readonly absent: string };
  /** After how many hours an open case is to be looked at again; 0: never. */
  readonly reviewAfterHours: number;
}

/** How many cases are read back at once. */
const width = 5;

/** How long the table is waited for, in milliseconds. */
const patience = 10_000;

/** What was read together may only show that a case is closed; else it is read again, alone. */
const readBack = async (
  deps: StatusDeps,
  { together, afresh }: CheckReaders,
  instanceId: string,
): Promise<VerifiedCase> => {
  const seen = await verifyCase({ ...deps, reader: together }, { instanceId }, deps.region);
  return seen.verdict === 'ISOLATED'
    ? seen
    : verifyCase({ ...deps, reader: afresh }, { instanceId }, deps.region);
};

const standingOf = async (
  deps: StatusDeps,
  readers: CheckReaders,
  listed: ListedCase,
): Promise<Standing> => {
  const overdue = overdueSince(listed, deps.reviewAfterHours, deps.clock.now())?.toISOString();
  const open = { ...listed, isOpen: true, ...defined({ overdueSince: overdue }) };
  try {
    return { ...open, report: await readBack(deps, readers, listed.instanceId) };
  } catch (error) {
    if (error instanceof InstanceNotFoundError) return { ...open, isGone: true };
    return { ...open, unread: oneLine(inWords(error)).slice(0, 300) };
  }
};

const readBackEach = async (
  deps: StatusDeps,
  listed: readonly ListedCase[],
): Promise<ReadonlyMap<string, Standing>> => {
  const found = new Map<string, Standing>();
  if (listed.length === 0) return found;
  const readers = await readTogether(
    deps,
    listed.map(({ instanceId }) => instanceId),
  );
  await sweep(
    listed,
    async (one) => {
      found.set(one.instanceId, await standingOf(deps, readers, one));
    },
    width,
  );
  return found;
};

type Listed = Omit<RegionStatus, 'cases'> & { readonly listed: readonly ListedCase[] };

const listTagged = async (
  { clients, region }: Deps<'ec2'> & Pick<StatusDeps, 'region'>,
  remark: string,
): Promise<Listed> => {
  const about = { region, source: 'tags', remark } as const;
  try {
    return { ...about, listed: await taggedCases(clients.ec2, region) };
  } catch (error) {
    return {
      ...about,
      listed: [],
      unread: `The instances of ${region} could not be read: ${oneLine(inWords(error)).slice(0, 300)}`,
    };
  }
};

/** The table is the source; where it cannot be read, the tags show what they can, and that is said. */
const list = async (deps: StatusDeps): Promise<Listed> => {
  const { clock, region, table } = deps;
  if ('absent' in table) return listTagged(deps, table.absent);
  try {
    const known = await giveUpAfter(clock, patience, () => knownCases(table));
    return { region, source: 'case-table', listed: known.map((one) => listedOf(one, region)) };
  } catch (error) {
    const why = `the case table could not be read (${oneLine(inWords(error)).slice(0, 200)})`;
    const tagged = await listTagged(deps, `${why}: what the tags of instances say is shown.`);
    return { ...tagged, unread: `In ${region} there may be open cases that no tag shows: ${why}.` };
  }
};

const byAge = (one: ListedCase, other: ListedCase): number =>
  one.openedAt.localeCompare(other.openedAt) || one.instanceId.localeCompare(other.instanceId);

/**
 * The cases of a Region as they stand now: each open case is read back from AWS, because nothing is
 * announced unread. Never throws: what cannot be read is said.
 *
 * @param all also the ended cases that the table, or a tag, still has; they are not read back.
 */
export const readStatus = async (deps: StatusDeps, all: boolean): Promise<RegionStatus> => {
  const { listed, ...about } = await list(deps);
  const standings = await readBackEach(deps, listed.filter(isOpenCase));
  const cases = listed.toSorted(byAge).flatMap((one): readonly Standing[] => {
    const standing = standings.get(one.instanceId);
    if (standing !== undefined) return [standing];
    return all ? [{ ...one, isOpen: false }] : [];
  });
  return { ...about, cases };
};
