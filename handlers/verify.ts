import { verifyFunction } from '../src/functions/verify.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';

export const handler = functionHandler(verifyFunction);
