import { systemClock } from '../../src/aws/clock.ts';
import { releaseByMachine } from '../../src/release/release-by-machine.ts';
import type { ReleaseResult } from '../../src/release/release-result.ts';
import { readSettings } from '../../src/settings/settings.ts';
import type { Stage } from '../deploy/stage.ts';
import type { WorldClients } from '../world/world-clients.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** What the on-call of the drill decides: it was a false alarm, and the server goes back to work. */
const decision = {
  requestedBy: 'the drill',
  reason: 'a drill, and a false alarm',
  asg: 'attach',
} as const;

/** Gives the suspect of a drill back, as `cordon release` does: by the stack's own state machine. */
export const releaseSuspect = async (
  { stepFunctions }: WorldClients,
  { deployed }: Stage,
  caseId: string,
  instanceId: string,
): Promise<ReleaseResult> => {
  const { settings } = readSettings({ MODE: 'contain' });
  const deps = { clients: { stepFunctions }, clock: systemClock, log: silent, settings };
  const machine = deployed.outputs.ReleaseStateMachineArn ?? '';
  const result = await releaseByMachine(deps, machine, caseId, { instanceId, ...decision }, []);
  if (result === undefined) throw new Error('The emulator refused to start the release.');
  return result;
};
