import { protect } from '../steps/protect.ts';
import { describedStep } from './step-function.ts';

/** Step 6: nobody deletes the evidence by accident. */
export const protectFunction = describedStep({ step: 'protect', run: protect });
