import { ForeignEndpointError } from '../case/errors.ts';
import { quoted } from '../case/quoted.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment's ways to name another endpoint (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html). */
const override = /^AWS_ENDPOINT_URL(?:_[A-Z0-9_]+)?$/;

/** Switches every override off, those of configuration files too. */
const ignoring = 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS';

/** This machine, or the machine that a container of `sam local` runs on. */
export const isOwnHost = (hostname: string): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|::1|host\.docker\.internal)$/i.test(hostname);

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : '');

/** True where the SDK is told to look at no override, so that none can do harm. */
export const ignoresOverrides = (environment: Environment): boolean =>
  environment[ignoring]?.toLowerCase() === 'true';

/** True where some variable names an endpoint, and is heeded. */
export const hasOverride = (environment: Environment): boolean =>
  !ignoresOverrides(environment) &&
  Object.entries(environment).some(([name, value = '']) => override.test(name) && value !== '');

/** One part of a sentence per variable that names an endpoint on a machine of somebody else. */
export const foreignEndpoints = (environment: Environment): readonly string[] =>
  Object.entries(environment).flatMap(([name, value = '']) =>
    override.test(name) && value !== '' && !isOwnHost(hostOf(value))
      ? [
          `${name} names ${quoted(value, 80)}; accepted is an endpoint on localhost or host.docker.internal`,
        ]
      : [],
  );

/** In Lambda, where nobody works on an emulator, AWS is asked and nobody else. */
const isLambda = (environment: Environment): boolean =>
  environment.AWS_LAMBDA_FUNCTION_NAME !== undefined && environment.AWS_SAM_LOCAL !== 'true';

/**
 * In Lambda a foreign endpoint is ignored, because it would answer whatever lets a host go free;
 * the settings tell of it. By hand it stays, and every call is refused: who thinks to work on an
 * emulator must not contain a server in the real account.
 */
export const ignoreForeignEndpoints = (environment: Record<string, string | undefined>): void => {
  if (isLambda(environment) && foreignEndpoints(environment).length > 0) {
    environment[ignoring] = 'true';
  }
};

/** Names of endpoints of AWS: `ec2.eu-central-1.amazonaws.com`, `iam.amazonaws.com`. */
const awsHost =
  /^[a-z0-9-]+(?:\.(?:[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}|us-gov|us-iso[a-z]?|global))?\.(?:amazonaws\.com(?:\.cn)?|api\.aws|api\.amazonwebservices\.(?:com\.cn|eu)|amazonaws\.eu|c2s\.ic\.gov|api\.aws\.ic\.gov|sc2s\.sgov\.gov|api\.aws\.scloud|cloud\.adc-e\.uk|api\.cloud-aws\.adc-e\.uk|csp\.hci\.ic\.gov|api\.aws\.hci\.ic\.gov)$/;

/**
 * Whoever answers in the name of AWS decides what Cordon believes.
 *
 * @throws ForeignEndpointError for a host that is neither AWS's nor this machine, wherever it was
 *   configured: in a variable, in a profile, or in a services section.
 */
export const expectAwsHost = (hostname: string): void => {
  if (isOwnHost(hostname) || awsHost.test(hostname)) return;
  throw new ForeignEndpointError(
    `The configured endpoint is on the host ${quoted(hostname, 80)}, which is not AWS; take it out of AWS_ENDPOINT_URL and of the profile, or use one on localhost or host.docker.internal.`,
  );
};
