import type { SSMClient } from '@aws-sdk/client-ssm';
import { DescribeInstanceInformationCommand } from '@aws-sdk/client-ssm';
import { defined } from '../case/defined.ts';
import type { Agent } from '../case/forensic-path/finding.ts';

export const managedAgentPermissions = ['ssm:DescribeInstanceInformation'] as const;

const platformNames = ['Linux', 'Windows', 'MacOS'] as const;

/** The agent on an instance, and what it runs on. */
export interface ManagedAgent extends Agent {
  readonly platform?: (typeof platformNames)[number];
}

const versionPattern = /^\d{1,5}(?:\.\d{1,5}){1,3}$/;

/**
 * What Systems Manager knows of the agent on an instance; undefined where it manages no such instance. The
 * version is the agent's own word, so that anything but a version is left out.
 */
export const readManagedAgent = async (
  ssm: SSMClient,
  instanceId: string,
): Promise<ManagedAgent | undefined> => {
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
    ...defined({
      platform: platformNames.find((name) => name === found.PlatformType),
      version: versionPattern.test(version) ? version : undefined,
    }),
  };
};
