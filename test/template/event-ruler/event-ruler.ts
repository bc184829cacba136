import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { inProject } from '../../../emulator/project.ts';

const run = promisify(execFile);

const central = 'https://repo1.maven.org/maven2';
const folder = inProject('node_modules', '.cache', 'event-ruler');

/** AWS's own matcher of event patterns (https://github.com/aws/event-ruler), and what it needs. */
const jars = [
  [
    'software/amazon/event/ruler/event-ruler/2.1.0/event-ruler-2.1.0.jar',
    '0de916a30048f996f129d05eb3dc6871c89a462f1377c876fd2d34f2e04152fe',
  ],
  [
    'com/fasterxml/jackson/core/jackson-databind/2.22.2/jackson-databind-2.22.2.jar',
    'd0da14c12b16b5d54719aa172d83b542ff4abeb8b0fb7db476fde8ceece760ca',
  ],
  [
    'com/fasterxml/jackson/core/jackson-core/2.22.2/jackson-core-2.22.2.jar',
    'ff167a6317be15895706c26668f45b898efe40ab8780970658210fe1393d52a6',
  ],
  [
    'com/fasterxml/jackson/core/jackson-annotations/2.22/jackson-annotations-2.22.jar',
    '21ddb598807d3a51a876704eb979d9296e1c6a6f47ab1826ff88c6d6a127a2d0',
  ],
  [
    'ch/randelshofer/fastdoubleparser/2.0.1/fastdoubleparser-2.0.1.jar',
    '4242e2335299026524d331355a6cd75abdc38c8fed4402f25b5c7ce9d7668cc1',
  ],
] as const;

const hasHash = (bytes: Buffer, hash: string): boolean =>
  createHash('sha256').update(bytes).digest('hex') === hash;

/** Fetches a file of Maven Central once, and believes it by its hash alone. */
const ensureJar = async (path: string, hash: string): Promise<string> => {
  const file = join(folder, path.replaceAll('/', '+'));
  const kept = await readFile(file).catch(() => undefined);
  if (kept !== undefined && hasHash(kept, hash)) return file;
  const answer = await fetch(`${central}/${path}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (!answer.ok || !hasHash(bytes, hash)) {
    throw new Error(
      `${central}/${path} answered ${answer.status}, and not the file with its hash.`,
    );
  }
  await mkdir(folder, { recursive: true });
  await writeFile(`${file}.${process.pid}`, bytes);
  await rename(`${file}.${process.pid}`, file);
  return file;
};

export interface EventRuler {
  /** Per pattern, which of the events it lets through. */
  matches(
    patterns: readonly unknown[],
    events: readonly unknown[],
  ): Promise<readonly (readonly boolean[])[]>;
}

/**
 * AWS's matcher on this machine's Java (11 or newer, with its compiler).
 *
 * @throws Error where there is no such Java, or the files cannot be fetched.
 */
export const eventRuler = async (): Promise<EventRuler> => {
  await run('java', ['--list-modules']).then(({ stdout }) => {
    if (!stdout.includes('jdk.compiler')) throw new Error('This Java has no compiler.');
  });
  const files = await Promise.all(jars.map(([path, hash]) => ensureJar(path, hash)));
  const program = inProject('test', 'template', 'event-ruler', 'MatchEvents.java');
  return {
    matches: (patterns, events) =>
      new Promise((resolve, reject) => {
        const child = execFile(
          'java',
          ['-cp', files.join(delimiter), program],
          (error, stdout, stderr) => {
            if (error === null) resolve(JSON.parse(stdout));
            else reject(new Error(stderr || error.message));
          },
        );
        child.stdin?.end(JSON.stringify({ patterns, events }));
      }),
  };
};
