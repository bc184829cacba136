import {
  CreateInstanceConnectEndpointCommand,
  CreateVpcEndpointCommand,
  EnableSerialConsoleAccessCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { useScene } from './by-hand.ts';

const scenes = useScene();

describe('Other ways to the host', () => {
  // threat A12
  it('are named where they are: Systems Manager, Instance Connect, the serial console', async () => {
    const scene = await scenes.open();
    const { ec2 } = scene.clients;
    const { vpcId, subnetIds } = scene.world;
    await ec2.send(
      new CreateVpcEndpointCommand({
        VpcId: vpcId,
        VpcEndpointType: 'Interface',
        ServiceName: 'com.amazonaws.us-east-1.ssmmessages',
        SubnetIds: [subnetIds[0]],
      }),
    );
    await ec2.send(new CreateInstanceConnectEndpointCommand({ SubnetId: subnetIds[0] }));
    await ec2.send(new EnableSerialConsoleAccessCommand({}));
    const { residualRisks } = await scene.contain();
    expect(residualRisks.map(({ risk }) => risk)).toEqual(
      expect.arrayContaining([
        'systems-manager-channel',
        'instance-connect-endpoint',
        'serial-console',
      ]),
    );
  });

  it('are not named where they are not, and said to be unread where nobody may look', async () => {
    const scene = await scenes.open();
    scene.emulator.traffic.inject({
      service: 'ec2',
      action: 'DescribeVpcEndpoints',
      kind: 'denied',
      times: Number.POSITIVE_INFINITY,
    });
    const report = await scene.contain();
    const risks = report.residualRisks.map(({ risk }) => risk);
    expect(report.status).toBe('contained');
    expect(risks).toContain('side-doors-unread');
    expect(risks).not.toContain('serial-console');
    expect(risks).not.toContain('instance-connect-endpoint');
  });
});
