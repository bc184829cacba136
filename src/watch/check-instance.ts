import type { CheckReaders } from '../aws/readers/batch-reader.ts';
import type { NetworkInterface } from '../case/before.ts';
import type { Control } from '../case/control.ts';
import { defined } from '../case/defined.ts';
import { quoted } from '../case/quoted.ts';
import type { CaseReport } from '../case/report.ts';
import type { Stop } from '../case/stop-switch.ts';
import { stoppedWord, whyStopped } from '../case/stop-switch.ts';
import type { FoundCase } from '../find-case.ts';
import { findCase } from '../find-case.ts';
import { givenBackIn } from '../record/trail/seal/given-back.ts';
import { verifyFound } from '../verify-case.ts';
import type { RecordedCall } from './event.ts';
import type { Evidence } from './evidence.ts';
import { evidenceOf } from './evidence.ts';
import {
  isInTransition,
  isNew,
  isolatedInterfaces,
  openInterfaces,
  rememberedCase,
} from './interfaces.ts';
import type { Look } from './look.ts';
import { isClosed, isOpen, lookAt, notHolding } from './look.ts';
import { noteDrift } from './note-drift.ts';
import { inRecordOf, recordCaseOf } from './record-case.ts';
import { reisolate } from './reisolate.ts';
import type { CheckedInstance, DriftDeps } from './result.ts';
import { attempt, bareOrQuoted } from './tell.ts';
import { isLeftToItsCase } from './under-way.ts';

/**
 * A person has given the network back, as the sealed trail says. Where the seal cannot be verified now,
 * nothing is isolated that may be open on purpose; it is told.
 */
const isGivenBack = ({ before: { instance }, seals }: FoundCase): boolean =>
  givenBackIn(instance, seals, 'sealed', 'unverifiable').includes('network');

/** The open interfaces that are isolated where there is evidence of a case: new ones always. */
const toIsolate = ({ settings }: DriftDeps, found: FoundCase): readonly NetworkInterface[] =>
  openInterfaces(found).filter(
    (one) =>
      !isGivenBack(found) &&
      !isInTransition(found, one) &&
      (isNew(found, one) ||
        (settings.onDrift === 'enforce' && rememberedCase(found, one) !== undefined)),
  );

const wordsOf = (controls: readonly Control[]): string =>
  controls.map(({ control, observed }) => `${control}: ${observed}`).join('; ');

/** Isolates interfaces again, reads everything back, and tells how it stands then. */
const close = async (
  deps: DriftDeps,
  { found, call, told, news }: Look,
  interfaces: readonly NetworkInterface[],
  seen: string,
): Promise<CheckedInstance> => {
  const { instanceId, caseId, region } = found.case;
  const recordCase = await recordCaseOf(deps, instanceId, found);
  const failure = await attempt(() =>
    inRecordOf(recordCase, () => reisolate(deps, found, interfaces)),
  );
  await inRecordOf(recordCase, () => noteDrift(deps, found, call));
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
    ...defined({ error: failure }),
  };
};

/** Why the watch leaves open what it would have isolated again. */
const notAgain = (stop: Stop): string =>
  `${stoppedWord} would have isolated it again, but ${whyStopped(stop)}`;

/** Acts on nothing: tells what is news in what was read. */
const tellOnly = async (
  look: Look,
  report: CaseReport,
  call: RecordedCall | undefined,
  { evidence, stop }: { readonly evidence?: Evidence; readonly stop?: Stop } = {},
): Promise<CheckedInstance> => {
  const { instanceId, caseId } = look.found.case;
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

/** All interfaces are isolated. If somebody opened the rules of a group, isolating again closes it. */
const closeGroups = async (
  deps: DriftDeps,
  look: Look,
  call: RecordedCall | undefined,
): Promise<CheckedInstance> => {
  const { found } = look;
  const report = await verifyFound(deps, found);
  const isolated = isolatedInterfaces(found);
  const closes = isOpen(report) && deps.settings.onDrift === 'enforce' && isolated.length > 0;
  if (!closes || (await evidenceOf(deps, found)).kind !== 'case') {
    return tellOnly(look, report, call);
  }
  const stop = await deps.stopSwitch.stands();
  if (stop !== undefined) return tellOnly(look, report, call, { stop });
  return close(deps, look, isolated, wordsOf(notHolding(report)));
};

/** Reads an instance back from AWS alone, isolates it again where that is wanted, and tells. */
const actOn = async (
  deps: DriftDeps,
  instanceId: string,
  call: RecordedCall | undefined,
): Promise<CheckedInstance> => {
  const found = await findCase(deps, instanceId, deps.region);
  const { caseId } = found.case;
  const look = lookAt(deps, found, call);
  if (await isLeftToItsCase(deps, found, call)) {
    if (call === undefined) return { instanceId, caseId, drifted: [], reisolated: [], told: [] };
    return tellOnly(look, await verifyFound(deps, found), call);
  }
  if (openInterfaces(found).length === 0) return closeGroups(deps, look, call);
  const evidence = await evidenceOf(deps, found);
  const chosen = evidence.kind === 'case' ? toIsolate(deps, found) : [];
  if (chosen.length === 0) {
    return tellOnly(look, await verifyFound(deps, found), call, { evidence });
  }
  const stop = await deps.stopSwitch.stands();
  if (stop !== undefined) return tellOnly(look, await verifyFound(deps, found), call, { stop });
  // Interfaces first: reading everything back takes its time.
  const seen = chosen.map(({ id, groupIds }) => `${id} was in ${groupIds.join(' ')}`);
  return close(deps, look, chosen, seen.join('; '));
};

/** What was read of all cases together, if it says that this one is closed; undefined otherwise. */
const seenClosed = async (
  deps: DriftDeps,
  instanceId: string,
  call: RecordedCall | undefined,
): Promise<CheckedInstance | undefined> => {
  const found = await findCase(deps, instanceId, deps.region);
  if (openInterfaces(found).length > 0) return undefined;
  const report = await verifyFound(deps, found);
  return isClosed(report) ? tellOnly(lookAt(deps, found, call), report, call) : undefined;
};

/**
 * Reads one contained instance back, isolates it again where that is wanted, and tells. What was
 * read together with others may be minutes old: it can only say that there is nothing to do. An
 * instance that does not seem closed in it is read again, alone, and that alone is acted on and told.
 *
 * @throws InstanceNotFoundError when EC2 does not know the instance any more.
 * @throws NotificationRefusedError when SNS does not take the news; it is in the log then.
 */
export const checkInstance = async (
  deps: DriftDeps,
  { together, afresh }: CheckReaders,
  instanceId: string,
  call?: RecordedCall,
): Promise<CheckedInstance> =>
  (await seenClosed({ ...deps, reader: together }, instanceId, call)) ??
  (await actOn({ ...deps, reader: afresh }, instanceId, call));
