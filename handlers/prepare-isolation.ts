import { prepareIsolationFunction } from '../src/functions/prepare-isolation.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';

export const handler = functionHandler(prepareIsolationFunction);
