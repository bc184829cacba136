import type {
  AdvancedEventSelector,
  CloudTrailClient,
  EventSelector,
  Trail,
} from '@aws-sdk/client-cloudtrail';
import {
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
} from '@aws-sdk/client-cloudtrail';
import { oneLine } from '../../case/one-line.ts';
import type { Check } from '../check.ts';
import { fail, ok } from '../check.ts';

/** The watch needs calls that change something, with nothing left out. */
const takesChanges = ({ ReadWriteType, IncludeManagementEvents }: EventSelector): boolean =>
  IncludeManagementEvents === true && ReadWriteType !== 'ReadOnly';

/** Advanced selectors may narrow what they take: only one that takes all changes counts. */
const takesAllChanges = ({ FieldSelectors = [] }: AdvancedEventSelector): boolean =>
  FieldSelectors.some(
    ({ Field, Equals }) => Field === 'eventCategory' && Equals?.includes('Management') === true,
  ) &&
  FieldSelectors.every(
    ({ Field, Equals }) =>
      Field === 'eventCategory' || (Field === 'readOnly' && Equals?.includes('false') === true),
  );

const isUseful = async (
  client: CloudTrailClient,
  { TrailARN: arn, HomeRegion, IsMultiRegionTrail }: Trail,
  region: string,
): Promise<boolean> => {
  if (arn === undefined || (HomeRegion !== region && IsMultiRegionTrail !== true)) return false;
  const [{ IsLogging }, { EventSelectors = [], AdvancedEventSelectors = [] }] = await Promise.all([
    client.send(new GetTrailStatusCommand({ Name: arn })),
    client.send(new GetEventSelectorsCommand({ TrailName: arn })),
  ]);
  return (
    IsLogging === true &&
    (EventSelectors.some(takesChanges) || AdvancedEventSelectors.some(takesAllChanges))
  );
};

/**
 * Whether calls on contained instances are recorded and told: EventBridge tells of them only where a
 * trail logs management events
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html).
 */
export const cloudTrail: Check = {
  name: 'cloudtrail',
  permissions: [
    'cloudtrail:DescribeTrails',
    'cloudtrail:GetTrailStatus',
    'cloudtrail:GetEventSelectors',
  ],
  look: async ({ clients, region }) => {
    const client = clients.cloudTrail;
    // With those of other Regions and of the organization that log here too.
    const { trailList = [] } = await client.send(
      new DescribeTrailsCommand({ includeShadowTrails: true }),
    );
    const looked = await Promise.allSettled(trailList.map((one) => isUseful(client, one, region)));
    const at = looked.findIndex((one) => one.status === 'fulfilled' && one.value);
    if (at >= 0) return ok(`${oneLine(trailList[at]?.Name ?? 'a trail')} logs management events`);
    // One that could not be looked at may be the one.
    const unread = looked.find((one) => one.status === 'rejected');
    if (unread !== undefined) throw unread.reason;
    return fail(
      trailList.length === 0
        ? 'there is no trail: nobody is told who touches a contained host'
        : 'no trail logs changes of management: nobody is told who touches a contained host',
      'make a trail with management events, of all Regions',
    );
  },
};
