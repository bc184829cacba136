import { readRouteTables } from './aws/routes.ts';
import type { Before } from './case/before.ts';
import { movableInterfaces } from './case/before.ts';
import { defined } from './case/defined.ts';
import type { DescribeDetail, PlanDetail, PlannedCall } from './case/details.ts';
import type { ForensicPath } from './case/forensic-path.ts';
import type { RecommendedIsolation } from './case/recommended-isolation.ts';
import { recommendedIsolation } from './case/recommended-isolation.ts';
import type { CaseReport } from './case/report.ts';
import { tablesOf } from './case/route-table.ts';
import { lastOf } from './case/step-detail.ts';
import { containEvent } from './contain-event.ts';
import type { RunbookDeps } from './run/answer-task.ts';
import type { SettingsReading } from './settings/settings.ts';
import { describe } from './steps/describe.ts';
import { sharedAsFound } from './triggers/shared-host.ts';

/** A way on which the instance can begin connections: a route of one of its interfaces. */
export interface WayOut {
  readonly interfaceId: string;
  readonly destination: string;
  readonly target: string;
}

/** What a person needs to know of an instance before it is cut off. */
export interface InstanceTriage {
  readonly instanceId: string;
  readonly name: string | null;
  /** The first of the tags that people name owners by. */
  readonly owner: string | null;
  readonly accountId: string;
  readonly region: string;
  readonly vpcId: string | null;
  readonly state: string;
  readonly launchedAt: string | null;
  readonly autoScalingGroup: string | null;
  /** Target groups and classic load balancers that send it requests, as containing would leave them. */
  readonly loadBalancers: readonly string[];
  readonly publicAddresses: readonly string[];
  /** Null where the route tables could not be read. */
  readonly waysOut: readonly WayOut[] | null;
  /** Why others depend on it; null where nothing shows that they do. */
  readonly shared: string | null;
  /** True where it is isolated already. */
  readonly isolated: boolean;
  /** Each change that containing would make, and whether AWS would allow it. */
  readonly changes: readonly PlannedCall[];
  readonly isolation: RecommendedIsolation;
  /** Whether it can be examined once it is isolated; absent where the rehearsal did not say. */
  readonly forensicPath?: ForensicPath;
}

const ownerTags = /^(?:owner|team|contact|technical[-_ ]?contact|responsible)$/i;

const ownerOf = (tags: Readonly<Record<string, string>>): string | null =>
  Object.entries(tags).find(([key, value]) => ownerTags.test(key) && value !== '')?.[1] ?? null;

const changesIn = ({ steps }: CaseReport): readonly PlannedCall[] =>
  steps.flatMap(({ detail }) => (detail as Partial<PlanDetail>).calls ?? []);

const pathIn = (reports: readonly CaseReport[]): Pick<InstanceTriage, 'forensicPath'> => {
  const [report] = reports;
  const described = lastOf<Partial<DescribeDetail>>(report?.steps ?? [], 'describe');
  return defined({ forensicPath: described?.detail.forensicPath });
};

const balancersIn = (changes: readonly PlannedCall[]): readonly string[] => [
  ...new Set(
    changes
      .filter(({ call }) => call.startsWith('elasticloadbalancing:'))
      .map(({ resource }) => resource),
  ),
];

/** Every active route of its interfaces but the one that stays in the VPC. */
const waysOutOf = async (
  { clients, log }: RunbookDeps,
  { instance }: Before,
): Promise<readonly WayOut[] | null> => {
  try {
    const vpcIds = [...new Set(instance.networkInterfaces.map(({ vpcId }) => vpcId))];
    const tables = await readRouteTables(clients.ec2, vpcIds);
    return movableInterfaces(instance).flatMap((one) =>
      tablesOf(one, tables).flatMap(({ routes }) =>
        routes
          .filter(({ active, target }) => active && target !== 'local')
          .map(({ destination, target }) => ({ interfaceId: one.id, destination, target })),
      ),
    );
  } catch (error) {
    log.warn('the route tables could not be read', { error: String(error) });
    return null;
  }
};

/**
 * What an instance is, and what containing it would change. Everything is read, or rehearsed with DryRun;
 * nothing is changed, and nobody is told.
 *
 * @throws InstanceNotFoundError and its kin when the instance cannot be read.
 */
export const triageInstance = async (
  deps: Omit<RunbookDeps, 'settings' | 'settingWarnings'>,
  reading: SettingsReading,
  instanceId: string,
  region: string,
): Promise<InstanceTriage> => {
  const { settings } = reading;
  const run: RunbookDeps = { ...deps, settings };
  const { detail } = await describe(run, { instanceId, region });
  const { before } = detail;
  const { instance, autoScaling } = before;
  const [waysOut, { cases }] = await Promise.all([
    waysOutOf(run, before),
    containEvent(deps, reading, { region }, { instanceId, dryRun: true }),
  ]);
  const changes = cases.flatMap(changesIn);
  const loadBalancers = balancersIn(changes);
  return {
    instanceId,
    name: instance.tags.Name ?? null,
    owner: ownerOf(instance.tags),
    accountId: instance.accountId,
    region,
    vpcId: instance.vpcId ?? null,
    state: instance.state,
    launchedAt: instance.launchedAt ?? null,
    autoScalingGroup: (autoScaling.known && autoScaling.membership?.groupName) || null,
    loadBalancers,
    publicAddresses: instance.networkInterfaces.flatMap((one) => one.publicAddresses),
    waysOut,
    shared: sharedAsFound(instance)?.reason ?? null,
    isolated: before.repeat,
    changes,
    isolation: recommendedIsolation(before, loadBalancers.length > 0, settings),
    ...pathIn(cases),
  };
};
