import { InvalidSettingsError } from '../src/case/errors.ts';

/**
 * `npm run cordon contain … --dry-run`, without the `--` in front of the arguments, gives the option
 * to npm and none to Cordon: what was meant as a rehearsal would be the real thing.
 *
 * @throws InvalidSettingsError when npm has taken the option.
 */
export const refuseSwallowedOptions = (
  command: string,
  { dryRun }: { readonly dryRun?: boolean },
): void => {
  if (dryRun === true || process.env.npm_config_dry_run !== 'true') return;
  throw new InvalidSettingsError(
    `npm took --dry-run for itself, and nothing was done; put -- before the arguments: npm run --silent cordon -- ${command} i-… --dry-run`,
  );
};
