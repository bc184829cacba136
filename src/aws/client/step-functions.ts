import { SFNClient } from '@aws-sdk/client-sfn';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeStepFunctionsClient = (log: Log, region?: string): SFNClient =>
  equip(new SFNClient({ ...clientConfiguration, ...defined({ region }) }), log);
