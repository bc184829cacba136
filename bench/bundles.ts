import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { bundleFunctions } from '../emulator/bundle.ts';
import { inProject } from '../emulator/project.ts';
import { functionsOf, readTemplate } from '../emulator/template.ts';

const run = promisify(execFile);

/** How long a new process takes to import a bundle, in milliseconds. */
const importTime = async (file: string): Promise<number> => {
  const script = `const t = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - t);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
    env: { AWS_REGION: 'us-east-1', PATH: process.env.PATH },
  });
  return Number(stdout);
};

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(2);

/** One line per function: size in megabytes (1,000,000 bytes) and time to import. */
export const benchBundles = async (): Promise<readonly string[]> => {
  const folder = await mkdtemp(inProject('node_modules', '.bench-'));
  try {
    const lines: string[] = [];
    const bundles = await bundleFunctions(functionsOf(readTemplate()), folder);
    for (const [logicalId, { file, bytes }] of bundles) {
      const milliseconds = await importTime(file);
      lines.push(
        `${logicalId.padEnd(34)}${megabytes(bytes)} MB, imported in ${milliseconds.toFixed(0)} ms`,
      );
    }
    return lines;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
