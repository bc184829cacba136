import { makeSsmClient } from '../aws/client/ssm.ts';
import { makeStepFunctionsClient } from '../aws/client/step-functions.ts';
import type { Clients } from '../aws/clients.ts';
import type { Log } from '../aws/log.ts';
import type { DriftDeps } from '../watch/result.ts';
import { makeVerifyClients } from './verify-clients.ts';

/**
 * Every client that the watch needs: to read cases back, to tell, to see which were executed, and whether
 * everything automatic is stopped.
 */
export const makeDriftClients = (
  log: Log,
  region?: string,
): DriftDeps['clients'] & Pick<Clients, 'ssm'> => ({
  ...makeVerifyClients(log, region),
  ssm: makeSsmClient(log, region),
  stepFunctions: makeStepFunctionsClient(log, region),
});
