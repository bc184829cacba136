import { makeIamClient } from '../src/aws/client/iam.ts';
import { stepHandler } from '../src/lambda/step-handler.ts';
import { reinforceCut } from '../src/steps/reinforce-cut.ts';

/** After the cut: what no security group cuts, as far as it is opted into. */
export const handler = stepHandler({
  step: 'reinforce-cut',
  clients: (log) => ({ iam: makeIamClient(log) }),
  run: reinforceCut,
});
