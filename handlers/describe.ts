import { describeFunction } from '../src/functions/describe.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';

export const handler = functionHandler(describeFunction);
