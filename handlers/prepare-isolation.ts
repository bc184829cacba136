import { stepHandler } from '../src/lambda/step-handler.ts';
import { prepareIsolation } from '../src/steps/prepare-isolation.ts';

/** Beside the detach: original groups into tags, isolation groups ready and read. */
export const handler = stepHandler({ step: 'prepare-isolation', run: prepareIsolation });
