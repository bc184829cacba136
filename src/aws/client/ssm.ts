import { SSMClient } from '@aws-sdk/client-ssm';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeSsmClient = (log: Log, region?: string): SSMClient =>
  equip(
    new SSMClient({ ...clientConfiguration, ...(region === undefined ? {} : { region }) }),
    log,
  );
