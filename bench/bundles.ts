import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { ensureBuilt } from '../build/ensure-built.ts';
import { functionsOf, readTemplate } from '../emulator/deploy/template.ts';
import { functionCode } from '../emulator/lambda/function-code.ts';

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
  await ensureBuilt();
  const template = readTemplate();
  const lines: string[] = [];
  for (const logicalId of functionsOf(template).keys()) {
    const { file } = functionCode(template, logicalId);
    const milliseconds = await importTime(file);
    lines.push(
      `${logicalId.padEnd(34)}${megabytes(statSync(file).size)} MB, imported in ${milliseconds.toFixed(0)} ms`,
    );
  }
  return lines;
};
