import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { codeOf } from '../../aws/errors.ts';
import { stopReadPermissions } from '../../aws/stop-switch.ts';
import { stopIn, stopParameterOf, whyStopped } from '../../case/stop-switch.ts';
import type { Check } from '../check.ts';
import { fail, ok, warn } from '../check.ts';
import type { Examination } from '../examination.ts';

interface Written {
  readonly text: string;
  readonly at: Date;
}

/** Undefined: there is no such parameter, which is how it is when nothing is stopped. */
const readSwitch = async (
  { clients, clock }: Examination,
  parameter: string,
): Promise<Written | undefined> => {
  try {
    const { Parameter } = await clients.ssm.send(new GetParameterCommand({ Name: parameter }));
    return { text: Parameter?.Value ?? '', at: Parameter?.LastModifiedDate ?? clock.now() };
  } catch (error) {
    if (codeOf(error) === 'ParameterNotFound') return undefined;
    throw error;
  }
};

/** Whether somebody has stopped everything automatic. */
export const stopSwitch: Check = {
  name: 'switch',
  permissions: stopReadPermissions,
  look: async (examination) => {
    const { clock, stackName, region } = examination;
    await examination.stack;
    const parameter = stopParameterOf(stackName);
    const written = await readSwitch(examination, parameter);
    if (written === undefined) return ok('nobody has stopped Cordon');
    const stop = stopIn(written.text, written.at, clock.now());
    if (stop === 'over') return ok('nobody has stopped Cordon now');
    return stop === 'unreadable'
      ? warn(
          `${parameter} is unreadable, which stops nothing`,
          'find out in CloudTrail who wrote it, and delete it',
        )
      : fail(whyStopped(stop), `cordon start --stack ${stackName} --region ${region}`);
  },
};
