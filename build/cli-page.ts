import { writeFileSync } from 'node:fs';
import { cliPage } from '../cli/cli-page.ts';
import { inProject } from './paths.ts';

/** `npm run docs:cli`: writes the page about the command, from the program itself. */
writeFileSync(inProject('docs', 'cli.md'), cliPage());
