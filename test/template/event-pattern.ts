import { execFile } from 'node:child_process';
import { ensurePython } from '../../emulator/moto/python.ts';
import { inProject } from '../../emulator/project.ts';
import { resolved, withParameters } from './resolve.ts';
import { resource, transform } from './stack.ts';

// The module alone, not its package, which would bring all of moto.
const MATCH = `
import json, sys
sys.path.insert(0, sys.argv[1])
import event_pattern
asked = json.load(sys.stdin)
pattern = event_pattern.check(json.dumps(asked["pattern"]))
json.dump([event_pattern.matches(event, pattern) for event in asked["events"]], sys.stdout)
`;

const stack = await transform();

export const account = '123456789012';

/** An event as EventBridge hands it on. */
export const event = (changes: object): object => ({
  version: '0',
  id: '3d1f7b52-6a0e-4b8c-9c55-0b8f5a7e4d21',
  account,
  region: 'eu-central-1',
  time: '2026-11-20T02:58:00Z',
  resources: [],
  detail: {},
  ...changes,
});

/** The event pattern of a rule of a stack that is deployed with these parameters. */
export const patternUnder = (parameters: Readonly<Record<string, string>>, rule: string): unknown =>
  resolved(withParameters(stack, parameters), resource(stack, rule).Properties.EventPattern);

/** The event pattern of a rule, with the names of a deployed stack in it. */
export const patternOf = (rule: string): unknown => patternUnder({}, rule);

export const whichMatch = async (
  pattern: unknown,
  events: readonly object[],
): Promise<readonly boolean[]> => {
  const python = await ensurePython();
  const folder = inProject('emulator', 'moto', 'moto_mends');
  return new Promise((resolve, reject) => {
    const child = execFile(python, ['-B', '-c', MATCH, folder], (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout));
      else reject(new Error(stderr));
    });
    child.stdin?.end(JSON.stringify({ pattern, events }));
  });
};

/** Which of the events a rule lets through, as the emulator's EventBridge decides. */
export const letThrough = (rule: string, events: readonly object[]): Promise<readonly boolean[]> =>
  whichMatch(patternOf(rule), events);

export const letsThrough = async (rule: string, one: object): Promise<boolean> =>
  (await letThrough(rule, [one]))[0] === true;

export const letsThroughUnder = async (
  parameters: Readonly<Record<string, string>>,
  rule: string,
  one: object,
): Promise<boolean> => (await whichMatch(patternUnder(parameters, rule), [one]))[0] === true;
