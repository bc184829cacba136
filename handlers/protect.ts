import { protectFunction } from '../src/functions/protect.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';

export const handler = functionHandler(protectFunction);
