import { PublishCommand } from '@aws-sdk/client-sns';
import type { Deps } from '../aws/clients.ts';
import {
  containedPermissions,
  readContainedInstances,
  readOpenCaseId,
  readOpenInterfaces,
  readTouchedInstances,
} from '../aws/contained-instances.ts';
import { inWords } from '../aws/errors.ts';
import type { NetworkInterface } from '../case/before.ts';
import type { Control } from '../case/control.ts';
import { controlOf } from '../case/control.ts';
import type { DriftNews } from '../case/drift-news.ts';
import { InstanceNotFoundError, NotificationRefusedError } from '../case/errors.ts';
import type { CaseReport } from '../case/report.ts';
import { driftMessage } from '../notify/drift-message.ts';
import { permissions as isolatePermissions } from '../steps/isolate-alone.ts';
import { permissions as notifyPermissions } from '../steps/notify.ts';
import { permissions as verifyPermissions } from '../steps/verify.ts';
import type { FoundCase, VerifyCaseDeps } from '../verify-case.ts';
import { findCase, verifyFound } from '../verify-case.ts';
import type { DriftEvent, RecordedCall } from './event.ts';
import { isNew, openInterfaces, reisolate } from './reisolate.ts';

export const permissions: readonly string[] = [
  ...new Set([
    ...containedPermissions,
    ...verifyPermissions,
    ...isolatePermissions,
    ...notifyPermissions,
  ]),
];

export type DriftDeps = VerifyCaseDeps & Deps<'sns'> & { readonly region: string };

/** What became of one contained instance. */
export interface CheckedInstance {
  readonly instanceId: string;
  readonly caseId?: string;
  /** Required controls that do not hold. */
  readonly drifted: readonly string[];
  readonly reisolated: readonly string[];
  readonly told: readonly DriftNews['kind'][];
  readonly error?: string;
}

export interface DriftResult {
  readonly checked: readonly CheckedInstance[];
}

/** An interface may be in transition for as long as it is held there, and a little more. */
const longestTransition = 61_000;

const isolating = ['eni-groups', 'group-rules'] as const;

const notHolding = (report: CaseReport): readonly Control[] =>
  report.proof.filter(({ required, holds }) => required && holds !== true);

/** Read as open, not merely unread. */
const isOpen = (report: CaseReport): boolean =>
  isolating.some((name) => controlOf(report.proof, name)?.holds === false);

const tell = async ({ clients, log, settings }: DriftDeps, news: DriftNews): Promise<void> => {
  const message = driftMessage(news);
  log.warn('drift', { ...news, subject: message.Subject });
  if (settings.notificationTopicArn === '') return;
  try {
    await clients.sns.send(
      new PublishCommand({ TopicArn: settings.notificationTopicArn, ...message }),
    );
  } catch (error) {
    log.error('the topic refused the message', { ...news, error: inWords(error) });
    throw new NotificationRefusedError(
      `The topic ${settings.notificationTopicArn} refused the news of ${news.instanceId} (${inWords(error)}); it is in the log.`,
      { cause: error },
    );
  }
};

const whoOf = ({ by, from, name, at, eventId }: RecordedCall): string =>
  `${by} called ${name} from ${from} at ${at} (CloudTrail event ${eventId})`;

/** Which of the open interfaces are isolated: all where drift is enforced, else only new ones. */
const toIsolate = ({ settings }: DriftDeps, found: FoundCase): readonly NetworkInterface[] =>
  openInterfaces(found).filter((one) => settings.onDrift === 'enforce' || isNew(found, one));

const attempt = async (work: () => Promise<void>): Promise<string | undefined> => {
  try {
    await work();
    return undefined;
  } catch (error) {
    return inWords(error);
  }
};

/** Reads one contained instance back, isolates it again where that is wanted, and tells. */
const checkInstance = async (
  deps: DriftDeps,
  instanceId: string,
  call?: RecordedCall,
): Promise<CheckedInstance> => {
  const { clock, region } = deps;
  const found = await findCase(deps, instanceId, region);
  const { caseId, accountId } = found.case;
  const first = await verifyFound(deps, found);
  const told: DriftNews['kind'][] = [];
  const news = async (
    kind: DriftNews['kind'],
    what: string,
    proof: readonly Control[],
  ): Promise<void> => {
    await tell(deps, {
      kind,
      instanceId,
      caseId,
      accountId,
      region,
      at: clock.now().toISOString(),
      what,
      ...(call === undefined ? {} : { who: whoOf(call) }),
      proof,
    });
    told.push(kind);
  };
  const drifted = notHolding(first).map(({ control }) => control);
  if (!isOpen(first)) {
    if (call !== undefined) {
      await news('touched', `${call.name} touched a contained instance`, first.proof);
    }
    return { instanceId, caseId, drifted, reisolated: [], told };
  }
  const seen = notHolding(first)
    .map(({ control, observed }) => `${control}: ${observed}`)
    .join('; ');
  const chosen = toIsolate(deps, found);
  // With enforcement, a group whose rules were opened is closed again by the same way.
  const again = deps.settings.onDrift === 'enforce' || chosen.length > 0;
  if (!again) {
    await news('open-again', seen, first.proof);
    return { instanceId, caseId, drifted, reisolated: [], told };
  }
  const interfaces = chosen.length > 0 ? chosen : found.before.instance.networkInterfaces;
  const failure = await attempt(() => reisolate(deps, found, interfaces));
  const second = await verifyFound(deps, await findCase(deps, instanceId, region));
  const ids = interfaces.map(({ id }) => id);
  if (isOpen(second) || failure !== undefined) {
    const why = failure === undefined ? '' : `; isolating it again failed: ${failure}`;
    await news('open-again', `${seen}${why}`, second.proof);
  } else await news('isolated-again', seen, second.proof);
  return {
    instanceId,
    caseId,
    drifted: notHolding(second).map(({ control }) => control),
    reisolated: failure === undefined ? ids : [],
    told,
    ...(failure === undefined ? {} : { error: failure }),
  };
};

/** One instance that cannot be checked does not keep the others, and is told. */
const checkEach = async (
  deps: DriftDeps,
  instanceIds: readonly string[],
  call?: RecordedCall,
): Promise<DriftResult> => {
  const checked: CheckedInstance[] = [];
  let refused: unknown;
  // One after the other: a sweep over target groups each, at the account's rates.
  for (const instanceId of instanceIds) {
    try {
      checked.push(await checkInstance(deps, instanceId, call));
    } catch (error) {
      if (error instanceof NotificationRefusedError) refused = error;
      const words = inWords(error);
      deps.log.error('a contained instance could not be checked', { instanceId, error: words });
      // What cannot be read does not hold.
      checked.push({ instanceId, drifted: isolating, reisolated: [], told: [], error: words });
      // EC2 tells of instances that are gone by a change of their state.
      if (error instanceof InstanceNotFoundError || refused !== undefined) continue;
      const what = `it could not be read whether the containment holds: ${words}`;
      const at = deps.clock.now().toISOString();
      const { region } = deps;
      try {
        await tell(deps, { kind: 'open-again', instanceId, region, at, what, proof: [] });
      } catch (refusal) {
        refused = refusal;
      }
    }
  }
  if (refused !== undefined) throw refused;
  return { checked };
};

/** Interfaces that stay in a transition group longer than any case holds them there. */
const watchTransition = async (deps: DriftDeps): Promise<DriftResult> => {
  const { ec2 } = deps.clients;
  const first = await readOpenInterfaces(ec2);
  if (first.length === 0) return { checked: [] };
  await deps.clock.sleep(longestTransition);
  const ids = new Set(first.map(({ interfaceId }) => interfaceId));
  const stuck = (await readOpenInterfaces(ec2)).filter(({ interfaceId }) => ids.has(interfaceId));
  const byInstance = Map.groupBy(stuck, ({ instanceId }) => instanceId ?? '');
  const checked = await Promise.all(
    [...byInstance].map(async ([instanceId, users]): Promise<CheckedInstance> => {
      const stuckIds = users.map(({ interfaceId }) => interfaceId);
      const isolateThem = async () => {
        const found = await findCase(deps, instanceId, deps.region);
        const { networkInterfaces } = found.before.instance;
        await reisolate(
          deps,
          found,
          networkInterfaces.filter(({ id }) => stuckIds.includes(id)),
        );
      };
      const error =
        instanceId === '' ? 'it is attached to no instance' : await attempt(isolateThem);
      await tell(deps, {
        kind: error === undefined ? 'isolated-again' : 'left-open',
        instanceId: instanceId === '' ? stuckIds.join(', ') : instanceId,
        region: deps.region,
        at: deps.clock.now().toISOString(),
        what: `${stuckIds.join(', ')} was in a transition group, open to everybody, for more than a minute${error === undefined ? '' : `, and isolating it failed: ${error}`}`,
        proof: [],
      });
      return {
        instanceId,
        drifted: ['eni-groups'],
        reisolated: error === undefined ? stuckIds : [],
        told: [error === undefined ? 'isolated-again' : 'left-open'],
        ...(error === undefined ? {} : { error }),
      };
    }),
  );
  return { checked };
};

/** States that say something about the evidence, or that traffic may flow again. */
const noteworthy = new Set(['running', 'stopping', 'stopped', 'shutting-down', 'terminated']);

const recordState = async (
  deps: DriftDeps,
  { instanceId, state, at }: Extract<DriftEvent, { kind: 'state' }>,
): Promise<DriftResult> => {
  if (!noteworthy.has(state)) return { checked: [] };
  // A terminated instance has no interface any more; its tags stay for about an hour.
  const caseId = await readOpenCaseId(deps.clients.ec2, instanceId);
  if (caseId === undefined) return { checked: [] };
  const { region } = deps;
  const what = `EC2 says that the contained instance is ${state}`;
  await tell(deps, { kind: 'state', instanceId, caseId, region, at, what, proof: [] });
  return { checked: [{ instanceId, caseId, drifted: [], reisolated: [], told: ['state'] }] };
};

/**
 * What watches over contained instances between their case and their release: a schedule that
 * reads every one of them back, a watch over transition groups, calls that CloudTrail recorded,
 * and EC2's changes of state.
 *
 * @throws NotificationRefusedError when SNS does not take the news; it is in the log then.
 */
export const drift = async (deps: DriftDeps, event: DriftEvent): Promise<DriftResult> => {
  const { ec2 } = deps.clients;
  switch (event.kind) {
    case 'check':
      return checkEach(deps, await readContainedInstances(ec2));
    case 'transition':
      return watchTransition(deps);
    case 'call':
      return checkEach(deps, await readTouchedInstances(ec2, event.call.text), event.call);
    case 'state':
      return recordState(deps, event);
  }
};
