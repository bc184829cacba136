import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeCloudFormationClient = (log: Log, region?: string): CloudFormationClient =>
  equip(
    new CloudFormationClient({
      ...clientConfiguration,
      ...defined({ region }),
    }),
    log,
  );
