import type { Before, Instance, MembershipReading } from './before.ts';
import { movableInterfaces } from './before.ts';
import { defined } from './defined.ts';
import type { DeregisterDetail, DetachDetail, IsolationDetail, VerifyDetail } from './details.ts';
import type { Now } from './now.ts';
import type { StepEntry } from './step.ts';
import { detailOf } from './step-detail.ts';

/** The instance as it was read, as far as an undo needs it. */
export const instanceNow = (
  instance: Instance,
): Omit<Now, 'lifecycleState' | 'registered' | 'loadBalancers'> => ({
  protection: instance.protection,
  metadataService: instance.metadataService,
  ...defined({ instanceProfileArn: instance.instanceProfileArn }),
  interfaces: Object.fromEntries(
    movableInterfaces(instance).map(({ id, groupIds, idleTimeouts, publicAddresses }) => [
      id,
      { groupIds, publicAddresses, ...defined({ idleTimeouts }) },
    ]),
  ),
  volumes: Object.fromEntries(
    instance.volumes.map(({ id, deleteOnTermination }) => [id, deleteOnTermination]),
  ),
});

const stateOf = (reading: MembershipReading): string | undefined =>
  reading.known ? (reading.membership?.lifecycleState ?? 'none') : undefined;

const afterDetach = (found: string | undefined, detach: DetachDetail | undefined) => {
  if (detach?.left === 'detach') return 'none';
  return detach?.left === 'standby' ? 'Standby' : found;
};

/** Before verify has read: the world as it was found, with what the steps say AWS has accepted. */
const asTheStepsSay = (before: Before, steps: readonly StepEntry[]): Now => {
  const found = instanceNow(before.instance);
  const isolated = detailOf<IsolationDetail>(steps, 'isolate-network')?.interfaces ?? [];
  const protect = detailOf<{ protected?: readonly string[] }>(steps, 'protect')?.protected ?? [];
  const detach = detailOf<DetachDetail>(steps, 'detach-auto-scaling');
  const deregistered = detailOf<DeregisterDetail>(steps, 'deregister-load-balancers');
  const lifecycleState = afterDetach(stateOf(before.autoScaling), detach);
  return {
    ...found,
    protection: {
      ...found.protection,
      ...(protect.includes('termination') ? { termination: true } : {}),
      ...(protect.includes('stop') ? { stop: true } : {}),
      ...(protect.includes('shutdown') ? { shutdownBehavior: 'stop' as const } : {}),
    },
    interfaces: {
      ...found.interfaces,
      ...Object.fromEntries(
        isolated.map(({ id, to }) => {
          const present = found.interfaces[id] ?? { publicAddresses: [] };
          return [id, { ...present, groupIds: to }];
        }),
      ),
    },
    volumes: protect.includes('volumes')
      ? Object.fromEntries(Object.keys(found.volumes).map((id) => [id, false]))
      : found.volumes,
    ...defined({ lifecycleState }),
    // A step that has not said what it took away may have taken away everything.
    ...(deregistered === undefined ? {} : { registered: [], loadBalancers: [] }),
  };
};

/** The world now: as verify has read it, and where it has not, as the steps say. */
export const worldNow = (
  before: Before,
  steps: readonly StepEntry[],
  verified: VerifyDetail | undefined,
): Now => ({ ...asTheStepsSay(before, steps), ...verified?.now });
