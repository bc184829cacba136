import { PublishCommand } from '@aws-sdk/client-sns';
import { inWords } from '../aws/errors.ts';
import { NotificationRefusedError } from '../case/errors.ts';
import { notReadyMessage } from '../notify/not-ready-message.ts';
import type { PreparedVpc } from '../prepare-vpcs.ts';
import { prepareVpcs } from '../prepare-vpcs.ts';
import type { DriftDeps } from './result.ts';

/**
 * Makes the isolation groups of every VPC ready before an incident needs them, and tells where that
 * cannot be done: a cut there would have to make its groups first, or could not.
 *
 * @throws NotificationRefusedError when SNS does not take the message.
 * @throws what EC2 answers when VPCs or groups cannot be listed.
 */
export const prepareGroups = async (deps: DriftDeps): Promise<readonly PreparedVpc[]> => {
  const { clients, log, region, settings } = deps;
  const vpcs = await prepareVpcs(deps);
  const failed = vpcs.flatMap(({ vpcId, error }) =>
    error === undefined ? [] : [{ vpcId, error }],
  );
  log.info('groups prepared', { vpcs: vpcs.length, failed });
  const TopicArn = settings.notificationTopicArn;
  if (failed.length === 0 || TopicArn === '') return vpcs;
  try {
    await clients.sns.send(new PublishCommand({ TopicArn, ...notReadyMessage(failed, region) }));
  } catch (error) {
    throw new NotificationRefusedError(
      `The topic ${TopicArn} refused the news that VPCs have no isolation groups (${inWords(error)}); they are in the log.`,
      { cause: error },
    );
  }
  return vpcs;
};
