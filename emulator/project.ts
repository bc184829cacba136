import { join } from 'node:path';

/** The folder of the project. */
export const projectRoot = join(import.meta.dirname, '..');

export const inProject = (...parts: readonly string[]): string => join(projectRoot, ...parts);
