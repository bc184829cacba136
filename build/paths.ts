import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** A path in the project. */
export const inProject = (...parts: readonly string[]): string => join(root, ...parts);

/** What is built; never committed. */
export const distFolder = inProject('dist');

/** The command, one file that runs on Node 20 and newer. */
export const commandFile = join(distFolder, 'cordon.mjs');

/** A function's folder, as template.yaml names it in `CodeUri`. */
export const functionFolder = (name: string): string => join(distFolder, 'functions', name);
