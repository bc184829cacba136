import { readFileSync } from 'node:fs';
import { DescribeRouteTablesCommand } from '@aws-sdk/client-ec2';
import type { Deployed } from '../../emulator/deploy/deploy.ts';
import { deploy } from '../../emulator/deploy/deploy.ts';
import { parseTemplate } from '../../emulator/deploy/template.ts';
import { ensurePython } from '../../emulator/moto/python.ts';
import { inProject } from '../../emulator/project.ts';
import type { Scene } from './by-hand.ts';

export const exampleText = readFileSync(inProject('examples', 'forensic-endpoints.yaml'), 'utf8');

/** The bucket that the example leads to. */
export const uploadBucket = 'evidence-uploads';

/** Deploys the example into the VPC of the suspect, whose agent answers, with other parameters where some are given. */
export const deployExample = async (
  { emulator, clients, world }: Pick<Scene, 'emulator' | 'clients' | 'world'>,
  more: Record<string, string> = {},
): Promise<Deployed> => {
  // The host has an agent, without which no endpoint leads anywhere.
  await emulator.hosts.manage(world.suspectId, { platform: 'Linux', run: async () => [] });
  const { RouteTables = [] } = await clients.ec2.send(
    new DescribeRouteTablesCommand({
      Filters: [{ Name: 'association.subnet-id', Values: [world.subnetIds[0]] }],
    }),
  );
  return deploy(emulator, await ensurePython(), {
    template: parseTemplate(exampleText),
    definitionOf: () => '',
    stackName: 'forensic-endpoints',
    parameters: {
      VpcId: world.vpcId,
      SubnetIds: world.subnetIds[0],
      RouteTableIds: RouteTables.flatMap(({ RouteTableId }) => RouteTableId ?? []).join(','),
      InstanceCidr: '10.20.0.0/16',
      UploadBucketName: uploadBucket,
      ...more,
    },
  });
};
