import type { Finding } from './schema.ts';

/** The instance that GuardDuty's own samples are about. */
const sampleInstance = 'i-99999999';

const saysSample = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'sample' in value &&
  (value.sample === true || value.sample === 'true');

const inJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * Whether GuardDuty made the finding as a sample: `sample` stands in additionalInfo or in the JSON
 * inside its `value`, the title begins with `[SAMPLE]`, or the instance is the one of samples. Tags
 * are no mark: whoever owns the instance writes them
 * (https://docs.aws.amazon.com/guardduty/latest/ug/sample_findings.html).
 */
export const isSample = ({ title, service, resource }: Finding): boolean => {
  if (title?.trimStart().startsWith('[SAMPLE]') === true) return true;
  if (resource?.instanceDetails?.instanceId === sampleInstance) return true;
  const info = service?.additionalInfo;
  if (saysSample(info)) return true;
  return (
    typeof info === 'object' &&
    info !== null &&
    'value' in info &&
    typeof info.value === 'string' &&
    saysSample(inJson(info.value))
  );
};
