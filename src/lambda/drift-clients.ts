import { makeStepFunctionsClient } from '../aws/client/step-functions.ts';
import type { Log } from '../aws/log.ts';
import type { DriftDeps } from '../drift/result.ts';
import { makeVerifyClients } from './verify-clients.ts';

/** Every client that the watch needs: to read cases back, to tell, to see which were executed. */
export const makeDriftClients = (log: Log, region?: string): DriftDeps['clients'] => ({
  ...makeVerifyClients(log, region),
  stepFunctions: makeStepFunctionsClient(log, region),
});
