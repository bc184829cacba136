import { makeAutoScalingClient } from '../src/aws/client/auto-scaling.ts';
import { makeEc2Client } from '../src/aws/client/ec2.ts';
import { makeStepFunctionsClient } from '../src/aws/client/step-functions.ts';
import { findExecution } from '../src/aws/find-execution.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';
import { parseStandaloneEvent, unwrapMachineEvent } from '../src/lambda/standalone-event.ts';
import type { FindExecution } from '../src/steps/describe.ts';
import { describe } from '../src/steps/describe.ts';

/** Step 1, and the first state of the machine: fills what the input leaves out. */
export const handler = functionHandler({
  step: 'describe',
  clients: (log) => ({ ec2: makeEc2Client(log), autoScaling: makeAutoScalingClient(log) }),
  run: (deps, event) => {
    const { input, executionArn } = unwrapMachineEvent(event);
    // Made when it is needed, which is seldom: the cut waits for what is made at the start.
    const executions: FindExecution = (caseId, instanceId) =>
      findExecution(makeStepFunctionsClient(deps.log), executionArn ?? '')(caseId, instanceId);
    return describe(
      executionArn === undefined ? deps : { ...deps, executions },
      parseStandaloneEvent(input, deps.region),
    );
  },
});
