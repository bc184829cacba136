import type * as z from 'zod/mini';
import type { Holds } from '../case/control.ts';
import { controlOf } from '../case/control.ts';
import { defined } from '../case/defined.ts';
import type { CaseReport } from '../case/report.ts';
import { isSameSet } from '../case/same-set.ts';
import {
  describedSchema,
  detail,
  isolatedSchema,
  nowSchema,
  snapshotsSchema,
  targetsSchema,
} from './step-details.ts';
import type { Story } from './story.ts';

/** A network interface of the instance, before the case and as it was read last. */
export interface SceneInterface {
  readonly id: string;
  readonly addresses: readonly string[];
  /** Absent where it was not read. */
  readonly before?: readonly string[];
  readonly after?: readonly string[];
  readonly isolated: Holds;
}

export interface SceneVolume {
  readonly id: string;
  readonly device: string;
  /** Whether it would be deleted with the instance; absent where it was not read. */
  readonly deletedBefore?: boolean;
  readonly deletedAfter?: boolean;
  readonly snapshotId?: string;
}

/** The instance and its network, before and after. */
export interface Scene {
  readonly instanceId: string;
  readonly type?: string;
  readonly profile?: string;
  readonly interfaces: readonly SceneInterface[];
  /** More than these: the report had no room for them. */
  readonly furtherInterfaces: number;
  /** `web :80`; whatever it was registered with. */
  readonly balancers: readonly string[];
  /** Whether it is out of all of them. */
  readonly deregistered: Holds;
  readonly group?: string;
  /** Whether it is out of the group. */
  readonly detached: Holds;
  readonly volumes: readonly SceneVolume[];
  readonly furtherVolumes: number;
  /** Whether it is known how it was before. */
  readonly beforeKnown: boolean;
}

const holdsOf = ({ proof }: CaseReport, name: Parameters<typeof controlOf>[1]): Holds =>
  controlOf(proof, name)?.holds ?? 'unknown';

/** `arn:…:targetgroup/<name>/<id>` */
const nameOfTargetGroup = (arn: string): string => arn.split('/').at(-2) ?? arn;

const balancersOf = (report: CaseReport): readonly string[] => {
  const steps = (['detach-auto-scaling', 'deregister-load-balancers'] as const).flatMap(
    (name) => detail(report, name, targetsSchema) ?? [],
  );
  return [
    ...new Set([
      ...steps.flatMap(({ targets = [] }) =>
        targets.map(({ targetGroupArn, port }) => `${nameOfTargetGroup(targetGroupArn)} :${port}`),
      ),
      ...steps.flatMap(({ loadBalancers }) => loadBalancers),
    ]),
  ];
};

/** A group with open rules isolates nothing, so both controls count. */
const isolatedOf = (report: CaseReport, moved: boolean): Holds => {
  const groups = holdsOf(report, 'eni-groups');
  const rules = holdsOf(report, 'group-rules');
  if (rules === false) return false;
  if (groups === true && rules === true) return true;
  // One interface that is open makes the control of all of them fail.
  return moved && groups !== 'unknown' ? rules : groups;
};

type Described = z.infer<typeof describedSchema>['before']['instance'];

const interfacesOf = (
  report: CaseReport,
  { networkInterfaces }: Described,
  beforeKnown: boolean,
): readonly SceneInterface[] => {
  const isolation = detail(report, 'isolate-network', isolatedSchema);
  const now = detail(report, 'verify', nowSchema)?.now;
  return networkInterfaces.map((one) => {
    const to = isolation?.interfaces.find(({ id }) => id === one.id)?.to;
    const after =
      now?.interfaces?.[one.id]?.groupIds ?? to ?? (beforeKnown ? undefined : one.groupIds);
    const moved = after !== undefined && to !== undefined && isSameSet(after, to);
    return {
      id: one.id,
      addresses: [...one.privateAddresses, ...one.ipv6Addresses, ...one.publicAddresses],
      ...defined({ before: beforeKnown ? one.groupIds : undefined, after }),
      isolated: isolatedOf(report, moved),
    };
  });
};

const volumesOf = (
  report: CaseReport,
  { volumes }: Described,
  beforeKnown: boolean,
): readonly SceneVolume[] => {
  const now = detail(report, 'verify', nowSchema)?.now.volumes;
  const snapshots = detail(report, 'snapshot', snapshotsSchema)?.snapshots ?? [];
  return volumes.map(({ id, device, deleteOnTermination }) => ({
    id,
    device,
    ...defined({
      deletedBefore: beforeKnown ? deleteOnTermination : undefined,
      deletedAfter: now?.[id] ?? (beforeKnown ? undefined : deleteOnTermination),
      snapshotId: snapshots.find(({ volumeId }) => volumeId === id)?.snapshotId,
    }),
  }));
};

/** The instance and its network as the report has them; undefined where it has nothing of them. */
export const sceneOf = ({ report, source }: Story): Scene | undefined => {
  const before = detail(report, 'describe', describedSchema)?.before;
  if (before === undefined) return undefined;
  const { instance, autoScaling } = before;
  const beforeKnown = source.kind !== 'read-back';
  const profile = detail(report, 'isolate-network', isolatedSchema)?.profile;
  const further = (count: number | undefined, list: readonly unknown[]) =>
    Math.max(0, (count ?? list.length) - list.length);
  return {
    instanceId: report.instanceId,
    ...defined({
      type: instance.instanceType,
      profile,
      group: autoScaling?.membership?.groupName,
    }),
    interfaces: interfacesOf(report, instance, beforeKnown),
    furtherInterfaces: further(instance.networkInterfacesCount, instance.networkInterfaces),
    balancers: balancersOf(report),
    deregistered: holdsOf(report, 'targets'),
    detached: holdsOf(report, 'asg-membership'),
    volumes: volumesOf(report, instance, beforeKnown),
    furtherVolumes: further(instance.volumesCount, instance.volumes),
    beforeKnown,
  };
};
