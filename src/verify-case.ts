import type { Deps } from './aws/clients.ts';
import { underCase } from './aws/current-case.ts';
import { asCordonError } from './aws/errors.ts';
import { liveReader } from './aws/readers/live-reader.ts';
import type { Reader } from './aws/readers/reader.ts';
import type { Before, Instance } from './case/before.ts';
import type { Case } from './case/case.ts';
import { defined } from './case/defined.ts';
import { UnintelligibleEventError } from './case/errors.ts';
import type { CaseReport } from './case/report.ts';
import { assembleReport } from './case/report.ts';
import { sealControl } from './case/seal-control.ts';
import type { StepEntry } from './case/step.ts';
import type { VerifiedCase } from './case/verdict.ts';
import { verdictOf } from './case/verdict.ts';
import { readSeals } from './read-seals.ts';
import { verify } from './steps/verify.ts';
import type { JournalCase } from './trail/journal.ts';
import { statusTag } from './trail/keys.ts';
import type { OpenCase } from './trail/open-case.ts';
import { claimedCase, openCase } from './trail/open-case.ts';
import { recall } from './trail/recall.ts';
import { givenBackIn } from './trail/seal/given-back.ts';
import type { Seals } from './trail/seal/judge-trail.ts';
import { forgedValues, withoutForged } from './trail/seal/judge-trail.ts';
import { latestSeals } from './trail/seal/latest-seals.ts';
import { taggedCase, taggedCaseId } from './trail/tagged-case.ts';

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
  const { clients, clock, journal, reader = liveReader(clients) } = deps;
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
  const claimed = claimedCase(instance, found.groups, now);
  const history = claimed === undefined ? undefined : await deps.readHistory?.(claimed, instanceId);
  const journals = history === undefined ? cases : [history, ...cases];
  const open = openCase(instance, found.groups, { journal: journals, execution: 'unknown' }, now);
  const tagged = taggedCase(instance, now);
  const theCase = open === undefined ? tagged : { ...tagged, caseId: open.caseId };
  const seals = await readSeals(
    deps,
    instance,
    theCase.caseId,
    latestSeals(journals, theCase.caseId),
  );
  const witness = { seals, known: open?.journal?.values ?? {} };
  const kept = { ...found, instance: withoutForged(instance, witness) };
  const remembered = recall(kept, open);
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

/** What a case is found to be now: the report of a case of which only verify has run. */
export const verifyFound = async (
  deps: VerifyCaseDeps,
  { case: theCase, before, seals }: FoundCase,
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
  const seal = { ...sealControl(seals), required: false, readAt: finishedAt };
  const { proof } = result.detail;
  const verified: StepEntry = {
    step: 'verify',
    startedAt,
    finishedAt,
    ...result,
    detail: { ...result.detail, proof: [...proof, seal] },
  };
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
    ...defined({ knownCaseId: named }),
  };
};
