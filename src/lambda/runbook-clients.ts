import { makeAutoScalingClient } from '../aws/client/auto-scaling.ts';
import { makeEc2Client, makeSingleAttemptEc2Client } from '../aws/client/ec2.ts';
import { makeIamClient } from '../aws/client/iam.ts';
import { makeLoadBalancingClient } from '../aws/client/load-balancing.ts';
import { makeLoadBalancingV2Client } from '../aws/client/load-balancing-v2.ts';
import { makeSnsClient } from '../aws/client/sns.ts';
import { makeSsmClient } from '../aws/client/ssm.ts';
import type { Log } from '../aws/log.ts';
import type { RunbookDeps } from '../run/answer-task.ts';

/** Every client that the whole runbook needs. */
export const makeRunbookClients = (log: Log, region?: string): RunbookDeps['clients'] => ({
  ec2: makeEc2Client(log, region),
  ec2SingleAttempt: makeSingleAttemptEc2Client(log, region),
  autoScaling: makeAutoScalingClient(log, region),
  loadBalancing: makeLoadBalancingClient(log, region),
  loadBalancingV2: makeLoadBalancingV2Client(log, region),
  iam: makeIamClient(log, region),
  sns: makeSnsClient(log, region),
  ssm: makeSsmClient(log, region),
});
