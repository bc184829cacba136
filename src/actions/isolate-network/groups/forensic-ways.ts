import { inWords } from '../../../aws/errors.ts';
import type { NetworkReader } from '../../../aws/readers/reader.ts';
import type { NetworkInterface } from '../../../case/before.ts';
import { defined } from '../../../case/defined.ts';
import type { ForensicAccess } from '../../../case/forensic-access.ts';
import { evidenceWay, systemsManagerGroups } from '../../../case/forensic-access.ts';
import type { SharedGroup } from '../../../case/isolation-group.ts';
import type { ResidualRisk } from '../../../case/risk.ts';
import { evidenceWayRefused, evidenceWaysUnread } from '../../../case/risks/isolation-groups.ts';
import type { Settings } from '../../../settings/settings.ts';
import { allowancesOf } from '../../../settings/settings.ts';

/** What the forensic access of an instance's interfaces comes down to. */
export interface ForensicWays {
  /** The access of the shared groups of a VPC. */
  accessIn(vpcId: string): ForensicAccess;
  /** Which of the forensic groups an interface may be in. */
  groupFor(interfaceId: string): SharedGroup;
  readonly risks: readonly ResidualRisk[];
}

/**
 * Reads the endpoints and routes of the interfaces' VPCs, in one round trip. Never throws: what
 * cannot be read is not let through.
 */
export const readForensicWays = async (
  settings: Settings,
  network: NetworkReader,
  interfaces: readonly NetworkInterface[],
): Promise<ForensicWays> => {
  const { access } = allowancesOf(settings);
  const bucket = settings.forensicUploadBucket;
  try {
    const vpcIds = [...new Set(interfaces.map((one) => one.vpcId))];
    const [endpoints, tables] = await Promise.all([
      network.vpcEndpoints(vpcIds),
      bucket === '' ? [] : network.routeTables(vpcIds),
    ]);
    const ways = new Map(
      bucket === ''
        ? []
        : interfaces.map((one) => [one.id, evidenceWay(one, endpoints, tables, bucket)] as const),
    );
    // One prefix list per Region: whichever interface leads there names it.
    const list = [...ways.values()].find((way) => way.open)?.prefixListId;
    return {
      accessIn: (vpcId) => ({
        ...access,
        systemsManagerGroupIds: systemsManagerGroups(endpoints, vpcId),
        ...defined({ s3PrefixListId: list }),
      }),
      groupFor: (id) => (ways.get(id)?.open === true ? 'forensic-s3' : 'forensic'),
      risks: [...ways].flatMap(([id, way]) => (way.open ? [] : [evidenceWayRefused(id, way.why)])),
    };
  } catch (error) {
    return {
      accessIn: () => access,
      groupFor: () => 'forensic',
      risks: [evidenceWaysUnread(inWords(error))],
    };
  }
};
