import { snapshotFunction } from '../src/functions/snapshot.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';

export const handler = functionHandler(snapshotFunction);
