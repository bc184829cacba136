import { expect } from 'vitest';
import type { FaultKind } from '../../emulator/proxy/traffic.ts';
import type { Scene } from './by-hand.ts';
import { expectInvariants, isIsolated, readOriginals } from './invariants.ts';

/** A call of the happy path, as the traffic names it. */
export interface HappyCall {
  readonly service: string;
  readonly action: string;
}

/** What goes wrong: how, and how often. */
export const troubles: readonly { readonly kind: FaultKind; readonly times: number }[] = [
  { kind: 'throttle', times: 2 },
  { kind: 'server-error', times: 2 },
  { kind: 'connection-reset', times: 1 },
  { kind: 'timeout', times: 1 },
  { kind: 'denied', times: Number.POSITIVE_INFINITY },
  { kind: 'lost-answer', times: 1 },
];

/** Without these for good nobody can isolate; then the alarm must ring. */
const isolating = new Set([
  'DescribeInstances',
  'DescribeSecurityGroups',
  'CreateSecurityGroup',
  'RevokeSecurityGroupEgress',
  'ModifyNetworkInterfaceAttribute',
]);

/** Every kind of call that a case makes when all goes well. */
export const happyCalls = async (scene: Scene): Promise<readonly HappyCall[]> => {
  await scene.contain();
  const seen = scene.emulator.traffic.calls.map(({ service, action }) => ({ service, action }));
  return [...new Map(seen.map((call) => [`${call.service} ${call.action}`, call])).values()];
};

/** One call goes wrong in one way: the case ends with an alert, isolated, honest, undoable. */
export const expectToSurvive = async (
  scene: Scene,
  { service, action }: HappyCall,
  { kind, times }: (typeof troubles)[number],
): Promise<void> => {
  const originals = await readOriginals(scene);
  scene.emulator.traffic.inject({ service, action, kind, times });
  const report = await scene.contain();
  scene.emulator.traffic.clearFaults();
  const deniedForGood = kind === 'denied';
  const isolated = await isIsolated(scene);
  if (deniedForGood && isolating.has(action)) {
    if (!isolated) expect(report.status).toBe('failed');
  } else expect(isolated, 'isolated').toBe(true);
  if (deniedForGood && action === 'Publish') {
    expect(report.reason).toContain('Nobody was told');
  } else expect(scene.subjects().length, 'messages').toBeGreaterThan(0);
  await expectInvariants(scene, report, originals);
};
