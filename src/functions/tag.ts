import { tag } from '../steps/tag.ts';
import { describedStep } from './step-function.ts';

/** Step 2, at the end: the trail, closed after verify. */
export const tagFunction = describedStep({ step: 'tag', run: tag });
