import { checkSnapshotsFunction } from '../src/functions/check-snapshots.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';

export const handler = functionHandler(checkSnapshotsFunction);
