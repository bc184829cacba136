import type { SSMClient } from '@aws-sdk/client-ssm';
import { DescribeInstanceInformationCommand } from '@aws-sdk/client-ssm';
import { defined } from '../case/defined.ts';
import type { Agent } from '../case/forensic-path/finding.ts';

export const managedAgentPermissions = ['ssm:DescribeInstanceInformation'] as const;

const versionPattern = /^\d{1,5}(?:\.\d{1,5}){1,3}$/;

/**
 * What Systems Manager knows of the agent on an instance; undefined where it knows none. The version is
 * the agent's own word, so that anything but a version is left out.
 */
export const readManagedAgent = async (
  ssm: SSMClient,
  instanceId: string,
): Promise<Agent | undefined> => {
  const { InstanceInformationList = [] } = await ssm.send(
    new DescribeInstanceInformationCommand({
      Filters: [{ Key: 'InstanceIds', Values: [instanceId] }],
    }),
  );
  const found = InstanceInformationList.find((one) => one.InstanceId === instanceId);
  if (found === undefined) return undefined;
  const version = found.AgentVersion ?? '';
  return {
    online: found.PingStatus === 'Online',
    ...defined({ version: versionPattern.test(version) ? version : undefined }),
  };
};
