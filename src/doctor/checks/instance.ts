import type { PlannedCall } from '../../case/details.ts';
import { oneLine } from '../../case/one-line.ts';
import { readSettings } from '../../settings/settings.ts';
import { triageInstance } from '../../triage-instance.ts';
import type { Check, Finding } from '../check.ts';
import { fail, ok, warn } from '../check.ts';
import type { Examination } from '../examination.ts';

/** A rehearsal makes some forty calls, one after the other in part; in milliseconds. */
const rehearsal = 60_000;

const of = (changes: readonly PlannedCall[], permission: PlannedCall['permission']) =>
  changes.filter((one) => one.permission === permission);

const judged = (instanceId: string, changes: readonly PlannedCall[]): readonly Finding[] => {
  const denied = of(changes, 'denied');
  const counted = `${of(changes, 'allowed').length} allowed, ${of(changes, 'untested').length} cannot be tested, ${denied.length} denied`;
  const [first] = denied;
  if (first === undefined) return ok(`${instanceId} could be contained: ${counted}`);
  return fail(
    `${instanceId}: ${first.call} of ${oneLine(first.resource)} is denied to you (${counted})`,
    'attach OnCallPolicyArn to your role, or have a service control policy except it',
  );
};

/** Whether this very instance could be contained, by the one who asks. */
const rehearse = async (
  { clients, clock, log, region, stack }: Examination,
  instanceId: string,
): Promise<readonly Finding[]> => {
  const settings = await stack.then(
    (found) => found.settings,
    () => readSettings({ AWS_SAM_LOCAL: 'true' }).settings,
  );
  const quiet = { ...settings, notificationTopicArn: '', chatTopicArn: '' };
  const deps = { clients, clock, log, sealsAs: 'trail-by-hand' as const };
  const reading = { settings: quiet, warnings: [] };
  const { changes, isolated } = await triageInstance(deps, reading, instanceId, region);
  if (isolated) return ok(`${instanceId} is isolated already`);
  return changes.length === 0
    ? warn(`${instanceId}: the rehearsal planned no change`, `cordon triage ${instanceId}`)
    : judged(instanceId, changes);
};

export const instance: Check = {
  name: 'instance',
  permissions: [],
  patience: rehearsal,
  look: async (examination) =>
    examination.instanceId === undefined ? [] : rehearse(examination, examination.instanceId),
};
