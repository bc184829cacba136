import type { NetworkInterface } from '../case/before.ts';
import { movableInterfaces } from '../case/before.ts';
import { caseBegan } from '../case/case.ts';
import type { Control } from '../case/control.ts';
import { controlOf } from '../case/control.ts';
import type { DriftNews } from '../case/drift-news.ts';
import { quoted } from '../case/quoted.ts';
import type { CaseReport } from '../case/report.ts';
import type { Stop } from '../case/stop-switch.ts';
import { stoppedWord, whyStopped } from '../case/stop-switch.ts';
import { statusTag } from '../trail/keys.ts';
import { taggedCaseId } from '../trail/tagged-case.ts';
import type { FoundCase } from '../verify-case.ts';
import { findCase, verifyFound } from '../verify-case.ts';
import type { RecordedCall } from './event.ts';
import type { Evidence } from './evidence.ts';
import { evidenceOf, isBeingContained, longestCase } from './evidence.ts';
import {
  isInTransition,
  isNew,
  isolatedInterfaces,
  openInterfaces,
  rememberedCase,
} from './interfaces.ts';
import { reisolate } from './reisolate.ts';
import type { CheckedInstance, DriftDeps } from './result.ts';
import { attempt, bareOrQuoted, tell, whoOf } from './tell.ts';

/** The controls that say whether the instance is cut off. */
export const isolating = ['eni-groups', 'group-rules'] as const;

const notHolding = (report: CaseReport): readonly Control[] =>
  report.proof.filter(({ required, holds }) => required && holds !== true);

/** Read as open, not merely unread. */
const isOpen = (report: CaseReport): boolean =>
  isolating.some((name) => controlOf(report.proof, name)?.holds === false);

/** The open interfaces that are isolated where there is evidence of a case: new ones always. */
const toIsolate = ({ settings }: DriftDeps, found: FoundCase): readonly NetworkInterface[] =>
  openInterfaces(found).filter(
    (one) =>
      !isInTransition(found, one) &&
      (isNew(found, one) ||
        (settings.onDrift === 'enforce' && rememberedCase(found, one) !== undefined)),
  );

/** What one look at an instance is about, and how people are told of it. */
interface Look {
  readonly found: FoundCase;
  readonly told: DriftNews['kind'][];
  news(
    kind: DriftNews['kind'],
    what: string,
    proof: readonly Control[],
    evidence?: Evidence,
  ): Promise<void>;
}

const lookAt = (deps: DriftDeps, found: FoundCase, call: RecordedCall | undefined): Look => {
  const { caseId, instanceId, accountId, region } = found.case;
  const told: DriftNews['kind'][] = [];
  return {
    found,
    told,
    news: async (kind, what, proof, evidence) => {
      const at = deps.clock.now().toISOString();
      const who = call === undefined ? {} : { who: whoOf(call) };
      const doubt = evidence?.kind === 'none' ? { doubt: evidence.doubt } : {};
      const about = { kind, instanceId, caseId, accountId, region, at };
      await tell(deps, { ...about, what, ...who, ...doubt, proof });
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
  const why = failure === undefined ? '' : `; isolating it again failed: ${quoted(failure, 500)}`;
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

/**
 * A case that is just being contained, as its trail says: it is open, and no interface is isolated
 * yet. To cut in would be to open again what the case has just closed. Whoever forges such a trail
 * is told of by the recorded call.
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

/**
 * Whether what is open is left to the case that is at work on it. An interface that is in transition
 * only is the business of the watch over transition groups, which gives a case its time.
 */
const isLeftToItsCase = async (
  deps: DriftDeps,
  found: FoundCase,
  call: RecordedCall | undefined,
): Promise<boolean> => {
  const open = openInterfaces(found);
  if (open.length === 0) return false;
  if (call === undefined) {
    if (isUnderWay(deps, found)) return true;
    if (open.every((one) => isInTransition(found, one))) return true;
  }
  return isBeingContained(deps, found.case.instanceId);
};

/** Why the watch leaves open what it would have isolated again. */
const notAgain = (stop: Stop): string =>
  `${stoppedWord} would have isolated it again, but ${whyStopped(stop)}`;

/** Acts on nothing: reads everything back and tells what is news. */
const tellOnly = async (
  deps: DriftDeps,
  look: Look,
  call: RecordedCall | undefined,
  { evidence, stop }: { readonly evidence?: Evidence; readonly stop?: Stop } = {},
): Promise<CheckedInstance> => {
  const { instanceId, caseId } = look.found.case;
  const report = await verifyFound(deps, look.found);
  const broken = notHolding(report);
  if (isOpen(report)) {
    const held = stop === undefined ? '' : `; ${notAgain(stop)}`;
    await look.news('open-again', `${wordsOf(broken)}${held}`, report.proof, evidence);
  } else if (call !== undefined) {
    await look.news(
      'touched',
      `${bareOrQuoted(call.name)} touched a contained instance`,
      report.proof,
    );
  }
  const drifted = broken.map(({ control }) => control);
  return { instanceId, caseId, drifted, reisolated: [], told: look.told };
};

/** A group of interfaces that are isolated, whose rules somebody has opened, is closed on the way. */
const closeGroups = async (
  deps: DriftDeps,
  look: Look,
  call: RecordedCall | undefined,
): Promise<CheckedInstance> => {
  const { found } = look;
  const report = await verifyFound(deps, found);
  const isolated = isolatedInterfaces(found);
  const closes = isOpen(report) && deps.settings.onDrift === 'enforce' && isolated.length > 0;
  if (!closes || (await evidenceOf(deps, found)).kind !== 'case') return tellOnly(deps, look, call);
  const stop = await deps.stopSwitch.stands();
  if (stop !== undefined) return tellOnly(deps, look, call, { stop });
  return close(deps, look, isolated, wordsOf(notHolding(report)));
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
  if (await isLeftToItsCase(deps, found, call)) {
    if (call === undefined) return { instanceId, caseId, drifted: [], reisolated: [], told: [] };
    return tellOnly(deps, look, call);
  }
  if (openInterfaces(found).length === 0) return closeGroups(deps, look, call);
  const evidence = await evidenceOf(deps, found);
  const chosen = evidence.kind === 'case' ? toIsolate(deps, found) : [];
  if (chosen.length === 0) return tellOnly(deps, look, call, { evidence });
  const stop = await deps.stopSwitch.stands();
  if (stop !== undefined) return tellOnly(deps, look, call, { stop });
  // Interfaces first: reading everything back takes its time.
  const seen = chosen.map(({ id, groupIds }) => `${id} was in ${groupIds.join(' ')}`);
  return close(deps, look, chosen, seen.join('; '));
};
