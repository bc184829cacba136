import { startEmulator } from '../emulator/emulator.ts';
import { isRead } from '../emulator/proxy/read-actions.ts';
import { fillAccount } from '../emulator/world/large-account.ts';
import { buildSampleWorld } from '../emulator/world/sample-world.ts';
import { worldClients } from '../emulator/world/world-clients.ts';
import { systemClock } from '../src/aws/clock.ts';
import { readContainedInstances, readOpenInterfaces } from '../src/aws/contained-instances.ts';
import { silentLog } from '../src/aws/log.ts';
import { containEvent } from '../src/contain-event.ts';
import { makeRunbookClients } from '../src/lambda/runbook-clients.ts';
import { makeVerifyClients } from '../src/lambda/verify-clients.ts';
import { readSettings } from '../src/settings/settings.ts';
import { verifyCase } from '../src/verify-case.ts';

const size = { instances: 2_000, groups: 300 };

const settingsOf = (profile: string) =>
  readSettings({ MODE: 'contain', TRANSITION_HOLD_SECONDS: '0', ISOLATION_PROFILE: profile });

/**
 * One line per profile: a case, its verification and what the watch looks for, in an account with so many resources that EC2
 * wants its lists in pages, and how many reads it refused.
 */
export const benchLargeAccount = async (): Promise<readonly string[]> => {
  const emulator = await startEmulator();
  Object.assign(process.env, emulator.environment);
  const { region } = emulator;
  const lines: string[] = [];
  try {
    for (const profile of ['full', 'egress-lockdown']) {
      await emulator.reset();
      const clients = worldClients(emulator);
      const world = await buildSampleWorld(emulator, clients, {});
      const began = performance.now();
      await fillAccount(clients, size);
      const built = performance.now();
      await emulator.account({ manyResources: true });
      emulator.traffic.clear();
      const own = { clock: systemClock, log: silentLog };
      const { cases } = await containEvent(
        { ...own, clients: makeRunbookClients(silentLog, region) },
        settingsOf(profile),
        { region },
        { instanceId: world.suspectId },
      );
      const verifyClients = makeVerifyClients(silentLog);
      const { settings } = settingsOf(profile);
      const reading = { ...own, clients: verifyClients, settings };
      await verifyCase(reading, { instanceId: world.suspectId }, region);
      await readContainedInstances(verifyClients.ec2);
      await readOpenInterfaces(verifyClients.ec2);
      const { calls } = emulator.traffic;
      const reads = calls.filter(({ action }) => isRead(action));
      const refused = reads.filter(({ status }) => status >= 400);
      lines.push(
        `${profile}: ${size.instances} instances, ${size.groups} groups (built in ${((built - began) / 1_000).toFixed(0)} s), ${reads.length} reads, ${refused.length} refused${refused.map(({ action }) => ` ${action}`).join('')}, cut in ${cases[0]?.secondsToIsolate?.toFixed(1)} s, ${cases[0]?.status}`,
      );
    }
  } finally {
    await emulator.stop();
  }
  return lines;
};
