import type { Traffic } from '../proxy/traffic.ts';

/** What collects evidence beside the case, which waits for nothing of it. */
const beside = ['EvidenceFunction', 'HashBlocksFunction'];

/** The calls that the functions of the case made, the state machine's own left out. */
export const countCalls = ({ calls }: Traffic): { total: number; toIsolated: number } => {
  const own = calls.filter(
    ({ functionName, service }) =>
      functionName !== undefined && !beside.includes(functionName) && service !== 'lambda',
  );
  // The idle timeouts, after the cut, are set by the same call.
  const cut = own.findLast(
    ({ action, params }) =>
      action === 'ModifyNetworkInterfaceAttribute' && String(params).includes('SecurityGroupId'),
  );
  return {
    total: own.length,
    toIsolated: cut === undefined ? 0 : own.filter((one) => one.endedAt <= cut.endedAt).length,
  };
};
