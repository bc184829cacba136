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

/** The Region that a manual event names, alone or as the detail of an EventBridge event. */
export const regionNamedBy = (event: unknown): string | undefined => {
  if (typeof event !== 'object' || event === null) return undefined;
  const holder =
    'source' in event && event.source === 'cordon.manual' && 'detail' in event
      ? event.detail
      : event;
  return typeof holder === 'object' &&
    holder !== null &&
    'instanceId' in holder &&
    'region' in holder
    ? String(holder.region)
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
  const asked = environment.AWS_SAM_LOCAL === 'true' ? regionNamedBy(event) : undefined;
  return asked ?? ownRegion(environment);
};
