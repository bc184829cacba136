import { afterEach, describe, expect, it } from 'vitest';
import type { StepEnd } from '../../emulator/hosts/hosts.ts';
import type { ReinforceDetail } from '../../src/case/reinforcement.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { containByEvent, useAccount } from '../containment/account.ts';
import { addresses } from './network.ts';
import { canTryHosts } from './readiness.ts';
import type { Suspect } from './suspect.ts';
import { heardOf, startSuspect } from './suspect.ts';
import { startTalker } from './talker.ts';

/** The whole way: a finding, the deployed stack, its document, and a host with connections that are open. */

const accounts = useAccount();

const open = new Set<Suspect>();
afterEach(async () => {
  await Promise.all([...open].map((one) => one.stop()));
  open.clear();
});

/** An agent that runs what it is sent, in the namespaces of a host. */
const agentOn =
  ({ host }: Suspect) =>
  async ({
    scripts,
  }: {
    readonly scripts: readonly { readonly step: string; readonly text: string }[];
  }): Promise<readonly StepEnd[]> => {
    const ends: StepEnd[] = [];
    for (const { step, text } of scripts) {
      const { code, stdout, stderr } = await host.sh(text, { AWS_SSM_REGION_NAME: 'us-east-1' });
      ends.push({ step, exitCode: code, stdout, stderr });
    }
    return ends;
  };

describe.skipIf(!(await canTryHosts()))('A stack with HostCut', () => {
  it('cuts the host of a finding for real, and a release opens it again', async () => {
    const account = await accounts.open({ parameters: { HostCut: 'true' } });
    const { emulator, world, stage } = account;
    const suspect = await startSuspect();
    open.add(suspect);
    await emulator.hosts.manage(world.suspectId, { platform: 'Linux', run: agentOn(suspect) });

    const { output } = await containByEvent(account);
    const { steps } = output as CaseReport;
    const told = steps.flatMap(
      ({ detail }) => (detail as Partial<ReinforceDetail>).reinforcements ?? [],
    );
    expect(told.find(({ cut }) => cut === 'host-cut')).toMatchObject({ outcome: 'done' });
    for (const ends of Object.values(suspect.victims)) {
      expect(await heardOf(suspect, ends)).toEqual([]);
    }
    expect(await suspect.agentAnswers()).toBe(true);

    const released = await stage.invoke('ReleaseFunction', {
      instanceId: world.suspectId,
      requestedBy: 'ada',
      reason: 'a false alarm',
    });
    expect(released).toMatchObject({ payload: { status: 'released' } });
    const again = startTalker(suspect.host, ['connect', addresses.peer, '8443']);
    expect(await again.hears(/^(connected|error)/)).toBe('connected');
  });
});
