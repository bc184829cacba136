import fc from 'fast-check';
import { expect, it } from 'vitest';
import { instanceIdPattern } from '../../src/case/case.ts';
import { UnintelligibleEventError } from '../../src/case/errors.ts';
import { triage } from '../../src/triggers/triage.ts';
import { mutatedEvents, sampleEvents } from '../triggers/mutated-events.ts';
import { policySettings } from '../triggers/policy-settings.ts';

/** Ten thousand generated and mutated events through triage. */

const runs = Number(process.env.MUTATED ?? 10_000);

it('never throws anything but a sentence, and never decides on what is no instance', () => {
  const settings = policySettings({ alarmNames: ['*'], minimumSeverity: 0 });
  const now = new Date('2026-11-20T03:05:00.000Z');
  const counts = { decided: 0, empty: 0, refused: 0 };
  fc.assert(
    fc.property(mutatedEvents(sampleEvents()), (event) => {
      try {
        const { decisions } = triage(event, settings, now);
        for (const { instanceId } of decisions) expect(instanceId).toMatch(instanceIdPattern);
        counts[decisions.length === 0 ? 'empty' : 'decided'] += 1;
      } catch (error) {
        if (!(error instanceof UnintelligibleEventError)) throw error;
        counts.refused += 1;
      }
    }),
    { numRuns: runs },
  );
  console.log(JSON.stringify(counts));
  expect(counts.decided).toBeGreaterThan(0);
});
