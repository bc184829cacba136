import { execFile } from 'node:child_process';
import { inProject } from '../../emulator/project.ts';
import { ensurePython } from '../../emulator/python.ts';

// The module alone, not its package, which would bring all of moto.
const MATCH = `
import json, sys
sys.path.insert(0, sys.argv[1])
import event_pattern
asked = json.load(sys.stdin)
pattern = event_pattern.check(json.dumps(asked["pattern"]))
json.dump([event_pattern.matches(event, pattern) for event in asked["events"]], sys.stdout)
`;

/** Which of the events a rule lets through, as the emulator's EventBridge decides. */
export const whichMatch = async (
  pattern: unknown,
  events: readonly object[],
): Promise<readonly boolean[]> => {
  const python = await ensurePython();
  const folder = inProject('emulator', 'moto_mends');
  return new Promise((resolve, reject) => {
    const child = execFile(python, ['-B', '-c', MATCH, folder], (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout));
      else reject(new Error(stderr));
    });
    child.stdin?.end(JSON.stringify({ pattern, events }));
  });
};
