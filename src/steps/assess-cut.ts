import type { Deps } from '../aws/clients.ts';
import { inWords } from '../aws/errors.ts';
import { readRouteTables } from '../aws/routes.ts';
import type { Before } from '../case/before.ts';
import { movableInterfaces } from '../case/before.ts';
import { profileOf } from '../case/case.ts';
import type { Cut } from '../case/cut.ts';
import { interfacesWithoutRoutes, trackedPaths } from '../case/cut.ts';
import { keepsServing } from '../case/isolation-profile.ts';
import type { ResidualRisk } from '../case/risk.ts';
import { connectionsKept, routesUnread, trackedPathRisks } from '../case/risks/connections.ts';
import { requesterManagedInterface } from '../case/risks/isolation-groups.ts';
import { standingRisks } from '../case/risks/standing.ts';
import type { StepInput } from './step-input.ts';

export interface CutAssessment {
  readonly cut: Cut;
  readonly risks: readonly ResidualRisk[];
}

const requesterManaged = ({ instance }: Before): readonly ResidualRisk[] => {
  const ids = instance.networkInterfaces.filter((one) => one.requesterManaged).map(({ id }) => id);
  return ids.length > 0 ? [requesterManagedInterface(ids)] : [];
};

/**
 * What the cut does to connections that were open, by the routes of the interfaces' subnets, and
 * the risks that remain. Never throws: routes that cannot be read make the cut doubtful.
 */
export const assessCut = async (
  { clients, settings }: Deps<'ec2'>,
  { case: theCase, before }: StepInput,
  connectionCut: 'transition' | 'none',
): Promise<CutAssessment> => {
  const always = [...standingRisks(before.instance), ...requesterManaged(before)];
  const kept = connectionCut === 'none' || keepsServing(profileOf(theCase, settings));
  // A stopped instance has no connections to cut.
  if (before.instance.state === 'stopped') return { cut: 'complete', risks: always };
  const interfaces = movableInterfaces(before.instance);
  try {
    const tables = await readRouteTables(clients.ec2, interfaces);
    const unread = interfacesWithoutRoutes(interfaces, tables);
    const paths = trackedPaths(interfaces, tables, theCase.trigger.remoteAddresses);
    const risks = [
      ...trackedPathRisks(paths),
      ...(unread.length > 0 ? [routesUnread(`no table for ${unread.join(', ')}`)] : []),
      ...(kept ? [connectionsKept(profileOf(theCase, settings))] : []),
    ];
    return { cut: risks.length > 0 ? 'new-flows-only' : 'complete', risks: [...risks, ...always] };
  } catch (error) {
    return { cut: 'new-flows-only', risks: [routesUnread(inWords(error)), ...always] };
  }
};
