import { collectEvidenceFunction } from '../src/functions/collect-evidence.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';

export const handler = functionHandler(collectEvidenceFunction);
