import { EC2Client } from '@aws-sdk/client-ec2';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeEc2Client = (log: Log, region?: string): EC2Client =>
  equip(new EC2Client({ ...clientConfiguration, ...defined({ region }) }), log);

/** Snapshots of many volumes take AWS longer than other calls, in milliseconds. */
const patientTimeout = 20_000;

/** A client that tries each call once, and waits longer for the answer. */
export const makeSingleAttemptEc2Client = (log: Log, region?: string): EC2Client =>
  equip(
    new EC2Client({
      ...clientConfiguration,
      maxAttempts: 1,
      requestHandler: { ...clientConfiguration.requestHandler, requestTimeout: patientTimeout },
      ...defined({ region }),
    }),
    log,
  );
