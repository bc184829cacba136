import { createFlowLogPermissions, createFlowLogs } from '../../aws/flow-logs.ts';
import { prefixListPermissions } from '../../aws/prefix-lists.ts';
import { securityGroupPermissions } from '../../aws/security-groups.ts';
import { oneLine } from '../../case/one-line.ts';
import type { Collector, EvidenceDeps, Progress } from '../collector.ts';
import type { EvidenceInput } from '../kind.ts';
import { followCut } from './follow.ts';
import { flowLogsKind } from './kind.ts';
import { livingStatusPermissions } from './living.ts';
import { noteFlowLogs, readStanding } from './standing.ts';
import type { Waiting } from './waiting.ts';
import { untilCut } from './waiting.ts';

/** A state machine carries no more of them, nor more characters of each. */
const shownRefusals = 10;
const shownCharacters = 200;

const collect = async (deps: EvidenceDeps, input: EvidenceInput): Promise<Progress> => {
  const { clients, clock, log, store } = deps;
  const { ids, logs: earlier } = await readStanding(deps, input);
  if (ids.length === 0) {
    return { outcome: 'not-applicable', sentence: 'The instance has no network interface.' };
  }
  const missing = ids.filter((id) => !earlier.some(({ interfaceId }) => interfaceId === id));
  const { refused, requestId } =
    missing.length === 0
      ? { refused: [], requestId: 'of an earlier run' }
      : await createFlowLogs(clients.ec2, input.case, store.bucketName, missing.slice(0, 1_000));
  if (refused.length > 0) log.error('interfaces have no flow log', { refused });
  const { logs } = await readStanding(deps, input);
  await noteFlowLogs(deps, input, logs, `ec2:CreateFlowLogs, request ${requestId}`);
  const words = refused
    .slice(0, shownRefusals)
    .map(({ interfaceId, why }) => oneLine(`${interfaceId}: ${why}`).slice(0, shownCharacters));
  if (refused.length === ids.length) {
    return { outcome: 'failed', sentence: `AWS logs no interface: ${words.join('; ')}.` };
  }
  const state: Waiting = { since: clock.now().toISOString(), refused: words };
  return {
    outcome: 'waiting',
    sentence: 'The traffic is logged; the cut is not made yet.',
    waitSeconds: untilCut,
    state,
  };
};

/**
 * Who talks with the instance, and whether anybody still does after the cut: flow logs of its interfaces, to
 * the store, and the cut measured by them. They begin beside the cut, so that the first records after it are
 * there, and they hold nothing up.
 */
export const flowLogs: Collector = {
  ...flowLogsKind,
  permissions: [
    ...createFlowLogPermissions,
    ...securityGroupPermissions,
    ...prefixListPermissions,
    ...livingStatusPermissions,
    'ec2:DescribeNetworkInterfaces',
  ],
  collect,
  follow: followCut,
};
