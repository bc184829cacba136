import { InvalidSettingsError } from '../case/errors.ts';

/**
 * The Region that this process works in: Lambda's own, or the shell's.
 *
 * @throws InvalidSettingsError when the environment names none.
 */
export const ownRegion = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string => {
  const region = environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? '';
  if (region === '') {
    throw new InvalidSettingsError(
      'AWS_REGION is not set; accepted is a Region, such as eu-central-1.',
    );
  }
  return region;
};

const regionOf = (event: unknown): string | undefined => {
  if (typeof event !== 'object' || event === null) return undefined;
  const manual =
    'detail' in event && 'source' in event && event.source === 'cordon.manual'
      ? event.detail
      : 'instanceId' in event
        ? event
        : undefined;
  return typeof manual === 'object' && manual !== null && 'region' in manual
    ? String(manual.region)
    : undefined;
};

/**
 * The Region to work in: by hand the one that a manual event names, else the own one.
 *
 * @throws InvalidSettingsError when nothing names one.
 */
export const workRegion = (
  environment: Readonly<Record<string, string | undefined>>,
  event: unknown,
): string => {
  const asked = environment.AWS_SAM_LOCAL === 'true' ? regionOf(event) : undefined;
  return asked ?? ownRegion(environment);
};
