import { AthenaClient } from '@aws-sdk/client-athena';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeAthenaClient = (log: Log, region?: string): AthenaClient =>
  equip(new AthenaClient({ ...clientConfiguration, ...defined({ region }) }), log);
