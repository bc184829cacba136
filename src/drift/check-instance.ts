import type { NetworkInterface } from '../case/before.ts';
import { movableInterfaces } from '../case/before.ts';
import { caseBegan } from '../case/case.ts';
import type { Control } from '../case/control.ts';
import { controlOf } from '../case/control.ts';
import type { DriftNews } from '../case/drift-news.ts';
import type { CaseReport } from '../case/report.ts';
import { statusTag } from '../trail/instance-tags.ts';
import { taggedCaseId } from '../trail/tagged-case.ts';
import type { FoundCase } from '../verify-case.ts';
import { findCase, verifyFound } from '../verify-case.ts';
import type { RecordedCall } from './event.ts';
import { isMarked, isNew, isWitnessed, openInterfaces, reisolate } from './reisolate.ts';
import type { CheckedInstance, DriftDeps } from './result.ts';
import { attempt, tell, whoOf } from './tell.ts';

/** The controls that say whether the instance is cut off. */
export const isolating = ['eni-groups', 'group-rules'] as const;

const notHolding = (report: CaseReport): readonly Control[] =>
  report.proof.filter(({ required, holds }) => required && holds !== true);

/** Read as open, not merely unread. */
const isOpen = (report: CaseReport): boolean =>
  isolating.some((name) => controlOf(report.proof, name)?.holds === false);

/**
 * Which of the open interfaces are isolated: all where drift is enforced, else only new ones; and
 * only of an instance of which more than its own tags says that it was contained.
 */
const toIsolate = ({ settings }: DriftDeps, found: FoundCase): readonly NetworkInterface[] => {
  const enforced = settings.onDrift === 'enforce';
  if (!isWitnessed(found) && !(enforced && isMarked(found))) return [];
  return openInterfaces(found).filter((one) => enforced || isNew(found, one));
};

/** What one look at an instance is about, and how people are told of it. */
interface Look {
  readonly found: FoundCase;
  readonly told: DriftNews['kind'][];
  news(kind: DriftNews['kind'], what: string, proof: readonly Control[]): Promise<void>;
}

const lookAt = (deps: DriftDeps, found: FoundCase, call: RecordedCall | undefined): Look => {
  const { caseId, instanceId, accountId, region } = found.case;
  const told: DriftNews['kind'][] = [];
  return {
    found,
    told,
    news: async (kind, what, proof) => {
      const at = deps.clock.now().toISOString();
      const who = call === undefined ? {} : { who: whoOf(call) };
      await tell(deps, { kind, instanceId, caseId, accountId, region, at, what, ...who, proof });
      told.push(kind);
    },
  };
};

const wordsOf = (controls: readonly Control[]): string =>
  controls.map(({ control, observed }) => `${control}: ${observed}`).join('; ');

/** Isolates interfaces again, reads everything back, and tells how it stands then. */
const close = async (
  deps: DriftDeps,
  { found, told, news }: Look,
  interfaces: readonly NetworkInterface[],
  seen: string,
): Promise<CheckedInstance> => {
  const { instanceId, caseId, region } = found.case;
  const failure = await attempt(() => reisolate(deps, found, interfaces));
  const report = await verifyFound(deps, await findCase(deps, instanceId, region));
  const open = isOpen(report) || failure !== undefined;
  const why = failure === undefined ? '' : `; isolating it again failed: ${failure}`;
  await news(open ? 'open-again' : 'isolated-again', `${seen}${why}`, report.proof);
  return {
    instanceId,
    caseId,
    drifted: notHolding(report).map(({ control }) => control),
    reisolated: failure === undefined ? interfaces.map(({ id }) => id) : [],
    told,
    ...(failure === undefined ? {} : { error: failure }),
  };
};

/** How long a case may take from the begin of its id to its cut, in milliseconds. */
const longestCase = 1_200_000;

/**
 * A case that is just being contained: its trail is open, and no interface is isolated yet. To cut
 * in would be to open again what the case has just closed. Whoever forges such a trail is told of
 * by the recorded call.
 */
const isUnderWay = ({ clock }: DriftDeps, found: FoundCase): boolean => {
  const { instance } = found.before;
  const now = clock.now();
  // Only an id that can be a case of this very instance: another's, or one to come, would hide it.
  const began = caseBegan(taggedCaseId(instance, now) ?? '');
  return (
    instance.tags[statusTag] === 'running' &&
    began !== undefined &&
    now.getTime() - began.getTime() < longestCase &&
    openInterfaces(found).length === movableInterfaces(instance).length
  );
};

/** Reads one contained instance back, isolates it again where that is wanted, and tells. */
export const checkInstance = async (
  deps: DriftDeps,
  instanceId: string,
  call?: RecordedCall,
): Promise<CheckedInstance> => {
  const found = await findCase(deps, instanceId, deps.region);
  const { caseId } = found.case;
  const look = lookAt(deps, found, call);
  if (call === undefined && isUnderWay(deps, found)) {
    return { instanceId, caseId, drifted: [], reisolated: [], told: [] };
  }
  // Interfaces first: reading everything back takes its time.
  const chosen = toIsolate(deps, found);
  if (chosen.length > 0) {
    const seen = chosen.map(({ id, groupIds }) => `${id} was in ${groupIds.join(' ')}`);
    return close(deps, look, chosen, seen.join('; '));
  }
  const report = await verifyFound(deps, found);
  const broken = notHolding(report);
  const seen = wordsOf(broken);
  if (isOpen(report) && deps.settings.onDrift === 'enforce' && isWitnessed(found)) {
    // A group whose rules somebody has opened is closed on the way.
    return close(deps, look, movableInterfaces(found.before.instance), seen);
  }
  if (isOpen(report)) await look.news('open-again', seen, report.proof);
  else if (call !== undefined) {
    await look.news('touched', `${call.name} touched a contained instance`, report.proof);
  }
  const drifted = broken.map(({ control }) => control);
  return { instanceId, caseId, drifted, reisolated: [], told: look.told };
};
