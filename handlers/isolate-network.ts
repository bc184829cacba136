import { isolateNetworkFunction } from '../src/functions/isolate-network.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';

export const handler = functionHandler(isolateNetworkFunction);
