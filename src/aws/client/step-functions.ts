import { SFNClient } from '@aws-sdk/client-sfn';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeStepFunctionsClient = (log: Log, region?: string): SFNClient =>
  equip(
    new SFNClient({ ...clientConfiguration, ...(region === undefined ? {} : { region }) }),
    log,
  );
