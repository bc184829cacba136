import type { HistoryEvent } from '@aws-sdk/client-sfn';

/** States that a looker-on wants to see, with what they mean. */
export const watched: Readonly<Record<string, string>> = {
  Describe: 'describe the instance, keep the before-state',
  PrepareIsolation: 'write what was before, prepare the isolation groups',
  IsolateNetwork: 'isolate every network interface',
  DetachAutoScaling: 'detach it from its Auto Scaling group',
  NotifyIsolation: 'first message: the cut was read back',
  ReinforceCut: 'cut what no security group cuts',
  DeregisterLoadBalancers: 'deregister it from every load balancer',
  Protect: 'protect it from termination, stop and loss of volumes',
  Snapshot: 'begin snapshots of all volumes',
  Verify: 'verify: read everything back',
  CloseTrail: 'close the trail',
  ReinforceLast: 'lower the idle timeouts',
  Notify: 'message: the case, proven',
  CheckSnapshots: 'follow the snapshots',
  NotifyEvidence: 'message: the evidence is complete',
};

/** One promise per watched state, kept when the state was left, by whatever way. */
export const watchStates = () => {
  const waiting = new Map(
    Object.keys(watched).map((name) => [name, Promise.withResolvers<void>()] as const),
  );
  const onEvent = (event: HistoryEvent) => {
    const name = event.stateExitedEventDetails?.name;
    if (name !== undefined) waiting.get(name)?.resolve();
  };
  const release = () => {
    for (const one of waiting.values()) one.resolve();
  };
  return { waiting, onEvent, release };
};
