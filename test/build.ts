import { ensureBuilt } from '../build/ensure-built.ts';

/** Before all tests: the functions and the command, as they will be deployed. */
export const setup = ensureBuilt;
