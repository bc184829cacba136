import { detachAutoScalingFunction } from '../src/functions/detach-auto-scaling.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';

export const handler = functionHandler(detachAutoScalingFunction);
