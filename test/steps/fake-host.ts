import {
  DescribeDocumentCommand,
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  GetDocumentCommand,
  SendCommandCommand,
} from '@aws-sdk/client-ssm';
import { hostDocument } from '../../build/host-document.ts';
import type { FakeAws } from './fake-aws.ts';
import { instanceId } from './sample-instance.ts';

/** A host with an agent, which says that it has done what it was asked. */
export const fakeHost = ({ ssm }: Pick<FakeAws, 'ssm'>): void => {
  let order: Readonly<Record<string, string[]>> = {};
  ssm.on(DescribeInstanceInformationCommand).resolves({
    InstanceInformationList: [
      { InstanceId: instanceId, PingStatus: 'Online', PlatformType: 'Linux' },
    ],
  });
  ssm.on(GetDocumentCommand).resolves({ Content: JSON.stringify(hostDocument()) });
  ssm.on(DescribeDocumentCommand).resolves({ Document: { Hash: 'a', HashType: 'Sha256' } });
  ssm.on(SendCommandCommand).callsFake(async ({ Parameters }) => {
    order = Parameters;
    return { Command: { CommandId: 'c-1' } };
  });
  ssm.on(GetCommandInvocationCommand).callsFake(async () => ({
    Status: 'Success',
    StandardOutputContent: JSON.stringify({
      ...{ cordon: 'host-cut', action: order.Action?.[0], case: order.Case?.[0], ok: true },
      ...{ error: '', method: 'nft', how: 'ss', ended: 1, left: 0 },
    }),
  }));
};
