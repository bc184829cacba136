import { statSync } from 'node:fs';
import { join } from 'node:path';
import { functionNames } from './bundle.ts';
import { rebuild } from './ensure-built.ts';
import { commandFile, functionFolder } from './paths.ts';

/** `npm run build`: every function and the command, into `dist/`. */

const megabytes = (file: string): string => (statSync(file).size / 1_000_000).toFixed(2);

await rebuild();
for (const name of functionNames()) {
  console.log(`${name.padEnd(28)}${megabytes(join(functionFolder(name), 'index.mjs'))} MB`);
}
console.log(`${'cordon (the command)'.padEnd(28)}${megabytes(commandFile)} MB`);
