import { readReleasedInstances, readTouchedInstances } from '../aws/touched-instances.ts';
import { checkEach } from './check-each.ts';
import type { RecordedCall } from './event.ts';
import { mayHaveDeletedEvidence, tellLostEvidence } from './lost-evidence.ts';
import { recordCaseOf, tellAndRecord } from './record-case.ts';
import type { DriftDeps, DriftResult } from './result.ts';
import { bareOrQuoted, whoOf } from './tell.ts';

/**
 * Handles a call that may have touched contained instances. A call that tags an instance as released is
 * told too, because the watch ends then.
 */
export const reactToCall = async (deps: DriftDeps, call: RecordedCall): Promise<DriftResult> => {
  const { ec2 } = deps.clients;
  const released = call.ofTheTrail ? await readReleasedInstances(ec2, call.text) : [];
  for (const instanceId of released) {
    await tellAndRecord(deps, await recordCaseOf(deps, instanceId), {
      kind: 'touched',
      instanceId,
      region: deps.region,
      at: deps.clock.now().toISOString(),
      what: `${bareOrQuoted(call.name)} wrote to its trail, which says that it is released: it is watched no more`,
      who: whoOf(call),
      proof: [],
    });
  }
  const touched = await readTouchedInstances(ec2, call.text);
  if (touched.length === 0 && call.text !== '' && mayHaveDeletedEvidence(call)) {
    return { checked: await tellLostEvidence(deps, call) };
  }
  return checkEach(deps, touched, call);
};
