import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Emulator } from '../emulator.ts';

/** What a client needs to talk to the emulator and nothing else. */
export const clientConfiguration = (emulator: Pick<Emulator, 'endpoint' | 'region'>) => ({
  endpoint: emulator.endpoint,
  region: emulator.region,
  credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' },
});

/** One client per service, for whoever builds or reads a world in the emulator. */
export const worldClients = (emulator: Pick<Emulator, 'endpoint' | 'region'>) => {
  const configuration = clientConfiguration(emulator);
  return {
    ec2: new EC2Client(configuration),
    autoScaling: new AutoScalingClient(configuration),
    loadBalancing: new ElasticLoadBalancingClient(configuration),
    loadBalancingV2: new ElasticLoadBalancingV2Client(configuration),
    iam: new IAMClient(configuration),
    stepFunctions: new SFNClient(configuration),
    sns: new SNSClient(configuration),
    sqs: new SQSClient(configuration),
  };
};

export type WorldClients = ReturnType<typeof worldClients>;
