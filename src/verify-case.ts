import type { Deps } from './aws/clients.ts';
import { underCase } from './aws/current-case.ts';
import { asCordonError } from './aws/errors.ts';
import { liveReader } from './aws/readers/live-reader.ts';
import type { Reader } from './aws/readers/reader.ts';
import type { Before, Instance } from './case/before.ts';
import type { Case } from './case/case.ts';
import { UnintelligibleEventError } from './case/errors.ts';
import type { CaseReport } from './case/report.ts';
import { assembleReport } from './case/report.ts';
import type { StepEntry } from './case/step.ts';
import type { VerifiedCase } from './case/verdict.ts';
import { verdictOf } from './case/verdict.ts';
import { verify } from './steps/verify.ts';
import { statusTag } from './trail/keys.ts';
import { openCase } from './trail/open-case.ts';
import { recall } from './trail/recall.ts';
import { taggedCase, taggedCaseId } from './trail/tagged-case.ts';

export type VerifyCaseDeps = Deps<'ec2' | 'autoScaling' | 'loadBalancingV2' | 'loadBalancing'> & {
  /** Absent: AWS is asked for this case alone. */
  readonly reader?: Reader;
};

/** A contained instance as it is now, with its case as the trail tells it. */
export interface FoundCase {
  readonly case: Case;
  readonly before: Before;
  /** Tags of the interfaces. */
  readonly interfaceTags: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** A trail of no case of this instance has no word about its connections either. */
const ownTrail = (instance: Instance, now: Date): Instance =>
  taggedCaseId(instance, now) === undefined
    ? {
        ...instance,
        tags: Object.fromEntries(
          Object.entries(instance.tags).filter(([key]) => !key.startsWith('cordon:step:')),
        ),
      }
    : instance;

/**
 * Finds the case of an instance by what AWS says now.
 *
 * @throws InstanceNotFoundError when EC2 does not know the instance any more.
 */
export const findCase = async (
  { clients, clock, journal, reader = liveReader(clients) }: VerifyCaseDeps,
  instanceId: string,
  region: string,
): Promise<FoundCase> => {
  const [instance, autoScaling, groups] = await Promise.all([
    reader.ec2.instance(instanceId, region),
    reader.autoScaling.membership(instanceId),
    reader.ec2.cordonGroups(),
  ]);
  const ids = instance.networkInterfaces.map(({ id }) => id);
  const interfaceTags = ids.length === 0 ? new Map() : await reader.ec2.tags(ids);
  const now = clock.now();
  const found: Before = {
    instance: ownTrail(instance, now),
    autoScaling,
    groups: groups.filter((group) => group.ownerId === instance.accountId),
    repeat: true,
    readAt: now.toISOString(),
  };
  const { accountId } = instance;
  const cases = (await journal?.read({ accountId, region, instanceId })) ?? [];
  const open = openCase(instance, found.groups, { journal: cases, execution: 'unknown' }, now);
  const theCase = taggedCase(instance, now);
  return {
    case: open === undefined ? theCase : { ...theCase, caseId: open.caseId },
    before: { ...found, recollection: recall({ ...found, instance }, open) },
    interfaceTags,
  };
};

/** What a case is found to be now: the report of a case of which only verify has run. */
export const verifyFound = async (
  deps: VerifyCaseDeps,
  { case: theCase, before }: FoundCase,
  { once = false }: { readonly once?: boolean } = {},
): Promise<CaseReport> => {
  const { clock } = deps;
  const startedAt = clock.now().toISOString();
  const described: StepEntry = {
    step: 'describe',
    outcome: 'done',
    startedAt,
    finishedAt: startedAt,
    detail: { case: theCase, before },
  };
  const result = await underCase(theCase.caseId, () =>
    verify(deps, { case: theCase, before, once }),
  ).catch((error: unknown) => {
    throw asCordonError(error, 'Verifying');
  });
  const finishedAt = clock.now().toISOString();
  const verified: StepEntry = { step: 'verify', startedAt, finishedAt, ...result };
  return assembleReport({
    case: theCase,
    steps: [described, verified],
    finished: true,
    now: clock.now(),
  });
};

/**
 * Whether AWS may be slow to show the isolation, so that it is looked for again: an instance in no
 * group of Cordon's, of which no case is open, is just as it is.
 */
const isToBeIsolated = (
  { networkInterfaces }: Instance,
  caseId: string | undefined,
  status: string | undefined,
): boolean =>
  networkInterfaces.some(({ cordonGroupIds = [] }) => cordonGroupIds.length > 0) ||
  (caseId !== undefined && status !== 'released' && status !== 'closed');

/**
 * Reads a contained instance back from AWS, at any time after its case.
 *
 * @param subject a case id, or the id of the instance.
 * @throws UnintelligibleEventError when the instance has another case than the one named.
 * @throws InstanceNotFoundError when EC2 does not know the instance any more.
 */
export const verifyCase = async (
  deps: VerifyCaseDeps,
  subject: { readonly instanceId: string; readonly caseId?: string },
  region: string,
): Promise<VerifiedCase> => {
  const found = await findCase(deps, subject.instanceId, region);
  const { instance } = found.before;
  const named = taggedCaseId(instance, deps.clock.now());
  if (subject.caseId !== undefined && subject.caseId !== named) {
    throw new UnintelligibleEventError(
      `The trail of ${subject.instanceId} does not name ${subject.caseId}, but ${found.before.instance.tags['cordon:case'] ?? 'no case'}; verify the instance by its id.`,
    );
  }
  const taggedStatus = instance.tags[statusTag];
  const once = !isToBeIsolated(instance, named, taggedStatus);
  const report = await verifyFound(deps, found, { once });
  return {
    ...report,
    verdict: verdictOf({ instance, proof: report.proof, caseId: named, taggedStatus }),
    ...(named === undefined ? {} : { knownCaseId: named }),
  };
};
