import { DescribeInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import type { Collector } from '../collector.ts';
import { kept, requestOf } from '../kept.ts';
import { userDataKind } from './kind.ts';

/**
 * What the instance was told at its start. It may hold secrets, so it goes into the store, which is encrypted,
 * and into no log and no message.
 */
export const userData: Collector = {
  ...userDataKind,
  permissions: ['ec2:DescribeInstanceAttribute'],
  collect: async ({ clients, store }, { case: { instanceId } }) => {
    const answer = await clients.ec2.send(
      new DescribeInstanceAttributeCommand({ InstanceId: instanceId, Attribute: 'userData' }),
    );
    const value = answer.UserData?.Value ?? '';
    if (value === '') {
      return { outcome: 'not-applicable', sentence: 'The instance has no user data.' };
    }
    const piece = {
      collector: 'user-data',
      name: 'user-data',
      what: 'User data',
      how: `ec2:DescribeInstanceAttribute userData, ${requestOf(answer)}`,
    };
    const content = Buffer.from(value, 'base64');
    return kept(await store.keep(piece, content, 'application/octet-stream'));
  },
};
