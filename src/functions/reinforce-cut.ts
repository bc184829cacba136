import { makeIamClient } from '../aws/client/iam.ts';
import { makeSsmClient } from '../aws/client/ssm.ts';
import { reinforceCut } from '../steps/reinforce-cut.ts';
import { describedStep } from './step-function.ts';

/** After the cut: what no security group cuts, as far as it is opted into. */
export const reinforceCutFunction = describedStep({
  step: 'reinforce-cut',
  clients: (log) => ({ iam: makeIamClient(log), ssm: makeSsmClient(log) }),
  run: reinforceCut,
});
