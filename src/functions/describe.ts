import { makeAutoScalingClient } from '../aws/client/auto-scaling.ts';
import { makeEc2Client } from '../aws/client/ec2.ts';
import { makeStepFunctionsClient } from '../aws/client/step-functions.ts';
import { findExecution } from '../aws/find-execution.ts';
import { publicTrailKeyOf } from '../aws/public-trail-key.ts';
import type { FindExecution } from '../steps/describe.ts';
import { describe } from '../steps/describe.ts';
import { parseStandaloneEvent, unwrapMachineEvent } from './standalone-event.ts';
import type { StepFunction } from './step-function.ts';

/** Step 1, and the first state of the machine: fills what the input leaves out. */
export const describeFunction: StepFunction<'ec2' | 'autoScaling'> = {
  step: 'describe',
  clients: (log) => ({ ec2: makeEc2Client(log), autoScaling: makeAutoScalingClient(log) }),
  run: (deps, event) => {
    const { input, executionArn } = unwrapMachineEvent(event);
    // Made when it is needed, which is seldom: the cut waits for what is made at the start.
    const executions: FindExecution = (caseId, instanceId) =>
      findExecution(makeStepFunctionsClient(deps.log), executionArn ?? '')(caseId, instanceId);
    const common = { ...deps, publicTrailKey: async () => (await publicTrailKeyOf(deps))?.() };
    return describe(
      executionArn === undefined ? common : { ...common, executions },
      parseStandaloneEvent(input, deps.region),
    );
  },
};
