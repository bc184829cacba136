import * as z from 'zod/mini';
import type { Activity } from '../../case/case.ts';
import { lenient } from '../schema.ts';
import type { Finding } from './schema.ts';

const blockable = lenient(
  z.object({
    blocked: lenient(z.union([z.boolean(), z.string()])),
    connectionDirection: lenient(z.string()),
  }),
);

const actionSchema = z.object({
  actionType: lenient(z.string()),
  networkConnectionAction: blockable,
  portProbeAction: blockable,
});

/**
 * What the finding saw on the network: a connection that nothing blocked, one that was blocked, or a
 * name that was looked up. Undefined where it saw something else, as a process or a call of AWS
 * (https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Action.html).
 */
export const activityOf = ({ service }: Finding): Activity | undefined => {
  const { data } = actionSchema.safeParse(service?.action);
  if (data?.actionType === 'DNS_REQUEST') return 'dns';
  const seen = data?.networkConnectionAction ?? data?.portProbeAction;
  if (!seen) return undefined;
  if (String(seen.blocked ?? false).toLowerCase() === 'true') return 'blocked';
  return seen.connectionDirection === 'INBOUND' || data?.portProbeAction ? 'inbound' : 'outbound';
};
