import { makeAutoScalingClient } from '../aws/client/auto-scaling.ts';
import { makeEc2Client } from '../aws/client/ec2.ts';
import { makeSsmClient } from '../aws/client/ssm.ts';
import { makeStepFunctionsClient } from '../aws/client/step-functions.ts';
import type { Clients } from '../aws/clients.ts';
import { findExecution } from '../aws/find-execution.ts';
import { publicTrailKeyOf } from '../aws/public-trail-key.ts';
import type { FindExecution } from '../steps/describe.ts';
import { describe } from '../steps/describe.ts';
import type { ReadPath } from '../steps/describing/forensic-path-of.ts';
import { readForensicPath } from '../steps/describing/read-forensic-path.ts';
import { parseStandaloneEvent, unwrapMachineEvent } from './standalone-event.ts';
import type { FunctionDeps, StepFunction } from './step-function.ts';

type Describing = 'ec2' | 'autoScaling';

/** For dry runs. The client is made only then: the cut waits for what is made at the start. */
const pathReader =
  ({ clients, clock, log, region, settings }: FunctionDeps<Describing>): ReadPath =>
  (before, profile) => {
    // By hand the runbook may have one.
    const { ec2, ssm }: Pick<Clients, 'ec2'> & Partial<Pick<Clients, 'ssm'>> = clients;
    const both = { ec2, ssm: ssm ?? makeSsmClient(log, region) };
    return readForensicPath(both, clock, settings, before, profile);
  };

/** Step 1, and the first state of the machine: fills what the input leaves out. */
export const describeFunction: StepFunction<Describing> = {
  step: 'describe',
  clients: (log) => ({ ec2: makeEc2Client(log), autoScaling: makeAutoScalingClient(log) }),
  run: (deps, event) => {
    const { input, executionArn } = unwrapMachineEvent(event);
    // Made when it is needed, which is seldom: the cut waits for what is made at the start.
    const executions: FindExecution = (caseId, instanceId) =>
      findExecution(makeStepFunctionsClient(deps.log), executionArn ?? '')(caseId, instanceId);
    const readPath = pathReader(deps);
    const common = {
      ...deps,
      publicTrailKey: async () => (await publicTrailKeyOf(deps))?.(),
      readPath,
    };
    return describe(
      executionArn === undefined ? common : { ...common, executions },
      parseStandaloneEvent(input, deps.region),
    );
  },
};
