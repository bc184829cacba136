import { systemClock } from '../../src/aws/clock.ts';
import { readSettings } from '../../src/aws/settings.ts';
import { makeRunbookClients } from '../../src/lambda/runbook-clients.ts';
import { findReleasable } from '../../src/release/find-released.ts';
import type { ReleaseRequest } from '../../src/release/release.ts';
import { release } from '../../src/release/release.ts';
import { planRelease } from '../../src/release/release-plan.ts';
import type { ReleaseResult } from '../../src/release/release-result.ts';
import type { Emulator } from '../emulator.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** What the on-call of the drill decides: it was a false alarm, and the server goes back to work. */
const request: ReleaseRequest = {
  by: { who: 'the drill', reason: 'a drill, and a false alarm' },
  autoScaling: 'attach',
};

/** Gives the suspect of a drill back, as `cordon release` does, in this process. */
export const releaseSuspect = async (
  emulator: Emulator,
  instanceId: string,
  topicArn: string,
): Promise<ReleaseResult> => {
  const saved = { ...process.env };
  Object.assign(process.env, emulator.environment);
  try {
    const { settings } = readSettings({ MODE: 'contain', NOTIFICATION_TOPIC_ARN: topicArn });
    const clients = makeRunbookClients(silent, emulator.region);
    const deps = { clients, clock: systemClock, log: silent, settings };
    const releasable = await findReleasable(deps, { instanceId }, emulator.region);
    const plan = planRelease(releasable.knowledge, releasable.existing, request);
    return await release(deps, releasable, plan, request);
  } finally {
    for (const name of Object.keys(emulator.environment)) {
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
    }
  }
};
