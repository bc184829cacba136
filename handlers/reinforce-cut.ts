import { reinforceCutFunction } from '../src/functions/reinforce-cut.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';

export const handler = functionHandler(reinforceCutFunction);
