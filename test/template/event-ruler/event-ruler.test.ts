import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { inProject } from '../../../emulator/project.ts';
import { triggers } from '../../../src/triggers/index.ts';
import { isFields } from '../../../src/triggers/trigger.ts';
import { unwrap } from '../../../src/triggers/unwrap.ts';
import { patternUnder, whichMatch } from '../event-pattern.ts';
import { eventRuler } from './event-ruler.ts';

/** AWS's matcher beside the emulator's, over every event of the project and what is nearly one. */

const action = 'arn:aws:securityhub:us-east-1:123456789012:action/custom/contain';
const chosen = { AlarmNames: '*', SecurityHubActionArn: action };

/** Events as EventBridge would send them: each needs the fields of an envelope. */
const events: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = readdirSync(
  inProject('events'),
)
  .toSorted()
  .flatMap((name) =>
    unwrap(JSON.parse(readFileSync(inProject('events', name), 'utf8'))).flatMap((one) =>
      isFields(one) && 'detail-type' in one
        ? [[name, { account: '123456789012', region: 'us-east-1', resources: [], ...one }] as const]
        : [],
    ),
  );

/** What differs from each event by one of the fields that a pattern asks for. */
const nearMisses = events.flatMap(([name, one]) => [
  [`${name}, of another source`, { ...one, source: 'custom.source' }] as const,
  [`${name}, of another kind`, { ...one, 'detail-type': 'Something Else' }] as const,
  [`${name}, with an empty detail`, { ...one, detail: {} }] as const,
]);

/** A machine without Java skips what follows; where a build server runs, it must not. */
const unavailable = await eventRuler().then(
  () => undefined,
  (error: unknown) => (error instanceof Error ? error.message : String(error)),
);
if (unavailable !== undefined) {
  const line = `AWS's matcher of events cannot run here: ${unavailable}`;
  if (process.env.CI) throw new Error(line);
  console.log(`skipped: ${line}`);
}

const all = [...events, ...nearMisses];
const sent = all.map(([, one]) => one);
const byDefault = patternUnder({}, 'TriggerRule');
const withAll = patternUnder(chosen, 'TriggerRule');
const ofRegistry = triggers.flatMap(({ patterns }) => patterns);

const named = (matched: readonly boolean[] = []) =>
  all.filter((_, at) => matched[at] === true).map(([name]) => name);

describe.skipIf(unavailable !== undefined)('AWS’s own matcher', () => {
  let answers: readonly (readonly boolean[])[];
  beforeAll(async () => {
    answers = await (await eventRuler()).matches([byDefault, withAll, ...ofRegistry], sent);
  }, 60_000);

  it.each([
    ['as the template is by default', 0, byDefault],
    ['with alarms and an action of Security Hub', 1, withAll],
  ])('lets through what the emulator’s lets through, %s', async (_, at, pattern) => {
    expect(named(answers[at])).toEqual(named(await whichMatch(pattern, sent)));
    expect(named(answers[at]).length).toBeGreaterThan(5);
  });

  it('lets through by the template every event that a trigger names, but for findings of posture', () => {
    const byRegistry = all.filter((_, at) => answers.slice(2).some((matched) => matched[at]));
    const names = events.map(([name]) => name);
    expect(byRegistry.map(([name]) => name)).toEqual(expect.arrayContaining(names));
    const refused = names.filter((name) => !named(answers[1]).includes(name));
    expect(refused).toEqual(['security-hub-posture-finding.json']);
  });

  it('lets no near miss through', () => {
    const passed = named(answers[1]).filter((name) => name.includes(', '));
    // A finding of GuardDuty and the named action of Security Hub pass whatever is in them, and a fire
    // drill whatever it is called: intake tells what it cannot read.
    const harmless =
      /^(?:guardduty|security-hub-custom-action).*an empty detail$|^cordon-manual.*(?:another kind|an empty detail)$/;
    expect(passed.filter((name) => !harmless.test(name))).toEqual([]);
  });
});
