import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './ensure-built.ts';
import { commandFile } from './paths.ts';

/** `npm run cordon`: the command as it is built, built again first where a source has changed. */

await ensureBuilt();
await import(pathToFileURL(commandFile).href);
