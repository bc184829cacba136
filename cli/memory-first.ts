import { makeAutoScalingClient } from '../src/aws/client/auto-scaling.ts';
import { makeStepFunctionsClient } from '../src/aws/client/step-functions.ts';
import type { Deps } from '../src/aws/clients.ts';
import type { Case } from '../src/case/case.ts';
import { minutesAllowed, saveMemoryFirst } from '../src/memory-first.ts';
import { describe } from '../src/steps/describe.ts';
import { tell } from './output.ts';
import type { StackWitnesses } from './stack-witnesses.ts';
import { whoAsks } from './switch-command.ts';

/**
 * What `cordon contain --memory-first` does before the cut, by the stack's own machine.
 *
 * @throws InvalidSettingsError where the stack does not allow it; nothing was begun then.
 */
export const memoryFirstOf = async (
  deps: Deps<'ec2'>,
  { outputs }: Pick<StackWitnesses, 'outputs'>,
  region: string,
  stop: AbortSignal,
): Promise<{ readonly beforeTheCut: (theCase: Case) => Promise<Case> }> => {
  const known = await outputs;
  const clients = { ...deps.clients, autoScaling: makeAutoScalingClient(deps.log, region) };
  const choice = {
    minutes: minutesAllowed(known),
    stateMachineArn: known.EvidenceStateMachineArn ?? '',
    stepFunctions: makeStepFunctionsClient(deps.log, region),
    by: whoAsks(),
    read: async ({ instanceId, ...theCase }: Case) => {
      const { detail } = await describe(
        { ...deps, clients },
        { instanceId, region, case: theCase },
      );
      return detail.before;
    },
    tell,
    stop,
  };
  return {
    beforeTheCut: (theCase) => saveMemoryFirst(deps, theCase, choice),
  };
};
