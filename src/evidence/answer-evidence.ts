import type { Deps } from '../aws/clients.ts';
import { sealingPermissions, trailKeyOf } from '../aws/trail-key.ts';
import { UnintelligibleEventError } from '../case/errors.ts';
import type { Table } from '../record/case-table/condition.ts';
import { openStore, storePermissions } from '../record/evidence-store/evidence-store.ts';
import type { Bucket } from '../record/evidence-store/objects.ts';
import { collectOne } from './collect-one.ts';
import type { Collector, EvidenceClients, EvidenceDeps } from './collector.ts';
import { conclude } from './conclude.ts';
import type { EvidenceEvent } from './evidence-event.ts';
import { tellLiving } from './flow-logs/living.ts';
import { collectorNamed, collectors } from './index.ts';
import { makeManifest } from './manifest.ts';
import { memoryKind } from './memory/kind.ts';

/** What the function may do, beside what its collectors need. */
export const evidencePermissions = [
  ...storePermissions,
  ...sealingPermissions,
  'ec2:DescribeNetworkInterfaces',
  'sns:Publish',
] as const;

export type AnswerDeps = Deps<EvidenceClients | 'sns'> & {
  readonly bucket: Bucket;
  /** The cases of the stack; without a name there is none. */
  readonly table: Table;
  /** Who collects: the ARN of the function. */
  readonly by: string;
};

const named = (name: string): Collector => {
  const found = collectorNamed(name);
  if (found === undefined) throw new UnintelligibleEventError(`Nothing collects "${name}".`);
  return found;
};

/**
 * What the machine that collects evidence asks: which kinds there are, one call of one of them, or the end.
 *
 * @throws AwsUnavailableError where the machine should ask again.
 */
export const answerEvidence = async (deps: AnswerDeps, event: EvidenceEvent): Promise<object> => {
  const { bucket, settings } = deps;
  if (event.verb === 'begin') {
    const { memoryFirst } = event.case;
    const wanted = collectors.filter(
      (one) =>
        one.isOptedInto(settings) && (memoryFirst === undefined || one.name === memoryKind.name),
    );
    return { collectors: wanted.map(({ name }) => name) };
  }
  const store = openStore(deps, event.case);
  const working: EvidenceDeps = {
    ...deps,
    store,
    tellLiving: (input, living) => tellLiving(deps, input, living),
  };
  if (event.verb === 'conclude') {
    const make = async () =>
      makeManifest({ ...deps, bucket, ...store, ...(await trailKeyOf(deps)) }, event.case);
    return conclude(
      { ...deps, ...working, clients: deps.clients, makeManifest: make },
      event,
      event.collected,
    );
  }
  const state = event.verb === 'follow' ? event.state : undefined;
  return collectOne(named(event.collector), working, event, state);
};
