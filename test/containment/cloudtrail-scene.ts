import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import { silentLog } from '../../src/aws/log.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { retellCase } from '../../src/retell-case.ts';
import type { Retelling } from '../../src/retelling/retelling.ts';
import { readSettings } from '../../src/settings/settings.ts';
import type { Account } from './account.ts';
import { bucketOf } from './evidence-scene.ts';

/**
 * Retells a case as `cordon trail <case> --cloudtrail` does, so many minutes from now, and waits for nothing:
 * an entry that is younger than 15 minutes is never missing.
 */
export const retoldLater = (
  account: Account,
  { accountId, region, instanceId, caseId }: CaseReport,
  minutes: number,
): Promise<Retelling> => {
  const { emulator, clients, stage } = account;
  const { CaseTableName, TrailKeyArn } = stage.deployed.outputs;
  const configuration = clientConfiguration(emulator);
  // Clients of the product find the emulator by the environment.
  Object.assign(process.env, emulator.environment);
  return retellCase(
    {
      clients,
      log: silentLog,
      clock: { now: () => new Date(Date.now() + minutes * 60_000), sleep: async () => {} },
      settings: readSettings({}).settings,
      dynamoDb: new DynamoDBClient(configuration),
      bucket: bucketOf(account),
      caseTableName: CaseTableName,
      stackTrailKeyArn: Promise.resolve(TrailKeyArn),
    },
    { case: { accountId, region, instanceId, caseId }, from: 'both', heads: [] },
    new CloudTrailClient(configuration),
  );
};
