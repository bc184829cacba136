import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeAutoScalingClient = (log: Log, region?: string): AutoScalingClient =>
  equip(new AutoScalingClient({ ...clientConfiguration, ...defined({ region }) }), log);
