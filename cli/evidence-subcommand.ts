import type { Command } from 'commander';
import { CordonError } from '../src/case/errors.ts';
import { withCommonOptions, withStackOption } from './common-options.ts';
import { exitCodes } from './exit-code.ts';
import { isInputError } from './input-errors.ts';
import { tell } from './output.ts';

/** A command of `cordon evidence` about a case, with the options that all of them have. */
export const evidenceSubcommand = (
  evidence: Command,
  name: string,
  description: string,
  subject = 'a case id, or an instance id for its latest case',
): Command =>
  withStackOption(
    withCommonOptions(
      evidence.command(name).description(description).argument('<case | instance>', subject),
    ),
  );

/** The exit code of what changes something: whatever AWS or a person refused, a person decides about. */
export const orPersonDecides = async (work: Promise<number>): Promise<number> => {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof CordonError) || isInputError(error)) throw error;
    tell(error.message);
    return exitCodes.person;
  }
};
