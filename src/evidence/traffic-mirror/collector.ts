import { trafficMirror as action } from '../../actions/traffic-mirror/action.ts';
import { inWords, isUnavailable } from '../../aws/errors.ts';
import { networkInterfacePermissions } from '../../aws/network-interfaces.ts';
import { mirrorReadPermissions } from '../../aws/traffic-mirrors.ts';
import type { MirrorFilter } from '../../case/traffic-mirror.ts';
import type { Collector, EvidenceDeps, Progress } from '../collector.ts';
import type { EvidenceInput } from '../kind.ts';
import { ensureFilter } from './filter.ts';
import { ipv6OnlyWords, mirrorable, trafficMirrorKind } from './kind.ts';
import { refusalInWords } from './refusals.ts';
import type { Mirrored } from './session.ts';
import { ensureSession } from './session.ts';

const note = async ({ store }: EvidenceDeps, { session, ahead }: Mirrored): Promise<string> => {
  const { id, interfaceId, targetId, filterId, number, virtualNetworkId } = session;
  const others =
    ahead.length === 0 ? '' : `; ${ahead.join(', ')} get first what their filters take`;
  const words = `${interfaceId} is mirrored to ${targetId} by ${id} (VXLAN ${virtualNetworkId}, session number ${number})${others}`;
  await store.note({
    collector: trafficMirrorKind.name,
    name: id,
    what: `Traffic mirror session of ${interfaceId}`,
    how: `ec2:CreateTrafficMirrorSession with ${filterId}`,
    resource: id,
    note: `${words}, through ${filterId}`,
  });
  return words;
};

/** What was done, and what was refused, in words. */
interface Outcome {
  readonly done: string[];
  readonly refused: string[];
}

/** @throws what AWS answers when the call is worth repeating. */
const mirror = async (
  deps: EvidenceDeps,
  { case: theCase, before }: EvidenceInput,
  filter: MirrorFilter,
  interfaceId: string,
  { done, refused }: Outcome,
): Promise<void> => {
  try {
    done.push(await note(deps, await ensureSession(deps, theCase, filter, interfaceId)));
  } catch (error) {
    if (isUnavailable(error)) throw error;
    deps.log.warn('an interface is not mirrored', { interfaceId, error: inWords(error) });
    const { instanceType = 'of the instance' } = before.instance;
    const targetId = deps.settings.mirrorTargetId;
    refused.push(refusalInWords(error, { interfaceId, instanceType, targetId }));
  }
};

const collect = async (deps: EvidenceDeps, input: EvidenceInput): Promise<Progress> => {
  const { interfaces, withoutIpv4 } = mirrorable(input);
  const ids = withoutIpv4.map(({ id }) => id);
  const outcome: Outcome = { done: [], refused: ids.length === 0 ? [] : [ipv6OnlyWords(ids)] };
  if (interfaces.length === 0) {
    const [sentence = 'The instance has no interface that can be mirrored'] = outcome.refused;
    return { outcome: 'not-applicable', sentence: `${sentence}.` };
  }
  const filter = await ensureFilter(deps, input.case);
  for (const { id } of interfaces) await mirror(deps, input, filter, id, outcome);
  const words = [...outcome.refused, ...outcome.done].slice(0, 8).join('; ');
  return { outcome: outcome.refused.length === 0 ? 'done' : 'failed', sentence: `${words}.` };
};

/**
 * The traffic of the instance's interfaces, copied by AWS to the stack's target, while the case is open. It is
 * begun beside the cut, so that what happens before and during the cut is seen where calls are fast enough;
 * nothing waits for it, and the release ends it.
 */
export const trafficMirror: Collector = {
  ...trafficMirrorKind,
  permissions: [...action.permissions, ...mirrorReadPermissions, ...networkInterfacePermissions],
  collect,
};
