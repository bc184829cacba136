import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { defined } from '../../case/defined.ts';
import { clientConfiguration, equip } from '../client-configuration.ts';
import type { Log } from '../log.ts';
import { repeatConflicts } from '../repeat-conflicts.ts';

/** A client in the Region and with the credentials of the environment. */
export const makeDynamoDbClient = (log: Log, region?: string): DynamoDBClient =>
  equip(
    repeatConflicts(new DynamoDBClient({ ...clientConfiguration, ...defined({ region }) })),
    log,
  );
