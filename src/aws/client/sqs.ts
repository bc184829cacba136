import { SQSClient } from '@aws-sdk/client-sqs';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeSqsClient = (log: Log, region?: string): SQSClient =>
  equip(new SQSClient({ ...clientConfiguration, ...defined({ region }) }), log);
