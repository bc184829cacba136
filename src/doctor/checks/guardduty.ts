import type { GuardDutyClient } from '@aws-sdk/client-guardduty';
import { GetDetectorCommand, paginateListDetectors } from '@aws-sdk/client-guardduty';
import type { Check } from '../check.ts';
import { fail, ok } from '../check.ts';

const readDetectors = async (client: GuardDutyClient): Promise<readonly string[]> => {
  const ids: string[] = [];
  for await (const { DetectorIds = [] } of paginateListDetectors({ client }, {})) {
    ids.push(...DetectorIds);
  }
  return ids;
};

/** Whether GuardDuty looks for threats in this Region. */
export const guardDuty: Check = {
  name: 'guardduty',
  permissions: ['guardduty:ListDetectors', 'guardduty:GetDetector'],
  look: async ({ clients, region }) => {
    const ids = await readDetectors(clients.guardDuty);
    const states = await Promise.all(
      ids.map(async (DetectorId) => {
        const { Status } = await clients.guardDuty.send(new GetDetectorCommand({ DetectorId }));
        return { id: DetectorId, on: Status === 'ENABLED' };
      }),
    );
    const on = states.find((one) => one.on);
    if (on !== undefined) return ok(`detector ${on.id} is on`);
    return fail(
      ids.length === 0 ? `GuardDuty is off in ${region}` : `GuardDuty is suspended in ${region}`,
      'switch it on: without it Cordon hears of no threat by itself',
    );
  },
};
