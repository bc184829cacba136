import { stepHandler } from '../src/lambda/step-handler.ts';
import { protect } from '../src/steps/protect.ts';

/** Step 6: nobody deletes the evidence by accident. */
export const handler = stepHandler({ step: 'protect', run: protect });
