import type { Deps } from '../aws/clients.ts';
import { readStop } from '../aws/stop-switch.ts';
import { stopParameterOf } from '../case/stop-switch.ts';
import type { StopSwitch } from '../watch/result.ts';

/** How often open cases are read back where nobody says it, in minutes. */
const usualMinutes = 15;

const stackOf = (parameter: string): string => parameter.split('/')[2] ?? '';

/**
 * The switch of one invocation, read at most once. By hand, under SAM too, no parameter of a stack is
 * named, and nothing is stopped.
 *
 * @param checkMinutes how often open cases are read back, as the template hands it on.
 */
export const stopSwitchOf = (deps: Deps<'ssm'>, parameter = '', checkMinutes = ''): StopSwitch => {
  const stackName = stackOf(parameter);
  const named = parameter === stopParameterOf(stackName) ? parameter : '';
  let reading: ReturnType<typeof readStop> | undefined;
  return {
    stackName,
    checkMinutes: Number(checkMinutes) || usualMinutes,
    stands: () => {
      reading ??= readStop(deps, named);
      return reading;
    },
  };
};
